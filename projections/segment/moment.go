package segment

import (
	"math"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// moment compares how long ago the last, or first, touchpoint of some sort was. If there was none it is false.
type moment struct {
	filter
	first bool
	ago   span // microseconds
}

func (m *moment) at(h *history.History, at int64) (in bool, due int64) {
	when, _, found := m.when(h, at)
	due = standing.Never
	if len(m.where) == 0 {
		due = olderDue(h, m.kind, at)
	}
	if !found {
		return false, due
	}
	in, next := elapsed(m.ago, when, at)
	return in, min(due, next)
}

// elapsed judges how long ago a moment was, and says when that may change.
func elapsed(ago span, when, at int64) (in bool, due int64) {
	switch passed := at - when; {
	case passed < ago.lo:
		return false, when + ago.lo
	case passed > ago.hi:
		return false, standing.Never
	case ago.hi == math.MaxInt64:
		return true, standing.Never
	}
	return true, when + ago.hi + 1
}

// when finds the moment; the touchpoint is nil if it is no longer kept apart.
func (m *moment) when(h *history.History, at int64) (when int64, t *history.Touchpoint, found bool) {
	if m.orders() {
		when, t, found = m.whenOrdered(h, at)
	} else if t = m.find(h, at); t != nil {
		when, found = t.At, true
	}
	o := h.OlderOf(m.kind)
	if o.Count == 0 || len(m.where) > 0 || o.Last > at {
		return when, t, found
	}
	if m.first && (!found || o.First < when) {
		return o.First, nil, true
	}
	if !m.first && (!found || o.Last > when) {
		return o.Last, nil, true
	}
	return when, t, found
}

func (m *moment) find(h *history.History, at int64) *history.Touchpoint {
	list := places(h, m.kind, at, 0)
	for i := range list {
		p := list[i]
		if !m.first {
			p = list[len(list)-1-i]
		}
		if t := &h.Touchpoints[p]; m.passes(t) {
			return t
		}
	}
	return nil
}

func (m *moment) whenOrdered(h *history.History, at int64) (when int64, t *history.Touchpoint, found bool) {
	var best *history.OrderStep
	m.eachOrder(h, at, 0, func(s *history.OrderStep) {
		if best == nil || m.first == (s.Placed < best.Placed) && s.Placed != best.Placed {
			best = s
		}
	})
	if best == nil {
		return 0, nil, false
	}
	return best.Placed, completed(h, best), true
}

func (m *moment) write(b []byte) []byte {
	key := "last"
	if m.first {
		key = "first"
	}
	b = m.filter.write(append(b, '{'), key)
	return append(m.ago.write(append(b, `,"ago":{`...), lengths), "}}"...)
}

func (m *moment) words() events.Text {
	w, order := m.filter.words(), events.Text{Ko: "마지막", En: "Last"}
	if m.first {
		order = events.Text{Ko: "첫", En: "First"}
	}
	ago := agoWords(m.ago)
	return events.Text{Ko: order.Ko + " " + w.Ko + ": " + ago.Ko, En: order.En + " " + w.En + ": " + ago.En}
}

// agoWords says how long ago something must be: "≥ 90 days ago".
func agoWords(s span) events.Text {
	return events.Text{
		Ko: s.words(lengths.unit, func(v int64) string { return lengthWords(v).Ko }) + " 전",
		En: s.words(lengths.unit, func(v int64) string { return lengthWords(v).En }) + " ago",
	}
}
