package churn

import (
	"slices"

	"github.com/c360hq/c360/projections/history"
)

// Pivotal returns the touchpoints on any one of which the decision of a time hangs: had it not happened, At would have said
// the other. All others could go one by one without changing it. The latest comes first.
func (p *Program) Pivotal(h *history.History, at int64) []history.Ref {
	in, _ := p.At(h, at)
	var refs []history.Ref
	for _, place := range p.candidates(h, at) {
		ref := h.Touchpoints[place].Ref()
		if without, _ := p.At(h.Without(ref), at); without != in {
			refs = append(refs, ref)
		}
	}
	return refs
}

// candidates are the places of the touchpoints that may decide, the latest first: those that are the only visit of a day in
// reach, those that orders are told by, and bad news.
func (p *Program) candidates(h *history.History, at int64) []int {
	places := p.badNews(h, at)
	if p.counter.purchases {
		for _, name := range orderTypes {
			places = appendUntil(places, h, h.Of(name), at)
		}
	} else {
		places = p.lonely(h, at, places)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	slices.Reverse(places)
	return places
}

// lonely appends the places of the touchpoints that are the only visit of their day. Any other could go without the days changing.
func (p *Program) lonely(h *history.History, at int64, places []int) []int {
	days := p.counter.days(h, at, p.reach, nil)
	last, alone := noDay, false
	for i := h.Until(at) - 1; i >= 0; i-- {
		t := &h.Touchpoints[i]
		if !p.counter.visit(t) {
			continue
		}
		switch d := dayOf(t.At); {
		case d < days[len(days)-1]:
			return places
		case d != last:
			places, last, alone = append(places, i), d, true
		case alone:
			places, alone = places[:len(places)-1], false
		}
	}
	return places
}

// badNews returns the places of all bad news by a time.
func (p *Program) badNews(h *history.History, at int64) []int {
	var places []int
	for _, n := range p.news {
		for _, name := range n.types {
			places = appendUntil(places, h, h.Of(name), at)
		}
	}
	return places
}

func appendUntil(places []int, h *history.History, more []int32, at int64) []int {
	for _, place := range more {
		if h.Touchpoints[place].At <= at {
			places = append(places, int(place))
		}
	}
	return places
}
