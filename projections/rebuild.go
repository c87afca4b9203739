package projections

import (
	"context"
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
	// Parked is how many events are parked so far; Trouble says which was the last and in which room, empty if none.
	Parked  int
	Trouble string
	// Waits is what it waits for before it goes on, an engine that is away for example; empty if it does not.
	Waits string
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
// standing by for Compare and Swap. It is Build of that kind: one that was interrupted is gone on with.
func (g *Generations) Rebuild(ctx context.Context, report Report) (Generation, error) {
	return g.Build(ctx, Plan{Kind: KindRebuild}, report)
}

// catchUp folds to the end of the log as it is now, and returns where that was.
func (g *Generations) catchUp(ctx context.Context, h *handle, report Report) (events.Position, error) {
	head, err := g.opts.Engine.Log.Head(ctx)
	if err != nil {
		return 0, err
	}
	return head.Position, g.bringTo(ctx, h, head.Position, report)
}

// bringTo folds up to a position into a store that has its indexes, and does what the rooms leave for later.
func (g *Generations) bringTo(ctx context.Context, h *handle, to events.Position, report Report) error {
	if err := g.runTo(ctx, h, to, PhaseCatchingUp, report); err != nil {
		return err
	}
	return h.engine.SweepAll(ctx)
}

// progressOf says how far a generation is on its way to a position.
func (g *Generations) progressOf(h *handle, phase string, to events.Position) *Progress {
	s := h.engine.board.status(g.opts.Engine.Now())
	p := &Progress{
		Generation: h.generation.ID, Phase: phase, Position: s.Position, Head: to, Rate: s.Rate,
		Parked: s.Parked, Trouble: h.trouble.String(),
	}
	if s.Rate > 0 && to > s.Position {
		p.Left = time.Duration(float64(to-s.Position) / s.Rate * float64(time.Second))
	}
	return p
}

// runTo folds up to a position and reports on the way.
func (g *Generations) runTo(ctx context.Context, h *handle, to events.Position, phase string, report Report) error {
	tell := func() { g.tell(report, g.progressOf(h, phase, to)) }
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
