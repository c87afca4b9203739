package history

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// state is a row of history_fragments. Touchpoints mostly come in the order in which they happened: one that does is
// written behind the others, which stay as they were read. One that is late has all of them decoded.
type state struct {
	older []Older
	kinds []Kind
	packed
	// open are the touchpoints decoded, valid if isOpen; changed says that packed is no longer what open is.
	open            []Touchpoint
	isOpen, changed bool

	// of this batch
	isNew bool
	from  int64 // the earliest time of what it brought, Unix microseconds
}

// see takes an event in.
func (s *state) see(t *projections.Touch) error {
	p := touchpointOf(t)
	if !s.isNew || p.At < s.from {
		s.isNew, s.from = true, p.At
	}
	for _, id := range t.Identifiers {
		s.kinds = addKind(s.kinds, Kind{id.Kind, max(id.Grade, events.Claimed), p.At})
	}
	late := s.count > 0 && cmp.Or(cmp.Compare(p.At, s.lastAt), cmp.Compare(p.Key, s.lastKey)) <= 0
	if s.changed || late || s.count >= MaxTouchpoints {
		return s.insert(t.Fragment, p)
	}
	s.append(&p)
	if s.isOpen {
		s.open = append(s.open, p)
	}
	return nil
}

// insert puts a touchpoint where it belongs, and drops the earliest of its sort if there are too many.
func (s *state) insert(f uuid.UUID, p Touchpoint) error {
	if _, err := s.touchpoints(f); err != nil {
		return err
	}
	s.changed = true
	i, found := slices.BinarySearchFunc(s.open, p, func(a, b Touchpoint) int { return compare(&a, &b) })
	if found {
		return nil
	}
	s.open = slices.Insert(s.open, i, p)
	s.trim(p.weighty())
	if n := len(s.open); n > 0 {
		s.count, s.lastAt, s.lastKey = n, s.open[n-1].At, s.open[n-1].Key
	}
	return nil
}

// weighty reports whether a touchpoint is one of those that quiet ones do not push out: it is about an order, says
// something about the person, or is a word of consent.
func (t *Touchpoint) weighty() bool {
	return t.Order != "" || len(t.Traits) > 0 || t.Field("purpose") != ""
}

// trim sums up the earliest touchpoint of a sort if there are more than MaxTouchpoints of that.
func (s *state) trim(weighty bool) {
	if len(s.open) <= MaxTouchpoints {
		return
	}
	first, n := -1, 0
	for i := range s.open {
		if s.open[i].weighty() != weighty {
			continue
		}
		if n++; first < 0 {
			first = i
		}
	}
	if n > MaxTouchpoints {
		s.older = addOlder(s.older, olderOf(&s.open[first]))
		s.open = slices.Delete(s.open, first, first+1)
	}
}

// touchpoints returns the touchpoints of fragment f decoded.
func (s *state) touchpoints(f uuid.UUID) ([]Touchpoint, error) {
	if !s.isOpen {
		open, err := s.unpack(f)
		if err != nil {
			return nil, err
		}
		s.open, s.isOpen = open, true
	}
	return s.open, nil
}

func olderOf(t *Touchpoint) *Older {
	o := &Older{Type: t.Type, Count: 1, First: t.At, Last: t.At}
	if t.HasAmount {
		o.Amounts = []Amount{{t.Currency, t.Amount}}
	}
	return o
}

// addOlder adds sums to those of the same type. The list is sorted by type.
func addOlder(list []Older, o *Older) []Older {
	i, found := slices.BinarySearchFunc(list, o.Type, func(a Older, name string) int { return cmp.Compare(a.Type, name) })
	if !found {
		return slices.Insert(slices.Clone(list), i, *o)
	}
	list = slices.Clone(list)
	x := &list[i]
	x.Count, x.First, x.Last = x.Count+o.Count, min(x.First, o.First), max(x.Last, o.Last)
	x.Amounts = slices.Clone(x.Amounts)
	for _, a := range o.Amounts {
		x.Amounts = addAmount(x.Amounts, a)
	}
	return list
}

func addAmount(list []Amount, a Amount) []Amount {
	i, found := slices.BinarySearchFunc(list, a.Currency, func(x Amount, name string) int { return cmp.Compare(x.Currency, name) })
	if !found {
		return slices.Insert(list, i, a)
	}
	list[i].Amount += a.Amount
	return list
}

// addKind keeps the earliest time for each kind and grade. The list is sorted by name and grade.
func addKind(list []Kind, k Kind) []Kind {
	i, found := slices.BinarySearchFunc(list, k, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Grade, b.Grade))
	})
	switch {
	case !found:
		list = slices.Insert(slices.Clone(list), i, k)
		return list[:min(len(list), maxKinds)]
	case k.Since < list[i].Since:
		list = slices.Clone(list)
		list[i].Since = k.Since
	}
	return list
}

// maxKinds bounds the kinds of one fragment; of more, the least names are kept.
const maxKinds = 64
