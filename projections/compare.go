package projections

import (
	"context"
	"encoding/json"

	"github.com/c360hq/c360/events"
)

// Pair is two generations open side by side. Both views show one moment each, and go on showing it while the
// generations are folded further, swapped or retired.
type Pair struct {
	// Before and After say what A and B are and what they are true at.
	Before, After GenerationRef
	A, B          View

	rooms []Room
}

// GenerationRef says what one side of a comparison is, and what it is true at.
type GenerationRef struct {
	ID, Kind string
	Position events.Position
	// At is the instant it is of; the zero Instant is Position.
	At Instant
	// Rules is the hash of the rule set and RuleSet its JSON, if that is known; Code is the version of the program.
	Rules   string
	RuleSet json.RawMessage
	Code    string
}

// Close ends both views.
func (p *Pair) Close() {
	p.A.Close()
	p.B.Close()
}

// Diff compares the rows of the two; see [Diff].
func (p *Pair) Diff(ctx context.Context, o DiffOptions) (Difference, error) {
	d, err := Diff(ctx, p.A, p.B, p.rooms, o)
	d.Before, d.After = p.Before, p.After
	return d, err
}

// Compare compares a generation with the live one, while that goes on folding and answering. See [Generations.Pair].
func (g *Generations) Compare(ctx context.Context, id string, report Report) (Difference, error) {
	p, err := g.Pair(ctx, "", id, report)
	if err != nil {
		return Difference{}, err
	}
	defer p.Close()
	if report != nil {
		report(Progress{Generation: id, Phase: PhaseComparing, Position: p.After.Position, Head: p.Before.Position})
	}
	return p.Diff(ctx, DiffOptions{})
}

// Pair opens two generations side by side; no name is the live one's. If both follow the log, they are first folded
// up to one position, so that they differ by what they were folded with and not by how far they are. One that stands
// still is taken as it is: Before and After say where.
func (g *Generations) Pair(ctx context.Context, before, after string, report Report) (*Pair, error) {
	if err := g.changing.take(ctx); err != nil {
		return nil, err
	}
	defer g.changing.give()
	defer g.tell(nil, nil)
	a, err := g.described(ctx, before)
	if err != nil {
		return nil, err
	}
	b, err := g.described(ctx, after)
	if err != nil {
		return nil, err
	}
	p := &Pair{rooms: g.opts.Engine.Rooms}
	if _, reads := g.reads(); reads && a.Follows() && b.Follows() { // one of them would have to be folded further
		return nil, g.mayWrite(ctx)
	}
	switch {
	case !a.Follows() || !b.Follows():
		p.A, p.B, err = g.asTheyAre(ctx, a.ID, b.ID)
	case b.Live:
		p.B, p.A, err = g.level(ctx, b, a, report)
	default:
		p.A, p.B, err = g.level(ctx, a, b, report)
	}
	if err != nil {
		return nil, err
	}
	p.Before, p.After = refOf(a, p.A), refOf(b, p.B)
	return p, nil
}

// described returns what is written down about a generation, or about the live one.
func (g *Generations) described(ctx context.Context, id string) (Generation, error) {
	if id != "" {
		return g.find(ctx, id)
	}
	now, err := g.live.Generation()
	now.Live = true
	return now, err
}

func (g *Generations) asTheyAre(ctx context.Context, a, b string) (View, View, error) {
	v, err := g.View(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	w, err := g.View(ctx, b)
	if err != nil {
		v.Close()
		return nil, nil, err
	}
	return v, w, nil
}

// level opens two generations that follow the log at one position: where the first is, once it is as far as the
// second. The second is not live.
func (g *Generations) level(ctx context.Context, first, second Generation, report Report) (v, w View, err error) {
	h, err := g.standBy(ctx, second.ID)
	if err != nil {
		return nil, nil, err
	}
	defer h.release()
	if _, err := h.engine.check(ctx); err != nil {
		return nil, nil, err
	}
	if err := g.reach(ctx, first, h.engine.Position(), report); err != nil {
		return nil, nil, err
	}
	if v, err = g.sweptView(ctx, first.ID); err != nil {
		return nil, nil, err
	}
	if err = g.bringTo(ctx, h, v.Checkpoint().Position, report); err == nil {
		w, err = g.View(ctx, second.ID)
	}
	if err != nil {
		v.Close()
		return nil, nil, err
	}
	return v, w, nil
}

// reach waits until a generation is at a position if it is live, and folds it up to there if it is not.
func (g *Generations) reach(ctx context.Context, x Generation, to events.Position, report Report) error {
	if x.Live {
		return g.live.Await(ctx, to)
	}
	h, err := g.standBy(ctx, x.ID)
	if err != nil {
		return err
	}
	defer h.release()
	return g.bringTo(ctx, h, to, report)
}

// sweptView opens a generation at a moment when it has left nothing for later: what it was about to do is no difference.
// One that does not fold by itself is opened as it is.
func (g *Generations) sweptView(ctx context.Context, id string) (View, error) {
	commits, end := g.live.Subscribe()
	defer end()
	for {
		v, err := g.View(ctx, id)
		if err != nil || !unswept(ctx, v, g.opts.Engine.Rooms) {
			return v, err
		}
		h := g.live.now()
		if h == nil || h.generation.ID != id || !h.engine.running() || h.engine.Err() != nil {
			return v, nil
		}
		v.Close()
		select {
		case <-commits:
		case <-h.engine.Done():
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// unswept reports whether rooms have left something for later in what a view shows.
func unswept(ctx context.Context, v View, rooms []Room) bool {
	b := NewBatch(ctx, v)
	for _, room := range rooms {
		if s, ok := room.(Sweeper); ok && s.Unswept(b) {
			return true
		}
	}
	return false
}

func refOf(g Generation, v View) GenerationRef {
	return GenerationRef{
		ID: g.ID, Kind: g.Kind, Position: v.Checkpoint().Position, At: g.At, Rules: g.Rules, RuleSet: g.RuleSet, Code: g.Code,
	}
}
