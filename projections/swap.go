package projections

import (
	"context"
	"errors"
	"fmt"
)

// Swap makes a generation the live one: it is caught up while the live one goes on, then the live one stops
// folding, the rest is folded, the generation is named live on disk, and readers move over. Readers never fail and
// never see less than they saw before; views that are open go on showing the old generation, which is kept. To
// roll back, swap to the old one.
//
// A crash at any moment leaves the one or the other live, whole.
func (g *Generations) Swap(ctx context.Context, id string, report Report) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	defer g.tell(nil, nil)
	h, err := g.standBy(ctx, id)
	if err != nil {
		return err
	}
	defer h.release()
	to, err := g.catchUp(ctx, h, report)
	if err != nil {
		return fmt.Errorf("swap to generation %s: %w", id, err)
	}
	g.tell(report, g.progressOf(h, PhaseReady, to))
	if err := g.swap(ctx, h, report); err != nil {
		return fmt.Errorf("swap to generation %s: %w", id, errors.Join(err, g.resume()))
	}
	return nil
}

func (g *Generations) swap(ctx context.Context, h *handle, report Report) error {
	step := func(phase string) {
		p := h.engine.Position()
		g.tell(report, &Progress{Generation: h.generation.ID, Phase: phase, Position: p, Head: p})
	}
	step(PhaseSwapping)
	if err := g.takeLast(ctx, h); err != nil {
		return err
	}
	if err := g.leave(ctx); err != nil {
		return err
	}
	step(PhasePointing)
	if err := g.opts.Factory.SetLive(ctx, h.generation.ID); err != nil {
		return err
	}
	step(PhaseTurning)
	h.generation.Live = true
	g.shelf.remove(h.generation.ID)
	if old := g.live.turn(h); old != nil {
		old.engine.Stop()
		old.retire()
	}
	step(PhaseSwapped)
	if g.ctx == nil {
		return nil // not started: this process only makes generations
	}
	g.watch(h)
	return g.run(h)
}

// run starts the engine of the live generation again or for the first time. That it cannot be started is the end of
// folding as much as that it stops.
func (g *Generations) run(h *handle) error {
	err := h.engine.Start(g.ctx)
	if err != nil {
		h.engine.board.stop(err)
	}
	return err
}

// leave writes down how far the live generation is, which folds no more.
func (g *Generations) leave(ctx context.Context) error {
	old := g.live.now()
	if old == nil {
		return nil
	}
	x := old.generation
	x.Folded = old.engine.Position()
	return g.opts.Factory.Describe(ctx, x)
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
