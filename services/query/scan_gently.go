package query

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/c360hq/c360/projections"
)

// Work on all customers that nobody waits for is done gently: by one goroutine, which works a quarter of the time in little
// pieces, so that pages and the engine hardly notice it on a machine of two cores. Each piece is read as it is by then, and while it
// rests no view is open: one that is held for long keeps the write-ahead log of the read store from starting over. Customers stay
// grouped as they were when the scan was opened, so each is met once.

const (
	// pieces is how many views a gentle scan is read from, one after the other: one for each first byte of an id.
	pieces = allOf
	// workAtOnce is how long it works at least before it rests, and restsAfter how many times as long the rest is.
	workAtOnce = 2 * time.Millisecond
	restsAfter = 3
	// longestRest bounds one: who worked for long had to wait for a core meanwhile.
	longestRest = 250 * time.Millisecond
)

// errMoved ends gentle work on a generation that does not serve any more.
var errMoved = errors.New("another generation serves by now")

// pace is what gentle work goes at.
type pace struct {
	now   func() time.Time
	since time.Time
}

func newPace(now func() time.Time) *pace { return &pace{now, now()} }

// rest is called after every piece of work.
func (p *pace) rest(ctx context.Context) {
	worked := p.now().Sub(p.since)
	if worked < workAtOnce {
		return
	}
	t := time.NewTimer(min(restsAfter*worked, longestRest))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
	p.since = p.now()
}

// gently is scan for work that nobody waits for: its folds are gentle, so it takes no place.
func (s *Service) gently(ctx context.Context, call string, read func(context.Context, *scan) error) error {
	generation := s.serving()
	v, err := s.scene(ctx, &moment{}, projections.Instant{}, nil)
	if err != nil {
		return err
	}
	x, err := s.scanOf(ctx, v, nil, &everybody{}, projections.Instant{})
	if err != nil {
		return err
	}
	defer x.close()
	run, leave := s.places.beside(call, s.now())
	defer leave()
	x.run, x.pace = run, newPace(s.now)
	x.again = func(ctx context.Context) (projections.View, error) { return s.still(ctx, generation) }
	return read(ctx, x)
}

// still is a view of what serves, if that is still a generation.
func (s *Service) still(ctx context.Context, generation string) (*scene, error) {
	if s.serving() != generation {
		return nil, errMoved
	}
	return s.scene(ctx, &moment{}, projections.Instant{}, nil)
}

// foldGently is fold for a gentle scan, whose own view is closed by it.
func foldGently[P counting[P]](ctx context.Context, x *scan, made func() (P, error)) (P, error) {
	var none P
	all, err := made()
	if err != nil {
		return none, err
	}
	x.close()
	x.run.begin(allOf, allOf)
	var counted atomic.Int64
	for i := range pieces {
		if err := piece(ctx, x, i, &counted, all); err != nil {
			return none, err
		}
		x.pace.rest(ctx)
	}
	x.customers = counted.Load()
	return all, nil
}

// piece adds the customers of a piece.
func piece[P counting[P]](ctx context.Context, x *scan, i int, counted *atomic.Int64, all P) error {
	v, err := x.again(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	return x.stretch(ctx, v, 0, i, i+1, counted, all.Add)
}
