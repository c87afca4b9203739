package segment

import (
	"math"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// sequence is one thing after another. It looks at touchpoints as they happened: an order that was cancelled later was
// placed all the same.
//
// Any touchpoint of the first step may begin it; each further step is the earliest one after the step before. All lie
// within the given time of the first one: (t, t+within]. If the last step is absent, the sequence holds from t+within on
// when no such touchpoint came after the step before it; without "within", from that step on until one comes.
type sequence struct {
	steps  []filter
	absent bool   // the last step must not come
	same   string // the field that all steps share, "" for none
	within int64  // microseconds, 0 for any time
	ago    span   // how long ago it began, microseconds
}

func (s *sequence) at(h *history.History, at int64) (in bool, due int64) {
	due = standing.Never
	for _, p := range s.starts(h, at) {
		from, until, ok := s.holds(h, &h.Touchpoints[p], at, nil)
		switch {
		case !ok:
		case from > at && !in:
			due = min(due, from)
		case from <= at && !in:
			in, due = true, until
		case from <= at:
			due = max(due, until)
		}
		if in && due == standing.Never {
			break
		}
	}
	return in, due
}

// starts are the places of what may begin a sequence that is not over yet.
func (s *sequence) starts(h *history.History, at int64) []int32 {
	after := int64(math.MinInt64)
	if s.ago.hi < math.MaxInt64 {
		after = at - s.ago.hi - 1
	}
	return h.Between(h.Of(s.steps[0].kind), after, at)
}

// holds says from when until when the sequence that begins with a touchpoint holds, as far as is known at a time; false if
// it does not. If given, each is called with the touchpoints that this rests on.
func (s *sequence) holds(h *history.History, start *history.Touchpoint, at int64, each func(*history.Touchpoint)) (from, until int64, ok bool) {
	if !s.steps[0].passes(start) || s.same != "" && s.shared(start) == "" {
		return 0, 0, false
	}
	tell(each, start)
	from, ok = s.follow(h, start, at, each)
	if until = standing.Never; s.ago.lo > 0 {
		from = max(from, start.At+s.ago.lo)
	}
	if s.ago.hi < math.MaxInt64 {
		until = start.At + s.ago.hi + 1
	}
	return from, until, ok && from < until
}

func tell(each func(*history.Touchpoint), t *history.Touchpoint) {
	if each != nil {
		each(t)
	}
}

// follow goes through the further steps and returns the moment at which they were all taken.
func (s *sequence) follow(h *history.History, start *history.Touchpoint, at int64, each func(*history.Touchpoint)) (from int64, ok bool) {
	end := int64(math.MaxInt64)
	if s.within > 0 {
		end = start.At + s.within
	}
	last := start
	for i := 1; i < len(s.steps); i++ {
		next := s.next(h, i, start, last.At, min(end, at))
		if next != nil {
			tell(each, next)
		}
		if s.absent && i == len(s.steps)-1 {
			if s.within > 0 {
				return end, next == nil
			}
			return last.At, next == nil
		}
		if next == nil {
			return 0, false
		}
		last = next
	}
	return last.At, true
}

// next returns the earliest touchpoint of a step in (after, upTo], nil if there is none.
func (s *sequence) next(h *history.History, step int, start *history.Touchpoint, after, upTo int64) *history.Touchpoint {
	f := &s.steps[step]
	for _, p := range h.Between(h.Of(f.kind), after, upTo) {
		t := &h.Touchpoints[p]
		if f.passes(t) && (s.same == "" || s.shared(t) == s.shared(start)) {
			return t
		}
	}
	return nil
}

func (s *sequence) shared(t *history.Touchpoint) string {
	switch s.same {
	case fieldOrder:
		return t.Order
	case fieldChannel:
		return string(t.Channel)
	}
	return t.Field(s.same)
}

func (s *sequence) need(n *needs) {
	for i := range s.steps {
		n.kind(s.steps[i].kind)
	}
}

func (s *sequence) write(b []byte) []byte {
	b = append(b, `{"sequence":`...)
	for i := range s.steps {
		b = s.steps[i].write(append(b, "[,"[min(i, 1)], '{'), "event")
		if s.absent && i == len(s.steps)-1 {
			b = append(b, `,"absent":true`...)
		}
		b = append(b, '}')
	}
	b = append(b, ']')
	if s.same != "" {
		b = quote(append(b, `,"same":`...), s.same)
	}
	if s.within > 0 {
		b = quote(append(b, `,"within":`...), lengthText(s.within))
	}
	if s.ago != everything {
		b = append(s.ago.write(append(b, `,"ago":{`...), lengths), '}')
	}
	return append(b, '}')
}

func (s *sequence) words() events.Text {
	ko, en := make([]string, len(s.steps)), make([]string, len(s.steps))
	for i := range s.steps {
		w := s.steps[i].words()
		ko[i], en[i] = w.Ko, w.En
	}
	if n := len(s.steps) - 1; s.absent {
		ko[n], en[n] = ko[n]+" 없음", "no "+en[n]
	}
	w := events.Text{Ko: strings.Join(ko, " 다음에 "), En: strings.Join(en, ", then ")}
	if s.within > 0 {
		in := lengthWords(s.within)
		w.Ko, w.En = w.Ko+" ("+in.Ko+" 안에)", w.En+" within "+in.En
	}
	if s.ago != everything {
		ago := agoWords(s.ago)
		w.Ko, w.En = w.Ko+", 시작: "+ago.Ko, w.En+", begun "+ago.En
	}
	return w
}
