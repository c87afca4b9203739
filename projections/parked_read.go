package projections

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// ParkedEvent is an event that is in the log but not in the read store.
type ParkedEvent struct {
	// Fragment is zero for an event that names nobody.
	Fragment uuid.UUID
	Position events.Position
	// Behind is set if the event was never tried, because an earlier one of its fragment is parked.
	Behind       bool
	Source, Type string
	// Reason is what the fold said. It may quote the event.
	Reason     string
	RecordedAt time.Time
}

func (p ParkedEvent) row() Row {
	behind := int64(0)
	if p.Behind {
		behind = 1
	}
	return Row{p.Fragment[:], int64(p.Position), behind, p.Source, p.Type, p.Reason, p.RecordedAt.UnixMicro()} //nolint:gosec // positions stay below 2^63
}

func parkedFrom(r Row) ParkedEvent {
	return ParkedEvent{
		Fragment: uuid.UUID(r[0].([]byte)), Position: events.Position(r[1].(int64)), Behind: r[2].(int64) == 1, //nolint:gosec // see row
		Source: r[3].(string), Type: r[4].(string), Reason: r[5].(string), RecordedAt: time.UnixMicro(r[6].(int64)).UTC(),
	}
}

// ParkedPlace is the place of a parked event in the order they are listed in. The zero value is before all.
type ParkedPlace struct {
	Fragment uuid.UUID
	Position events.Position
}

// ReadParked lists up to limit parked events after a place, by fragment and in log order; limit 0 is all there are.
func ReadParked(ctx context.Context, r Reader, after ParkedPlace, limit int) ([]ParkedEvent, error) {
	from := []any{after.Fragment[:], int64(after.Position) + 1} //nolint:gosec // see row
	return readParked(ctx, r, Range{From: from, Limit: limit})
}

// ReadParkedOf lists the first parked events of one fragment, in log order.
func ReadParkedOf(ctx context.Context, r Reader, fragment uuid.UUID, limit int) ([]ParkedEvent, error) {
	return readParked(ctx, r, Range{Prefix: []any{fragment[:]}, Limit: limit})
}

func readParked(ctx context.Context, r Reader, in Range) ([]ParkedEvent, error) {
	var all []ParkedEvent
	err := r.Scan(ctx, ParkedTable, in, func(row Row) (bool, error) {
		all = append(all, parkedFrom(row))
		return true, nil
	})
	return all, err
}

// CountParkedOf counts the parked events of one fragment.
func CountParkedOf(ctx context.Context, r Reader, fragment uuid.UUID) (int, error) {
	n := 0
	err := r.Scan(ctx, ParkedTable, Range{Prefix: []any{fragment[:]}}, func(Row) (bool, error) {
		n++
		return true, nil
	})
	return n, err
}

// ParkedSince returns when the log took the oldest parked event; false if none is parked.
func ParkedSince(ctx context.Context, r Reader) (since time.Time, parked bool, err error) {
	err = r.Scan(ctx, ParkedTable, Range{Index: "by_recorded", Limit: 1}, func(row Row) (bool, error) {
		since, parked = parkedFrom(row).RecordedAt, true
		return false, nil
	})
	return since, parked, err
}

// ReadSkipped returns where the decision was made to leave out the event at a position; 0 if it is not left out.
func ReadSkipped(ctx context.Context, r Reader, position events.Position) (events.Position, error) {
	var decision events.Position
	err := r.Get(ctx, SkippedTable, [][]any{SkippedTable.Key(skip{position: position}.row())}, func(row Row) error {
		decision = events.Position(row[1].(int64)) //nolint:gosec // see row
		return nil
	})
	return decision, err
}

// parkedCount is how many events are parked of every fragment that has some, and which queues have lost their first
// event: the engine stopped after that one was folded or skipped.
type parkedCount struct {
	of       map[uuid.UUID]int
	all      int
	headless []uuid.UUID
}

// countParked keeps no rows: a source that went wrong may have parked more of them than fit into memory.
func countParked(ctx context.Context, s Store) (parkedCount, error) {
	n := parkedCount{of: map[uuid.UUID]int{}}
	v, err := s.View(ctx)
	if err != nil {
		return n, err
	}
	defer v.Close()
	err = v.Scan(ctx, ParkedTable, Range{}, func(row Row) (bool, error) {
		p := parkedFrom(row)
		if p.Behind && n.of[p.Fragment] == 0 {
			n.headless = append(n.headless, p.Fragment)
		}
		n.of[p.Fragment]++
		n.all++
		return true, nil
	})
	return n, err
}
