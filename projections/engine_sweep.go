package projections

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// Sweeper is a room with work that one batch cannot hold: everybody is to be judged under a new rule, or many are due at
// one tick of the clock. It writes down that there is such work, and does it a part at a time.
type Sweeper interface {
	Room
	// Unswept reports whether any such work is left.
	Unswept(b *Batch) bool
	// Sweep does a part of it, in a batch of its own, and writes down how far it came. view shows all that was
	// committed, which is all there is.
	Sweep(ctx context.Context, b *Batch, view Reader) error
}

// The engine sweeps between batches while it follows the log, so what is new is folded on time. A store that is
// loaded in bulk is swept when it has its indexes.

// always is ready at once.
var always = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// sweeping is ready if there is something to sweep now and no event waits.
func (f *folder) sweeping(batch []*Touch) <-chan struct{} {
	if f.until == 0 && len(batch) == 0 && f.unswept() != nil {
		return always
	}
	return nil
}

// unswept returns a room with something to sweep; nil if there is none.
func (f *folder) unswept() Sweeper {
	defer f.work.release()
	for _, room := range f.e.opts.Rooms {
		if s, ok := room.(Sweeper); ok && s.Unswept(f.work) {
			return s
		}
	}
	return nil
}

// sweep does one part. It shows nothing but what is committed, so it waits for that, and is committed under the
// checkpoint the store has already.
func (f *folder) sweep(ctx context.Context) error {
	s := f.unswept()
	if err := f.work.Err(); err != nil || s == nil {
		return err
	}
	if err := f.handOver(ctx, committing{}); err != nil {
		return err
	}
	v, err := f.e.opts.Store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	f.work.next(ctx)
	if err := guard(s, func() error { return s.Sweep(ctx, f.work, v) }); err != nil {
		return fmt.Errorf("sweep: %w: %w", err, ErrFatal)
	}
	tables, err := f.work.Changes()
	if err != nil {
		return fmt.Errorf("write down what was swept: %w", err)
	}
	return f.handOver(ctx, committing{changes: Changes{Tables: tables, Checkpoint: v.Checkpoint()}})
}

// SweepAll does all that rooms have left to sweep, and returns. It is for stores that were loaded in bulk, and is used
// instead of Start or before it.
func (e *Engine) SweepAll(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.idle(); err != nil {
		return err
	}
	from, err := e.check(ctx)
	if err != nil || from.Position == 0 {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	batches := make(chan committing)
	f, err := newFolder(ctx, e, from.Position, from.Position, nil, batches)
	if err != nil {
		return err
	}
	g.Go(func() error { return f.sweepAll(ctx) })
	g.Go(func() error { return e.commitAll(ctx, batches) })
	return g.Wait()
}

func (f *folder) sweepAll(ctx context.Context) error {
	defer close(f.batches)
	defer f.ripe.Stop()
	defer func() { f.work.release() }()
	for f.unswept() != nil {
		if err := f.sweep(ctx); err != nil {
			return err
		}
	}
	return f.work.Err()
}
