package roomtest

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Fold folds events through rooms into the store in batches of so many, as the engine does, but for dedupe, and then
// sweeps what the rooms left for later.
func Fold(ctx context.Context, store projections.Store, log []events.Recorded, batch int, rooms ...projections.Room) error {
	for len(log) > 0 {
		n := min(max(batch, 1), len(log))
		if err := FoldBatch(ctx, store, log[:n], rooms...); err != nil {
			return err
		}
		log = log[n:]
	}
	return Sweep(ctx, store, rooms...)
}

// Sweep does all that rooms left for later.
func Sweep(ctx context.Context, store projections.Store, rooms ...projections.Room) error {
	for _, room := range rooms {
		s, ok := room.(projections.Sweeper)
		for more := ok; more; {
			var err error
			if more, err = SweepOnce(ctx, store, s); err != nil {
				return fmt.Errorf("%s: sweep: %w", room.Name(), err)
			}
		}
	}
	return nil
}

// SweepOnce does a part of what a room left for later, and reports whether there was any.
func SweepOnce(ctx context.Context, store projections.Store, s projections.Sweeper) (more bool, err error) {
	v, err := store.View(ctx)
	if err != nil {
		return false, err
	}
	b := projections.NewBatch(ctx, v)
	if more = s.Unswept(b); more {
		err = s.Sweep(ctx, b, v)
	}
	checkpoint := v.Checkpoint()
	v.Close()
	if err != nil || !more {
		return false, err
	}
	tables, err := b.Changes()
	if err != nil {
		return false, err
	}
	return true, store.Commit(ctx, projections.Changes{Tables: tables, Checkpoint: checkpoint})
}

// FoldBatch folds one batch.
func FoldBatch(ctx context.Context, store projections.Store, log []events.Recorded, rooms ...projections.Room) error {
	v, err := store.View(ctx)
	if err != nil {
		return err
	}
	touches := make([]projections.Touch, len(log))
	for i := range log {
		touches[i] = projections.NewTouch(&log[i])
	}
	tables, err := foldInto(projections.NewBatch(ctx, v), touches, rooms)
	v.Close()
	if err != nil {
		return err
	}
	last := &log[len(log)-1]
	return store.Commit(ctx, projections.Changes{
		Tables:     tables,
		Checkpoint: projections.Checkpoint{Position: last.Position, Hash: last.Hash, RecordedAt: last.RecordedAt},
	})
}

func foldInto(b *projections.Batch, touches []projections.Touch, rooms []projections.Room) ([]projections.TableChanges, error) {
	for i := range touches {
		for _, r := range rooms {
			r.Want(b, &touches[i])
		}
	}
	if err := b.Load(); err != nil {
		return nil, err
	}
	for i := range touches {
		for _, r := range rooms {
			if err := r.Fold(b, &touches[i]); err != nil {
				return nil, fmt.Errorf("%s: fold %s: %w", r.Name(), touches[i].ID, err)
			}
		}
	}
	for _, r := range rooms {
		if err := r.Settle(b); err != nil {
			return nil, fmt.Errorf("%s: settle: %w", r.Name(), err)
		}
	}
	return b.Changes()
}

// Digest sums up the tables of the rooms, leaving out columns that depend on order. Equal texts are equal rows.
func Digest(ctx context.Context, store projections.Store, rooms ...projections.Room) (string, error) {
	v, err := store.View(ctx)
	if err != nil {
		return "", err
	}
	defer v.Close()
	var tables []*projections.Table
	for _, r := range rooms {
		tables = append(tables, r.Tables()...)
	}
	sums, err := projections.Digest(ctx, v, tables, false)
	return sums.String(), err
}

// Record makes a log of events, as if they were appended in this order: the first of every (source, id) gets the next
// position, a second later than the one before; repeats are dropped.
func Record(list []events.Event) []events.Recorded {
	type identity struct{ source, id string }
	seen := map[identity]bool{}
	var log []events.Recorded
	for i := range list {
		e := &list[i]
		k := identity{e.Source, e.ID}
		if seen[k] {
			continue
		}
		seen[k] = true
		log = append(log, events.Recorded{
			Event: *e, Stream: streamOf(e), Position: events.Position(len(log) + 1), // #nosec G115 -- small
			RecordedAt: start.AddDate(2, 0, 0).Add(second * duration(len(log))),
		})
	}
	return log
}

// streamOf returns the stream an event is appended to; decisions about identity are made by c360 itself.
func streamOf(e *events.Event) string {
	if e.Source == decisionSource {
		return "identity"
	}
	return e.Stream()
}
