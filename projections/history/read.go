package history

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// Want asks for the history of a fragment to be loaded with the batch.
func Want(b *projections.Batch, f uuid.UUID) { fragments.Want(b, f) }

// Touched is a fragment that a batch brought something of.
type Touched struct {
	Fragment uuid.UUID
	// From is the earliest time of what it brought, Unix microseconds.
	From int64
}

// TouchedIn returns what a batch touched, in the order of the log. It is for rooms that settle before this one does.
func TouchedIn(b *projections.Batch) []Touched {
	changed := fragments.Changed(b)
	all := make([]Touched, 0, len(changed))
	for _, f := range changed {
		if s, _ := fragments.See(b, f); s.isNew {
			all = append(all, Touched{f, s.from})
		}
	}
	return all
}

// After returns up to limit fragments whose ids come after one, in that order; nil is the beginning.
func After(ctx context.Context, view projections.Reader, after []byte, limit int) ([]*Fragment, error) {
	stretch := projections.Range{Limit: limit}
	if len(after) > 0 {
		stretch.From = []any{append(slices.Clone(after), 0)}
	}
	var all []*Fragment
	err := view.Scan(ctx, fragmentsTable, stretch, func(row projections.Row) (bool, error) {
		f, err := openRow(row)
		all = append(all, f)
		return true, err
	})
	return all, err
}

// Of returns the history of a customer, of these fragments in the order of their ids, in a batch.
func Of(b *projections.Batch, ids []uuid.UUID) (*History, error) {
	parts := make([]*Fragment, 0, len(ids))
	for _, f := range ids {
		fragments.Want(b, f)
	}
	for _, f := range ids {
		s, found := fragments.See(b, f)
		if !found {
			continue
		}
		p, err := s.fragment(f)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	h := Merge(parts...)
	h.Customer = ids[0]
	return h, b.Err()
}

// fragment opens a state. What it returns is good until the state changes.
func (s *state) fragment(f uuid.UUID) (*Fragment, error) {
	list, err := s.touchpoints(f)
	if err != nil {
		return nil, err
	}
	return &Fragment{ID: f, Touchpoints: list, Older: s.older, Kinds: s.kinds}, nil
}

// Load reads the history of a customer, of these fragments.
func (r *Room) Load(ctx context.Context, from projections.Reader, ids []uuid.UUID) (*History, error) {
	keys := make([][]any, len(ids))
	for i := range ids {
		keys[i] = []any{ids[i][:]}
	}
	var parts []*Fragment
	err := from.Get(ctx, fragmentsTable, keys, func(row projections.Row) error {
		f, err := openRow(row)
		parts = append(parts, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return Merge(parts...), nil
}

func openRow(row projections.Row) (*Fragment, error) {
	id, s, err := decodeState(row)
	if err != nil {
		return nil, err
	}
	return s.fragment(id)
}

// Groups lists, for every fragment of a customer of several, all fragments of that customer. A fragment that is not there
// is a customer of its own.
type Groups map[uuid.UUID][]uuid.UUID

// Scan calls each with the history of every customer whose first fragment with touchpoints is in [from, to), in that
// order; nil is no bound. Fragment ids are hashes, so a stretch of them is a fair sample of all customers.
func (r *Room) Scan(ctx context.Context, view projections.Reader, groups Groups, from, to []byte, each func(*History) error) error {
	stretch := projections.Range{}
	if len(from) > 0 {
		stretch.From = []any{from}
	}
	if len(to) > 0 {
		stretch.To = []any{to}
	}
	seen := map[uuid.UUID]bool{} // customers of several fragments
	return view.Scan(ctx, fragmentsTable, stretch, func(row projections.Row) (bool, error) {
		f, err := openRow(row)
		if err != nil {
			return false, err
		}
		h, all := Merge(f), groups[f.ID]
		if len(all) > 0 {
			h, err = r.whole(ctx, view, f.ID, all, seen)
		}
		if err != nil || h == nil {
			return err == nil, err
		}
		return true, each(h)
	})
}

// whole returns the history of a customer of several fragments at the first of them, nil at the others.
func (r *Room) whole(ctx context.Context, view projections.Reader, f uuid.UUID, all []uuid.UUID, seen map[uuid.UUID]bool) (*History, error) {
	customer := slices.MinFunc(all, compareIDs)
	if seen[customer] {
		return nil, nil //nolint:nilnil // it was handed out already
	}
	seen[customer] = true
	h, err := r.Load(ctx, view, all)
	if err != nil || compareIDs(h.Customer, f) < 0 {
		return nil, err // it begins before the stretch
	}
	h.Customer = customer
	return h, nil
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// Without returns the history as it would be had one touchpoint not happened; h itself if it has none such.
func (h *History) Without(r Ref) *History {
	place := slices.IndexFunc(h.Touchpoints, func(t Touchpoint) bool { return t.At == r.At && t.Key == r.Key && t.Fragment == r.Fragment })
	if place < 0 {
		return h
	}
	w := &History{Customer: h.Customer, Older: h.Older, Kinds: h.Kinds}
	w.Touchpoints = slices.Delete(slices.Clone(h.Touchpoints), place, place+1)
	w.index()
	return w
}
