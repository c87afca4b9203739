package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/c360hq/c360/events"
)

// Swap makes a generation the live one: it is caught up while the live one goes on, then the live one stops
// folding, the rest is folded, the generation is named live on disk, and readers move over. Readers never fail and
// never see less than they saw before; views that are open go on showing the old generation, which is kept. To
// roll back, swap to the old one.
//
// A crash at any moment leaves the one or the other live, whole.
func (g *Generations) Swap(ctx context.Context, id string, report Report) error {
	if err := g.changing.take(ctx); err != nil {
		return err
	}
	defer g.changing.give()
	defer g.tell(nil, nil)
	if err := g.mayWrite(ctx); err != nil {
		return err
	}
	h, err := g.standBy(ctx, id)
	if err != nil {
		return err
	}
	defer h.release()
	to, err := g.comeClose(ctx, h, report)
	if err != nil {
		return fmt.Errorf("swap to generation %s: %w", id, err)
	}
	g.tell(report, g.progressOf(h, PhaseReady, to))
	if err := g.swap(ctx, h, report); err != nil {
		return fmt.Errorf("swap to generation %s: %w", id, errors.Join(err, g.resume()))
	}
	return nil
}

// comeClose folds what the live generation has until little is left to fold while that stands still: what comes in
// during one round is folded in the next, and rounds get shorter.
func (g *Generations) comeClose(ctx context.Context, h *handle, report Report) (to events.Position, err error) {
	for range rounds {
		from := h.engine.Position()
		if to, err = g.catchUp(ctx, h, report); err != nil || to < from+little {
			return to, err
		}
	}
	return to, nil
}

const (
	rounds = 8
	little = 500 // events, folded in a few milliseconds
)

func (g *Generations) swap(ctx context.Context, h *handle, report Report) error {
	step := func(phase string) {
		p := h.engine.Position()
		g.tell(report, &Progress{Generation: h.generation.ID, Phase: phase, Position: p, Head: p})
	}
	step(PhaseSwapping)
	if err := g.takeLast(ctx, h); err != nil {
		return err
	}
	g.pointing.Lock()
	defer g.pointing.Unlock()
	step(PhasePointing)
	if err := g.point(ctx, h.generation.ID); err != nil {
		return err
	}
	step(PhaseTurning)
	h.generation.Live = true
	g.shelf.remove(h.generation.ID)
	old := g.live.turn(h)
	step(PhaseSwapped)
	err := g.follow(h)
	if old == nil {
		return err
	}
	old.leave()
	g.leave(ctx, old)
	return err
}

// point names a generation live, if this process may still write. If the answer is lost nobody knows whether it is: whoever
// attends sees it within a moment, see strayed.
func (g *Generations) point(ctx context.Context, id string) error {
	if err := g.mayWrite(ctx); err != nil {
		return err
	}
	return g.opts.Factory.SetLive(ctx, id)
}

// follow lets the generation that is live now go on with the log.
func (g *Generations) follow(h *handle) error {
	if g.ctx == nil {
		return nil // not started: this process only makes generations
	}
	g.watch(h)
	g.writes()
	return g.run(h)
}

// run starts the engine of the live generation again or for the first time. It was checked when it was folded up to here;
// what cannot be asked now, because an engine is away, is asked again until it can.
func (g *Generations) run(h *handle) error { return h.engine.goOn(g.ctx) }

// leave writes down how far the generation is that was live, which folds no more. That is for people to read: when it
// cannot be written the swap is none the worse.
func (g *Generations) leave(ctx context.Context, old *handle) {
	x := old.generation
	x.Folded = old.engine.Position()
	if err := g.opts.Factory.Describe(ctx, x); err != nil {
		g.opts.Engine.Logger.WarnContext(ctx, "how far a generation was when it was swapped out is not written down",
			slog.String("generation", x.ID), slog.Any("error", err))
	}
}

// takeLast stops the live generation from folding and folds what it had folded and the new one had not.
func (g *Generations) takeLast(ctx context.Context, h *handle) error {
	old := g.live.now()
	if old == nil {
		return nil
	}
	old.engine.pause()
	head, err := g.opts.Engine.Log.Head(ctx)
	if err != nil {
		return err
	}
	// A live generation that has diverged may be further than the log.
	return h.engine.RunTo(ctx, min(old.engine.Position(), head.Position))
}

// resume lets the live generation fold again after a swap that failed.
func (g *Generations) resume() error {
	if old := g.live.now(); old != nil && old.engine.Err() == nil && !old.engine.running() {
		return g.run(old)
	}
	return nil
}
