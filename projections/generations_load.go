package projections

import (
	"context"
	"fmt"
	"sync"

	"github.com/c360hq/c360/events"
)

// load folds the log up to a position into the store of a handle, and makes the generation ready.
func (g *Generations) load(ctx context.Context, h *handle, to events.Position, report Report) error {
	if err := g.runTo(ctx, h, to, PhaseFolding, report); err != nil {
		return err
	}
	g.tell(report, g.progressOf(h, PhaseIndexing, to))
	if err := h.store.Finish(ctx); err != nil {
		return err
	}
	if err := h.engine.SweepAll(ctx); err != nil {
		return err
	}
	if h.generation.Follows() {
		var err error
		if to, err = g.catchUp(ctx, h, report); err != nil {
			return err
		}
	}
	if err := g.describeReady(ctx, h); err != nil {
		return err
	}
	g.tell(report, g.progressOf(h, PhaseReady, to))
	return nil
}

// describeReady writes down that a generation can be used, and what it holds.
func (g *Generations) describeReady(ctx context.Context, h *handle) error {
	x := h.generation
	x.State, x.Folded, x.FinishedAt = GenerationReady, h.engine.Position(), g.opts.Engine.Now().UTC()
	if err := g.count(ctx, h, &x); err != nil {
		return err
	}
	var err error
	if x.Events, err = countHeld(ctx, g.opts.Engine.Log, x.At, x.Folded); err != nil {
		return err
	}
	if err := g.opts.Factory.Describe(ctx, x); err != nil {
		return err
	}
	h.generation = x
	return nil
}

// count counts the rows of the rooms' tables, and what is parked.
func (g *Generations) count(ctx context.Context, h *handle, x *Generation) error {
	v, err := h.store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	x.Rows = 0
	for _, t := range h.tables() {
		n, err := countTable(ctx, v, t)
		if err != nil {
			return err
		}
		x.Rows += n
	}
	parked, err := countTable(ctx, v, ParkedTable)
	x.Parked = int(parked) //nolint:gosec // a count
	return err
}

// Counter is a View that counts rows without reading them.
type Counter interface {
	// Count returns how many rows a table has.
	Count(ctx context.Context, t *Table) (uint64, error)
}

// countTable counts the rows of a table, one by one if need be.
func countTable(ctx context.Context, v View, t *Table) (n uint64, err error) {
	if counter, ok := v.(Counter); ok {
		n, err = counter.Count(ctx, t)
	} else {
		err = v.Scan(ctx, t, Range{}, func(Row) (bool, error) { n++; return true, nil })
	}
	if err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", t.Name, err)
	}
	return n, nil
}

func (h *handle) tables() []*Table {
	var all []*Table
	for _, room := range h.engine.opts.Rooms {
		all = append(all, room.Tables()...)
	}
	return all
}

// heldPage is how many events are looked at at once.
const heldPage = 5000

// countHeld counts the events up to a position that an instant holds. Only a bound on when things occurred makes it
// look at them.
func countHeld(ctx context.Context, log events.Log, at Instant, to events.Position) (n uint64, err error) {
	if at.Occurred.IsZero() {
		return uint64(to), nil
	}
	for after := events.Position(0); after < to; {
		page, err := log.Read(ctx, after, int(min(to-after, heldPage)))
		if err != nil || len(page) == 0 {
			return n, err
		}
		for i := range page {
			if at.Holds(&page[i]) {
				n++
			}
		}
		after = page[len(page)-1].Position
	}
	return n, nil
}

// loading is a room that a generation is built with: it remembers the last event that it could not fold, for the
// progress.
type loading struct {
	Room
	trouble *trouble
}

func loadingRooms(rooms []Room, t *trouble) []Room {
	all := make([]Room, len(rooms))
	for i, room := range rooms {
		all[i] = &loading{room, t}
		if s, ok := room.(Sweeper); ok {
			all[i] = &loadingSweeper{loading{room, t}, s}
		}
	}
	return all
}

// loadingSweeper is a loading room that sweeps.
type loadingSweeper struct {
	loading
	sweeper Sweeper
}

// Unswept asks the room.
func (l *loadingSweeper) Unswept(b *Batch) bool { return l.sweeper.Unswept(b) }

// Sweep has the room sweep.
func (l *loadingSweeper) Sweep(ctx context.Context, b *Batch, view Reader) error {
	return l.sweeper.Sweep(ctx, b, view)
}

// Fold folds an event, or notes that it cannot be.
func (l *loading) Fold(b *Batch, t *Touch) error {
	well := false
	defer func() {
		if !well {
			l.trouble.note(l.Name(), t)
		}
	}()
	err := l.Room.Fold(b, t)
	well = err == nil
	return err
}

// trouble is the last thing that went wrong while a generation was built, in words that can be logged.
type trouble struct {
	mu   sync.Mutex
	text string
}

func (t *trouble) note(room string, at *Touch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = fmt.Sprintf("position %d: room %s cannot fold this %s; it is parked", at.Position, room, shortType(at.Type))
}

func (t *trouble) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text
}
