package history

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// Touched is a fragment that a batch brought something of.
type Touched struct {
	Fragment uuid.UUID
	// From is the earliest time of what it brought, Unix microseconds.
	From int64
}

// TouchedIn returns what a batch touched, in the order of the log. It is for rooms that settle before this one does.
func TouchedIn(b *projections.Batch) []Touched {
	changed := chunks.Changed(b)
	all := make([]Touched, 0, len(changed))
	for _, k := range changed {
		if c, _ := chunks.See(b, k); k.number == 0 && c.isNew {
			all = append(all, Touched{k.fragment, c.from})
		}
	}
	return all
}

// Cut reports whether a batch made less of the past of any of these fragments than there was: touchpoints of theirs are
// only summed up from now on, and what was concluded from them is to be concluded anew. It is known once Of was asked.
func Cut(b *projections.Batch, of []uuid.UUID) bool {
	return slices.ContainsFunc(of, func(f uuid.UUID) bool {
		c, found := chunks.See(b, chunkKey{f, 0})
		return found && c.isCut
	})
}

// Want loads the histories of fragments, with two queries for them all, so that Of need not read.
func Want(b *projections.Batch, of []uuid.UUID) {
	for _, f := range of {
		chunks.Want(b, chunkKey{f, 0})
	}
	for _, f := range of {
		if c, found := chunks.See(b, chunkKey{f, 0}); found {
			wantChunks(b, f, c)
		}
	}
}

// Of returns the history of a customer, of these fragments in the order of their ids, in a batch. It must not be changed,
// and is good until the batch is.
func Of(b *projections.Batch, ids []uuid.UUID) (*History, error) {
	var only *chunk // of a customer of one fragment
	parts := make([]*Fragment, 0, len(ids))
	for _, f := range ids {
		c, err := place(b, f)
		if err != nil {
			return nil, err
		}
		if c == nil {
			continue
		}
		if len(ids) == 1 {
			if only = c; c.made != nil {
				return c.made, b.Err()
			}
		}
		list, err := everything(b, f, c)
		if err != nil {
			return nil, err
		}
		parts = append(parts, &Fragment{ID: f, Touchpoints: list, Older: c.older, Kinds: c.kinds})
	}
	h := Merge(parts...)
	h.Customer = ids[0]
	if only != nil {
		only.made = h
	}
	return h, b.Err()
}

// Load reads the history of a customer, of these fragments.
func (r *Room) Load(ctx context.Context, from projections.Reader, ids []uuid.UUID) (*History, error) {
	parts := make([]*Fragment, 0, len(ids))
	for _, f := range ids {
		err := fragmentsIn(ctx, from, projections.Range{Prefix: []any{f[:]}}, func(p *Fragment) (bool, error) {
			parts = append(parts, p)
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return Merge(parts...), nil
}

// fragmentsIn calls found with the fragments of a stretch of rows, one after the other.
func fragmentsIn(ctx context.Context, from projections.Reader, stretch projections.Range, found func(*Fragment) (bool, error)) error {
	var f *Fragment
	var last []Touchpoint // those of the head come after those of the chunks
	more := true
	end := func() (err error) {
		if f != nil {
			f.Touchpoints = append(f.Touchpoints, last...)
			more, err = found(f)
			f = nil
		}
		return err
	}
	err := from.Scan(ctx, fragmentsTable, stretch, func(row projections.Row) (bool, error) {
		k, c, err := decodeChunk(row)
		if err != nil {
			return false, err
		}
		if k.number > 0 && f != nil {
			f.Touchpoints, err = c.unpack(k.fragment, f.Touchpoints)
			return more, err
		}
		if err := end(); err != nil {
			return false, err
		}
		f = &Fragment{ID: k.fragment, Older: c.older, Kinds: c.kinds}
		last, err = c.unpack(k.fragment, nil)
		return more, err
	})
	if err != nil || !more {
		return err
	}
	return end()
}

// After returns up to limit fragments that come after one, in the order of their ids; nil is the beginning. It decodes no
// touchpoint.
func After(ctx context.Context, view projections.Reader, after []byte, limit int) ([]uuid.UUID, error) {
	var all []uuid.UUID
	from := slices.Clone(after)
	if len(from) > 0 {
		from = append(from, 0)
	}
	err := view.Scan(ctx, fragmentsTable, stretch(from, nil), func(row projections.Row) (bool, error) {
		id := uuid.UUID{}
		key, _ := row[0].([]byte)
		copy(id[:], key)
		if n := len(all); n > 0 && all[n-1] == id {
			return true, nil // another chunk of it
		}
		all = append(all, id)
		return len(all) < limit, nil
	})
	return all, err
}

// stretch is the rows of the fragments in [from, to); empty is no bound.
func stretch(from, to []byte) projections.Range {
	r := projections.Range{}
	if len(from) > 0 {
		r.From = []any{from}
	}
	if len(to) > 0 {
		r.To = []any{to}
	}
	return r
}

// Groups lists, for every fragment of a customer of several, all fragments of that customer. A fragment that is not there
// is a customer of its own.
type Groups map[uuid.UUID][]uuid.UUID

// Scan calls each with the history of every customer whose first fragment with touchpoints is in [from, to), in that
// order; nil is no bound. Fragment ids are hashes, so a stretch of them is a fair sample of all customers.
func (r *Room) Scan(ctx context.Context, view projections.Reader, groups Groups, from, to []byte, each func(*History) error) error {
	seen := map[uuid.UUID]bool{} // customers of several fragments
	return fragmentsIn(ctx, view, stretch(from, to), func(f *Fragment) (bool, error) {
		h, all := Merge(f), groups[f.ID]
		if len(all) > 0 {
			var err error
			if h, err = r.whole(ctx, view, f.ID, all, seen); err != nil || h == nil {
				return err == nil, err
			}
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
