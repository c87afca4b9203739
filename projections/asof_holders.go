package projections

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// resolve finds, for every identifier of a trail that was read so far, who had it then: all of them, or one more than
// it may tie, which is enough to know that it tied nobody.
func (w *island) resolve(ctx context.Context, t *trail) error {
	var fresh []events.Identifier
	for _, ids := range []map[events.Identifier]int{t.links, t.claims} {
		for id := range ids {
			if _, known := w.holders[id]; !known {
				fresh = append(fresh, id)
			}
		}
	}
	return w.resolveAll(ctx, fresh)
}

func (w *island) resolveAll(ctx context.Context, ids []events.Identifier) error {
	if len(ids) == 0 {
		return nil
	}
	now, err := w.past.opts.Neighbours.Holders(ctx, w.live, ids)
	if err != nil {
		return fmt.Errorf("look up who has an identifier now: %w", err)
	}
	for _, id := range ids {
		enough := max(w.past.opts.Neighbours.Limit(id)+1, 2, w.enough[id])
		held, err := w.heldBy(ctx, id, w.candidates(id, now[id].Fragments), enough)
		if err != nil {
			return err
		}
		if now[id].Cut && len(held) < enough {
			return &BeyondError{fmt.Sprintf("so many share one %s that who had it then cannot be told from who has it now", id.Kind)}
		}
		w.holders[id] = held
	}
	return nil
}

// heldBy returns the first of some fragments that had an identifier then.
func (w *island) heldBy(ctx context.Context, id events.Identifier, candidates []uuid.UUID, enough int) ([]uuid.UUID, error) {
	held := []uuid.UUID{}
	for _, f := range candidates {
		t, err := w.trail(f)
		if err != nil {
			return nil, err
		}
		if has, err := t.has(ctx, id); err != nil {
			return nil, err
		} else if has {
			held = append(held, f)
		}
		if len(held) == enough {
			break
		}
	}
	return held, nil
}

// candidates adds those whom the live store does not know by the identifier, in the order of their ids.
func (w *island) candidates(id events.Identifier, now []uuid.UUID) []uuid.UUID {
	if len(w.hidden[id]) == 0 {
		return now
	}
	all := append(slices.Clone(now), w.hidden[id]...)
	slices.SortFunc(all, compareIDs)
	return slices.Compact(all)
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// maxHidden bounds the fragments that reveal reads.
const maxHidden = 1000

// reveal reads the fragments of which the live store knows less than was known then: those with parked events, when
// the instant may leave out the event that made the others wait, and those with an event that has been declared
// skipped since.
func (w *island) reveal(ctx context.Context) (err error) {
	if w.skips, err = Skipped(ctx, w.past.opts.Log, w.at.Known); err != nil {
		return err
	}
	behind, err := w.behind(ctx)
	if err != nil {
		return err
	}
	for _, f := range behind {
		t, err := w.trail(f)
		if err != nil {
			return err
		}
		for !t.done {
			if err := t.read(ctx); err != nil {
				return err
			}
		}
		for _, ids := range []map[events.Identifier]int{t.links, t.claims} {
			for id := range ids {
				w.hidden[id] = append(w.hidden[id], f)
			}
		}
	}
	return nil
}

// behind lists the fragments that reveal reads.
func (w *island) behind(ctx context.Context) ([]uuid.UUID, error) {
	all, err := w.skippedSince(ctx)
	if err != nil || w.at.Occurred.IsZero() {
		return all, err
	}
	err = w.live.Scan(ctx, ParkedTable, Range{}, func(row Row) (bool, error) {
		if p := parkedFrom(row); len(all) == 0 || all[len(all)-1] != p.Fragment {
			all = append(all, p.Fragment)
		}
		if len(all) > maxHidden {
			return false, &BeyondError{fmt.Sprintf("events of more than %d fragments are parked; redrive or skip them (GET /v1/parked)", maxHidden)}
		}
		return true, nil
	})
	return all, err
}

// skippedSince lists the fragments of events that were declared skipped after the instant.
func (w *island) skippedSince(ctx context.Context) ([]uuid.UUID, error) {
	now, err := Skipped(ctx, w.past.opts.Log, w.live.Checkpoint().Position)
	if err != nil || len(now) == len(w.skips) {
		return nil, err
	}
	var positions []events.Position
	for position := range now {
		if _, then := w.skips[position]; !then && position <= w.at.Known {
			positions = append(positions, position)
		}
	}
	found, err := w.past.opts.Log.At(ctx, positions...)
	if err != nil {
		return nil, fmt.Errorf("read the events that were declared skipped: %w", err)
	}
	var all []uuid.UUID
	for i := range found {
		if f, ok := found[i].Fragment(); ok {
			all = append(all, f)
		}
	}
	return all, nil
}
