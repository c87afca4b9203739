package projections

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// island is what a question needs of the log, while it is found and folded.
type island struct {
	past *Past
	live View
	// at bounds what is read; its Known is always set.
	at         Instant
	checkpoint Checkpoint
	store      Store // what the island was folded into

	// stops is where parking begins, skips which events were declared skipped: what they say does not count.
	stops map[uuid.UUID]events.Position
	skips map[events.Position]events.Position

	trails  map[uuid.UUID]*trail
	read    int // events
	large   bool
	holders map[events.Identifier][]uuid.UUID
	enough  map[events.Identifier]int // how many holders to look for, if more than usual
	hidden  map[events.Identifier][]uuid.UUID
	verdict *verdicts // decisions; nil until somebody needs them

	queue []step
	whole map[uuid.UUID]bool
	hubs  map[uuid.UUID]bool // met on the way
}

// step is a fragment to walk to. What must be whole is walked to the end, even if it is a hub.
type step struct {
	fragment uuid.UUID
	whole    bool
}

// find finds the island of a question.
func (p *Past) find(ctx context.Context, at Instant, about About, stops map[uuid.UUID]events.Position) (*island, error) {
	live, err := p.opts.Live(ctx)
	if err != nil {
		return nil, err
	}
	defer live.Close()
	w := &island{
		past: p, live: live, at: at, stops: stops, trails: map[uuid.UUID]*trail{}, holders: map[events.Identifier][]uuid.UUID{},
		enough: map[events.Identifier]int{}, hidden: map[events.Identifier][]uuid.UUID{},
		whole: map[uuid.UUID]bool{}, hubs: map[uuid.UUID]bool{},
	}
	if err := w.begin(ctx, about); err != nil {
		w.release()
		return nil, err
	}
	return w, nil
}

func (w *island) begin(ctx context.Context, about About) error {
	if err := w.bound(ctx); err != nil {
		return err
	}
	if err := w.reveal(ctx); err != nil {
		return err
	}
	for _, f := range about.Fragments {
		w.queue = append(w.queue, step{f, true})
	}
	if err := w.lookUp(ctx, about.Identifiers); err != nil {
		return err
	}
	if err := w.run(ctx); err != nil || !about.Suggestions {
		return err
	}
	if err := w.suggest(ctx); err != nil {
		return err
	}
	return w.run(ctx)
}

// bound fixes the position that the answer is true at.
func (w *island) bound(ctx context.Context) (err error) {
	w.checkpoint = w.live.Checkpoint()
	switch folded := w.checkpoint.Position; {
	case w.at.Known > folded:
		return ErrNotFolded
	case w.at.Known == 0:
		w.at.Known = folded
	case w.at.Known < folded:
		known, err := w.past.opts.Log.At(ctx, w.at.Known)
		if err != nil {
			return fmt.Errorf("read the event at position %d: %w", w.at.Known, err)
		}
		w.checkpoint = Checkpoint{Position: w.at.Known, Hash: known[0].Hash, RecordedAt: known[0].RecordedAt}
	}
	return nil
}

// run walks until there is nowhere left to go.
func (w *island) run(ctx context.Context) error {
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		if w.whole[next.fragment] || w.hubs[next.fragment] && !next.whole {
			continue
		}
		if err := w.visit(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// visit reads a fragment and queues those it was tied to. A hub is tied to nobody; of one that was only met on the way
// no more is read than shows that it is one.
func (w *island) visit(ctx context.Context, s step) error {
	t, err := w.trail(s.fragment)
	if err != nil {
		return err
	}
	hub, err := w.explore(ctx, t, s.whole)
	if err != nil || hub && !s.whole {
		w.hubs[s.fragment] = true
		return err
	}
	w.whole[s.fragment] = true
	if err := t.all(ctx); err != nil {
		return err
	}
	if !hub {
		w.follow(t)
	}
	return w.followDecisions(ctx, s.fragment)
}

// explore reads a trail, finds who else had its identifiers, and reports whether so many are shared that it is a hub.
func (w *island) explore(ctx context.Context, t *trail, whole bool) (hub bool, err error) {
	for {
		if err := w.resolve(ctx, t); err != nil {
			return false, err
		}
		if hub = w.shared(t) > w.past.opts.Neighbours.Crowd(); t.done || hub && !whole {
			return hub, nil
		}
		if err := t.read(ctx); err != nil {
			return false, err
		}
	}
}

// shared counts the identifiers that another fragment had too, and sees to it that the fold does.
func (w *island) shared(t *trail) int {
	n := 0
	for id, at := range t.links {
		if len(w.holders[id]) > 1 {
			n++
			t.need = max(t.need, at+1)
		}
	}
	return n
}

// follow queues the fragments that identifiers tie to this one.
func (w *island) follow(t *trail) {
	for id := range t.links {
		if holders := w.holders[id]; len(holders) <= w.past.opts.Neighbours.Limit(id) {
			for _, f := range holders {
				w.queue = append(w.queue, step{f, false})
			}
		}
	}
}

func (w *island) trail(f uuid.UUID) (*trail, error) {
	t, ok := w.trails[f]
	if !ok {
		if len(w.trails) == w.past.opts.MaxFragments {
			return nil, &BeyondError{fmt.Sprintf("more than %d fragments have to be looked at", len(w.trails))}
		}
		t = w.newTrail(f)
		w.trails[f] = t
	}
	return t, nil
}

// largeIsland is how many events make an island large.
const largeIsland = 10_000

// spend counts events that were read. A large island waits for its turn.
func (w *island) spend(ctx context.Context, n int) error {
	if w.read += n; w.read > w.past.opts.MaxEvents {
		return &BeyondError{fmt.Sprintf("more than %d events have to be read", w.past.opts.MaxEvents)}
	}
	if w.large || w.read <= largeIsland {
		return nil
	}
	select {
	case w.past.large <- struct{}{}:
		w.large = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release lets the next large island begin.
func (w *island) release() {
	if w.large {
		<-w.past.large
		w.large = false
	}
}

// silent reports whether what an event says does not count: it was declared skipped, or is parked.
func (w *island) silent(f uuid.UUID, at events.Position) bool {
	stop, parked := w.stops[f]
	_, skipped := w.skips[at]
	return skipped || parked && at >= stop
}

// events returns the events to fold, in log order.
func (w *island) events() []events.Recorded {
	var all []events.Recorded
	for _, t := range w.trails {
		all = append(all, t.held[:t.need]...)
	}
	if w.verdict != nil {
		all = append(all, w.verdict.about(w.whole)...)
	}
	slices.SortFunc(all, func(a, b events.Recorded) int { return int(a.Position) - int(b.Position) }) //nolint:gosec // below 2^62
	return all
}
