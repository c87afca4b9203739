package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
)

// Progress is how far a rebuild or swap is.
type Progress struct {
	Generation string
	// Phase is one of the Phase names.
	Phase string
	// Position of Head is folded; Rate is events a second, lately; Left is the time to go at that rate, 0 if unknown.
	Position, Head events.Position
	Rate           float64
	Left           time.Duration
}

// The phases of a rebuild, a comparison and a swap, in order.
const (
	PhaseFolding    = "folding"     // the log is folded into the new store
	PhaseIndexing   = "indexing"    // indexes are built and the file is made durable
	PhaseCatchingUp = "catching up" // what came in meanwhile is folded
	PhaseReady      = "ready"       // it could be swapped in
	PhaseComparing  = "comparing"   // row by row with the live one
	PhaseSwapping   = "swapping"    // the live one has stopped folding
	PhasePointing   = "pointing"    // the new one is about to be named live
	PhaseTurning    = "turning"     // it is named live; readers are about to move over
	PhaseSwapped    = "swapped"     // readers are on the new one
)

// Report is told of progress: at every phase and about every second in between. It is called from one goroutine at
// a time and must not call back. It may be nil.
type Report func(Progress)

const reportEvery = time.Second

// Progress returns how far the change under way is; nil if there is none.
func (g *Generations) Progress() *Progress {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.progress == nil {
		return nil
	}
	p := *g.progress
	return &p
}

func (g *Generations) tell(report Report, p *Progress) {
	g.mu.Lock()
	g.progress = p
	g.mu.Unlock()
	if p != nil && report != nil {
		report(*p)
	}
}

// Rebuild folds the whole log into a new generation beside the live one, which goes on answering, and leaves it
// standing by for Compare and Swap. If it is interrupted nothing has happened.
func (g *Generations) Rebuild(ctx context.Context, report Report) (Generation, error) {
	g.changing.Lock()
	defer g.changing.Unlock()
	defer g.tell(nil, nil)
	if g.standby != nil {
		if err := g.dropStandby(g.standby.generation.ID); err != nil {
			return Generation{}, err
		}
	}
	x, s, err := g.create(ctx, "rebuild", true)
	if err != nil {
		return x, err
	}
	h := newHandle(x, s, g.engine(s))
	if err := g.load(ctx, h, report); err != nil {
		err = errors.Join(err, s.Close(), g.opts.Factory.Drop(context.WithoutCancel(ctx), x.ID))
		return x, fmt.Errorf("rebuild generation %s: %w", x.ID, err)
	}
	g.standby = h
	return h.generation, nil
}

func (g *Generations) load(ctx context.Context, h *handle, report Report) error {
	if err := g.runTo(ctx, h, h.generation.Head, PhaseFolding, report); err != nil {
		return err
	}
	g.tell(report, &Progress{Generation: h.generation.ID, Phase: PhaseIndexing, Position: h.engine.Position(), Head: h.generation.Head})
	if err := h.store.Finish(ctx); err != nil {
		return err
	}
	h.generation.State, h.generation.Folded = GenerationReady, h.engine.Position()
	if err := g.opts.Factory.Describe(ctx, h.generation); err != nil {
		return err
	}
	return g.catchUp(ctx, h, report)
}

// catchUp folds to the end of the log as it is now.
func (g *Generations) catchUp(ctx context.Context, h *handle, report Report) error {
	head, err := g.opts.Engine.Log.Head(ctx)
	if err != nil {
		return err
	}
	if err := g.runTo(ctx, h, head.Position, PhaseCatchingUp, report); err != nil {
		return err
	}
	g.tell(report, &Progress{Generation: h.generation.ID, Phase: PhaseReady, Position: h.engine.Position(), Head: head.Position})
	return nil
}

// runTo folds up to a position and reports on the way.
func (g *Generations) runTo(ctx context.Context, h *handle, to events.Position, phase string, report Report) error {
	tell := func() {
		s := h.engine.board.status(g.opts.Engine.Now())
		p := &Progress{Generation: h.generation.ID, Phase: phase, Position: s.Position, Head: to, Rate: s.Rate}
		if s.Rate > 0 && to > s.Position {
			p.Left = time.Duration(float64(to-s.Position) / s.Rate * float64(time.Second))
		}
		g.tell(report, p)
	}
	tell()
	folded := make(chan error, 1)
	go func() { folded <- h.engine.RunTo(ctx, to) }()
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-folded:
			return err
		case <-tick.C:
			tell()
		}
	}
}
