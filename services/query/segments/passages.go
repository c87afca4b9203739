package segments

import (
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Passage is one entry or exit of one customer.
type Passage struct {
	Customer uuid.UUID
	Version  int
	standing.Change
}

// Place is that of a passage among all.
func (p *Passage) Place() Place { return Place{p.At, p.Customer} }

// Passages collects the latest entries and exits of a segment before a place. It is fed every customer; parts can be
// collected apart and merged.
type Passages struct {
	schedule *standing.Schedule
	to       int64
	before   Place
	top      *top[Passage]
}

// NewPassages returns a collection of up to limit passages up to a time, Unix microseconds; the zero Place is no bound.
func NewPassages(s *standing.Schedule, to int64, before Place, limit int) *Passages {
	return &Passages{schedule: s, to: to, before: before, top: newTop(limit, func(a, b Passage) int { return a.Place().Later(b.Place()) })}
}

// Add looks at a customer.
func (p *Passages) Add(h *history.History) {
	for _, c := range p.schedule.Changes(h, p.to) {
		x := Passage{Customer: h.Customer, Version: p.schedule.In(c.At).Number, Change: c}
		if p.before == (Place{}) || p.before.Later(x.Place()) < 0 {
			p.top.add(x)
		}
	}
}

// Merge adds what was collected of other customers.
func (p *Passages) Merge(other *Passages) { p.top.merge(other.top) }

// Result returns the latest first, and whether there are more.
func (p *Passages) Result() (all []Passage, more bool) { return p.top.result() }

// Members collects who is in a segment at a time, one page of them. It is fed every customer; parts can be collected
// apart and merged.
type Members struct {
	schedule *standing.Schedule
	at       int64
	after    Place
	order    func(a, b Place) int
	top      *top[Place]
	total    int64
}

// NewMembers returns a collection of up to limit members at a time, Unix microseconds, after a place; the zero Place is the
// beginning. They are in the order of their ids, or those who entered last first.
func NewMembers(s *standing.Schedule, at int64, latest bool, after Place, limit int) *Members {
	m := &Members{schedule: s, at: at, after: after, order: Place.ByID}
	if latest {
		m.order = Place.Later
	}
	m.top = newTop(limit, m.order)
	return m
}

// Add looks at a customer.
func (m *Members) Add(h *history.History) {
	if in, _ := m.schedule.At(h, m.at); !in {
		return
	}
	m.total++
	changes := m.schedule.Changes(h, m.at)
	x := Place{changes[len(changes)-1].At, h.Customer}
	if m.after == (Place{}) || m.order(m.after, x) < 0 {
		m.top.add(x)
	}
}

// Merge adds what was collected of other customers.
func (m *Members) Merge(other *Members) {
	m.total += other.total
	m.top.merge(other.top)
}

// Result returns the page, whether there are more after it, and how many members there are in all.
func (m *Members) Result() (page []Place, more bool, total int64) {
	page, more = m.top.result()
	return page, more, m.total
}

// top keeps the first so many of what it is given, in an order, and one more.
type top[T any] struct {
	limit int
	order func(a, b T) int
	all   []T
}

func newTop[T any](limit int, order func(a, b T) int) *top[T] {
	return &top[T]{limit: limit, order: order}
}

func (t *top[T]) add(x T) {
	if t.all = append(t.all, x); len(t.all) >= 4*t.limit+256 {
		t.cut()
	}
}

func (t *top[T]) cut() {
	slices.SortFunc(t.all, t.order)
	t.all = t.all[:min(len(t.all), t.limit+1)]
}

func (t *top[T]) merge(other *top[T]) {
	t.all = append(t.all, other.all...)
	t.cut()
}

func (t *top[T]) result() (all []T, more bool) {
	t.cut()
	return t.all[:min(len(t.all), t.limit)], len(t.all) > t.limit
}
