package segment

import (
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// This file says of each condition what its answer rests on, and which touchpoints may turn it over. A touchpoint that is
// not among the suspects turns nothing over; one that is may.

func (t *trait) see(h *history.History, at int64, s *sight) {
	value, said := h.Trait(t.name, at)
	s.observed, s.wanted = plain(value), t.test.words().En
	s.add(said)
}

func (t *trait) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	said(h, at, each, t.name)
}

// said calls each with what said the traits.
func said(h *history.History, at int64, each func(*history.Touchpoint), names ...string) {
	for _, name := range names {
		if _, t := h.Trait(name, at); t != nil {
			each(t)
		}
	}
}

func (a *age) see(h *history.History, at int64, s *sight) {
	s.wanted = a.span.words(wholes.unit, wholeWords)
	if born, ok := bornOn(h, at); ok {
		if years, ok := born.years(dayIn(a.zones.of(h, at), at)); ok {
			s.observed = wholeWords(years)
		}
	}
	said(h, at, s.add, birthDate)
}

func (a *age) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	said(h, at, each, birthDate, birthLunar, birthLeap, timeZone)
}

func (y *yearly) see(h *history.History, at int64, s *sight) {
	s.wanted = "≤ " + lengthWords(y.days*day).En
	today := dayIn(y.zones.of(h, at), at)
	if next, ok := y.next(h, at, today); ok {
		year, m, d := dateOf(next)
		s.observed = time.Date(year, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	said(h, at, s.add, y.trait)
}

func (y *yearly) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	said(h, at, each, y.trait, birthLunar, birthLeap, timeZone)
}

func (k *known) see(h *history.History, at int64, s *sight) {
	s.wanted = k.grade.String()
	if g, ok := h.Known(k.kind, at); ok {
		s.observed = g.String()
	}
}

// suspects has none: since when somebody is known by an identifier is kept apart from the touchpoints.
func (k *known) suspects(*history.History, int64, func(*history.Touchpoint)) {}

func (c *consent) see(h *history.History, at int64, s *sight) {
	given, word := h.Consent(c.purpose, c.medium, at)
	s.wanted = "given"
	switch {
	case word == nil:
	case given:
		s.observed = "given"
	default:
		s.observed = "withdrawn"
	}
	s.add(word)
}

func (c *consent) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	if _, word := h.Consent(c.purpose, c.medium, at); word != nil {
		each(word)
	}
}

func (m *moment) see(h *history.History, at int64, s *sight) {
	s.wanted = agoWords(m.ago).En
	when, t, found := m.when(h, at)
	if found {
		s.observed = time.UnixMicro(when).UTC().Format(time.RFC3339)
	}
	s.add(t)
}

func (m *moment) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	if !m.orders() {
		if t := m.find(h, at); t != nil {
			each(t)
		}
		return
	}
	best, _, found := m.whenOrdered(h, at)
	eachTold(h, at, func(t *history.Touchpoint, with, without *history.History) {
		was, _, _ := m.whenOrdered(with, at)
		now, _, counts := m.whenOrdered(without, at)
		if !found || was == best || counts && m.first == (now < best) {
			each(t)
		}
	})
}

func (s *sequence) see(h *history.History, at int64, seen *sight) {
	seen.wanted = "≥ 1"
	in, _ := s.at(h, at)
	n := 0
	for _, p := range s.starts(h, at) {
		var rests sight
		from, until, ok := s.holds(h, &h.Touchpoints[p], at, rests.add)
		holds := ok && from <= at && at < until
		if holds {
			n++
		}
		if holds == in {
			seen.refs = append(seen.refs, rests.refs...)
		}
	}
	seen.observed = strconv.Itoa(n)
}

// suspects of a sequence that holds are among what one that holds rests on, whichever: the others keep it up. Where none
// holds, only what came too early or should not have come at all can be too much.
func (s *sequence) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	in, _ := s.at(h, at)
	for _, p := range s.starts(h, at) {
		var rests []*history.Touchpoint
		from, until, ok := s.holds(h, &h.Touchpoints[p], at, func(t *history.Touchpoint) { rests = append(rests, t) })
		switch {
		case !in && s.absent && !ok:
			s.blocked(h, at, rests, each)
		case in && ok && from <= at && at < until:
			for _, t := range rests {
				each(t)
			}
			return
		}
	}
}

// blocked calls each with what may be too much for a sequence: the last that came if nothing like it came after it in
// time, and the steps between the first and it.
func (s *sequence) blocked(h *history.History, at int64, rests []*history.Touchpoint, each func(*history.Touchpoint)) {
	if len(rests) < len(s.steps) {
		return
	}
	last, end := rests[len(rests)-1], at
	if s.within > 0 {
		end = min(at, rests[0].At+s.within)
	}
	if s.next(h, len(s.steps)-1, rests[0], last.At, end) == nil {
		each(last)
	}
	for _, t := range rests[1 : len(rests)-1] {
		each(t)
	}
}

func (c *total) see(h *history.History, at int64, s *sight) {
	r := running{span: c.span}
	c.run(h, at, &r)
	if c.sum == "" {
		s.observed, s.wanted = wholeWords(r.sum), c.span.words(wholes.unit, wholeWords)
	} else {
		s.observed, s.wanted = events.Money(r.sum).String(), c.span.words(numbers.unit, numberWords)
	}
	if c.orders() {
		c.eachOrder(h, at, c.within, func(o *history.OrderStep) { s.add(completed(h, o)) })
		return
	}
	for _, p := range places(h, c.kind, at, c.within) {
		if t := &h.Touchpoints[p]; c.counts(t) {
			s.add(t)
		}
	}
}

func (c *total) counts(t *history.Touchpoint) bool {
	_, ok := c.value(t)
	return ok
}

// suspects are what turns the comparison over when it is taken away.
func (c *total) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	r := running{span: c.span}
	c.run(h, at, &r)
	in := c.span.has(r.sum)
	if c.orders() {
		eachTold(h, at, func(t *history.Touchpoint, with, without *history.History) {
			var was, now running
			c.runOrders(with, at, &was)
			c.runOrders(without, at, &now)
			if c.span.has(plus(r.sum, now.sum-was.sum)) != in {
				each(t)
			}
		})
		return
	}
	for _, p := range places(h, c.kind, at, c.within) {
		t := &h.Touchpoints[p]
		if v, ok := c.value(t); ok && c.span.has(plus(r.sum, -v)) != in {
			each(t)
		}
	}
}

func wholeWords(v int64) string { return strconv.FormatInt(v, 10) }
