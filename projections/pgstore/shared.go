package pgstore

import (
	"context"
	"sync"

	"github.com/c360hq/c360/projections"
)

var _ projections.Shared = (*Factory)(nil)

// claim is a lock that was free when it was asked for.
type claim struct {
	lost    <-chan struct{}
	once    sync.Once
	release func()
}

// Claim is Lock for whoever has something else to do while another process holds it: that is projections.ErrHeld, at once.
func (f *Factory) Claim(ctx context.Context) (projections.Claim, error) {
	l := &lock{f: f, lost: make(chan struct{})}
	free, err := l.try(ctx)
	if err == nil && !free {
		err = projections.ErrHeld
	}
	if err != nil {
		l.drop(ctx)
		return nil, err
	}
	return &claim{lost: l.lost, release: l.keep(ctx)}, nil
}

// Lost is closed when another process has taken over.
func (c *claim) Lost() <-chan struct{} { return c.lost }

// Release lets others write.
func (c *claim) Release() error {
	c.once.Do(c.release)
	return nil
}

// Follow opens the store of a generation that another process writes. A store takes no lock before it commits.
func (f *Factory) Follow(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	return f.Open(ctx, id, spec)
}

// LiveID reads which generation is live.
func (f *Factory) LiveID(ctx context.Context) (id string, err error) {
	err = f.pool.QueryRow(ctx, `SELECT coalesce(live, '') FROM `+f.table("pointers")).Scan(&id)
	return id, explain(err)
}
