package projections

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// untilClaimed reads what another process writes until this one may write, and does. One that does not wait for that
// reads until ctx ends. It returns false if this one cannot write what there is.
//
//	store's checkpoint ──┐
//	live pointer ────────┼─► look, at a hint or every Poll ──► board ──► Await, Subscribe, Status
//	hints of the writer ─┘                                └─► another handle, if another generation is live
func (g *Generations) untilClaimed(ctx context.Context, waits bool) bool {
	if _, reads := g.reads(); !reads {
		return true
	}
	poll := time.NewTicker(g.poll())
	defer poll.Stop()
	var tried time.Time
	var trouble error // why it could not take over, the last time
	var short shortLog
	for ctx.Err() == nil {
		if now := g.opts.Engine.Now(); waits && now.Sub(tried) >= claimEvery {
			tried = now
			if trouble = g.takeOver(ctx); trouble == nil {
				return true
			}
			if passes := short.passes(trouble, now); isFatal(trouble) && !passes {
				g.fail(trouble)
				return false
			}
			if errors.Is(trouble, ErrHeld) {
				trouble = nil
			}
		}
		g.troubled(ctx, errors.Join(trouble, g.look(ctx)))
		select {
		case <-g.opts.Hints:
		case <-poll.C:
		case <-ctx.Done():
		}
	}
	return true
}

func (g *Generations) poll() time.Duration {
	if g.opts.Poll > 0 {
		return g.opts.Poll
	}
	return pollEvery
}

// look sees which generation is live, goes over to it if it is another, and sees how far it is.
func (g *Generations) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin+g.opts.Engine.Patience)
	defer cancel()
	shared, _ := g.reads()
	id, err := shared.LiveID(ctx)
	if err != nil {
		return err
	}
	if id == "" {
		return fmt.Errorf("%w yet: a process with the role project makes the first", ErrNoGeneration)
	}
	h := g.live.now()
	if h == nil || !h.reads || h.generation.ID != id {
		return g.goOver(ctx, id)
	}
	v, err := h.store.View(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // all readers are in use: the store has just said which generation is live
	}
	if err != nil {
		return err
	}
	defer v.Close()
	if v.Checkpoint().Position > h.engine.Position() {
		h.sight(ctx, v.Checkpoint())
		return h.recount(ctx, v)
	}
	return nil
}

// goOver opens the generation that is live for reading, and has it answer.
func (g *Generations) goOver(ctx context.Context, id string) error {
	h, err := g.openReady(ctx, id)
	if err != nil {
		return err
	}
	if _, err := h.engine.check(ctx); err != nil {
		return errors.Join(err, h.store.Close())
	}
	h.generation.Live = true
	g.live.turn(h).leave()
	return nil
}

// sightPatience is how long a view waits for the log of this process to hold what the view shows.
const sightPatience = 250 * time.Millisecond

// sight takes note of how far another process has folded. The log of this process may be a moment behind that of the
// other; whoever looks at the store will ask the log for what is in it.
func (h *handle) sight(ctx context.Context, c Checkpoint) {
	if c.Position <= h.engine.Position() {
		return
	}
	bounded, cancel := context.WithTimeout(ctx, sightPatience)
	defer cancel()
	_ = h.engine.abide(bounded, c.Position) // the store can be read all the same
	h.engine.board.seen(c, h.engine.opts.Now())
}

// recount counts what is parked, for people to see.
func (h *handle) recount(ctx context.Context, v View) error {
	n, err := countTable(ctx, v, ParkedTable)
	if err == nil {
		h.engine.board.parked(int(n)) //nolint:gosec // a count
	}
	return err
}

// stillThere makes sure that a generation was not dropped by the process that writes since this one opened it.
func (g *Generations) stillThere(ctx context.Context, id string) error {
	if _, reads := g.reads(); !reads {
		return nil
	}
	_, err := g.find(ctx, id)
	if errors.Is(err, ErrUnknownGeneration) {
		if h := g.shelf.remove(id); h != nil {
			h.leave()
		}
	}
	return err
}
