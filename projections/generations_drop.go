package projections

import (
	"context"
	"errors"
	"fmt"
)

// building is the build under way.
type building struct {
	id     string
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when it has ended
}

// ErrDropped: a build was ended because its generation was dropped.
var ErrDropped = errors.New("the generation was dropped while it was built")

// begin makes the build that ctx is for one that Drop can end, and that ends when this process may write no more. It is
// ErrHeld if that is so already.
func (g *Generations) begin(ctx context.Context) (context.Context, func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.post.waits {
		return nil, nil, ErrHeld
	}
	ctx, cancel := context.WithCancelCause(ctx)
	b := &building{cancel: cancel, done: make(chan struct{})}
	g.building = b
	if c := g.post.claim; c != nil {
		go func() {
			select {
			case <-c.Lost():
				cancel(ErrClaimLost)
			case <-b.done:
			}
		}()
	}
	return ctx, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		cancel(nil)
		g.building = nil
		close(b.done)
	}, nil
}

// named says which generation is being built.
func (g *Generations) named(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.building != nil {
		g.building.id = id
	}
}

// Drop removes a generation that is not live, for good. A build under way is ended. It waits for the views that are
// open.
func (g *Generations) Drop(ctx context.Context, id string) error {
	ended, err := g.endBuild(ctx, id)
	if err != nil {
		return err
	}
	if err := g.changing.take(ctx); err != nil {
		return err
	}
	defer g.changing.give()
	_, err = g.droppable(ctx, id)
	if ended && errors.Is(err, ErrUnknownGeneration) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := g.close(ctx, id); err != nil {
		return err
	}
	x, err := g.droppable(ctx, id)
	if err != nil {
		return err // while this process waited for views another one may have come to write, and made it live
	}
	x.State = GenerationDropping // so that a crash half way leaves nothing that looks whole
	if err := g.opts.Factory.Describe(ctx, x); err != nil {
		return err
	}
	return g.opts.Factory.Drop(ctx, id)
}

// droppable returns a generation that this process may drop now.
func (g *Generations) droppable(ctx context.Context, id string) (Generation, error) {
	if err := g.mayWrite(ctx); err != nil {
		return Generation{}, err
	}
	x, err := g.find(ctx, id)
	if err != nil {
		return x, err
	}
	if now, err := g.live.Generation(); x.Live || err == nil && now.ID == id {
		return x, fmt.Errorf("generation %s is live; swap to another one first: %w", id, ErrLive)
	}
	return x, nil
}

// ErrLive: the generation answers, so it cannot be dropped.
var ErrLive = errors.New("the generation is live")

// endBuild ends the build of a generation, if it is under way, and waits for its end.
func (g *Generations) endBuild(ctx context.Context, id string) (ended bool, err error) {
	g.mu.Lock()
	b := g.building
	this := b != nil && b.id == id
	g.mu.Unlock()
	if !this {
		return false, nil
	}
	b.cancel(ErrDropped)
	select {
	case <-b.done:
		return true, nil
	case <-ctx.Done():
		return true, ctx.Err()
	}
}

// interrupt ends the build under way, if there is one, so that it can be gone on with.
func (g *Generations) interrupt(why error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.building != nil {
		g.building.cancel(why)
	}
}

// close takes a generation off the shelf and waits until nobody reads it.
func (g *Generations) close(ctx context.Context, id string) error {
	h := g.shelf.remove(id)
	if h == nil {
		return nil
	}
	h.engine.Stop()
	h.retire()
	select {
	case <-h.closed:
		return h.err
	case <-ctx.Done():
		return fmt.Errorf("generation %s is still being read: %w", id, ctx.Err())
	}
}
