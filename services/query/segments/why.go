package segments

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// Finder finds a touchpoint in the log, and says it in words.
type Finder func(history.Ref) (SegmentEvidence, error)

// Moment is the time, Unix microseconds, that answers about a customer are about when asked at a time: that time, or the
// last touchpoint if that claims to be later still, as rooms take it.
func Moment(h *history.History, at int64) int64 {
	if n := len(h.Touchpoints); n > 0 {
		return max(at, h.Touchpoints[n-1].At)
	}
	return at
}

// In lists the segments that a customer is in at a time, by name.
func (b *Book) In(h *history.History, at int64) []CustomerSegment {
	all := []CustomerSegment{}
	for _, s := range b.set.Schedules {
		if in, _ := s.At(h, at); in {
			one, _ := b.standing(s, h, at)
			all = append(all, one)
		}
	}
	return all
}

// standing says whether a customer is in a segment at a time and since when, and what made it so, nil if nothing ever did.
func (b *Book) standing(s *standing.Schedule, h *history.History, at int64) (CustomerSegment, *standing.Change) {
	a := CustomerSegment{Name: s.Name, Title: b.Title(s.Name, at), Version: s.In(at).Number}
	changes := s.Changes(h, at)
	if len(changes) == 0 {
		return a, nil
	}
	last := &changes[len(changes)-1]
	since := Time(last.At)
	a.In, a.Since = last.In, &since
	return a, last
}

// Why says of every segment that there is at a time, or of one by its name, whether a customer is in, and why.
func (b *Book) Why(h *history.History, at int64, name string, find Finder) ([]SegmentWhy, error) {
	all := []SegmentWhy{}
	for _, s := range b.set.Schedules {
		if name != "" && s.Name != name || !b.There(s.Name, at) {
			continue
		}
		one, err := b.why(s, h, at, find)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b SegmentWhy) int { return cmp.Compare(rank(a.In), rank(b.In)) })
	return all, nil
}

func rank(in bool) int {
	if in {
		return 0
	}
	return 1
}

func (b *Book) why(s *standing.Schedule, h *history.History, at int64, find Finder) (SegmentWhy, error) {
	one, last := b.standing(s, h, at)
	v := s.In(at)
	_, due := s.At(h, at)
	a := SegmentWhy{CustomerSegment: one, Next: timeOrNever(due), Fault: faultOf(v.Fault)}
	var pivotal []history.Ref
	if p, ok := v.Judge.(*segment.Program); ok {
		e := p.Explain(h, at)
		pivotal = e.Pivotal
		c, err := condition(&e.Root, pivotal, find)
		if err != nil {
			return a, err
		}
		a.Why = &c
	}
	if last == nil {
		return a, nil
	}
	cause, err := Cause(last, find)
	if a.Cause = &cause; cause.Event != nil {
		cause.Event.Pivotal = slices.Contains(pivotal, last.Cause)
	}
	return a, err
}

// Cause says what made somebody enter or leave.
func Cause(c *standing.Change, find Finder) (SegmentCause, error) {
	switch {
	case c.Begin:
		return SegmentCause{Kind: "rule"}, nil
	case c.Cause == (history.Ref{}):
		return SegmentCause{Kind: "clock"}, nil
	}
	e, err := find(c.Cause)
	return SegmentCause{Kind: "event", Event: &e}, err
}

func condition(c *segment.Condition, pivotal []history.Ref, find Finder) (SegmentCondition, error) {
	a := SegmentCondition{
		Pointer: c.Pointer, Segment: c.Segment, Words: c.Words, Passed: c.Passed, Observed: c.Observed, Wanted: c.Wanted,
		Evidence: make([]SegmentEvidence, len(c.Evidence)), Total: c.Total, Parts: make([]SegmentCondition, len(c.Parts)),
	}
	var err error
	for i, r := range c.Evidence {
		if a.Evidence[i], err = find(r); err != nil {
			return a, err
		}
		a.Evidence[i].Pivotal = slices.Contains(pivotal, r)
	}
	for i := range c.Parts {
		if a.Parts[i], err = condition(&c.Parts[i], pivotal, find); err != nil {
			return a, err
		}
	}
	return a, nil
}
