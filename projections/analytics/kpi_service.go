package analytics

import (
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// inquiry is what has become of one.
type inquiry struct {
	opened, answered, closed *history.Touchpoint
}

// addInquiries tallies how long answers and solutions took, by when the inquiry was opened; by its channel and by the
// agent who answered or closed it.
func (k *KPI) addInquiries(h *history.History) {
	for _, q := range inquiries(h, k.o.At) {
		k.put(FirstResponse, "", q.opened.At, k.taken(q.opened, q.answered), partsOf(q.opened, q.answered)...)
		k.put(Resolution, "", q.opened.At, k.taken(q.opened, q.closed), partsOf(q.opened, q.closed)...)
	}
}

// taken is the time from one touchpoint to the next, waiting if there is no next.
func (k *KPI) taken(from, to *history.Touchpoint) fact {
	if to == nil {
		return fact{waiting: true}
	}
	return fact{value: k.o.Hours.worked(from.At, to.At), valued: true}
}

func partsOf(opened, by *history.Touchpoint) []part {
	parts := []part{{"channel", string(opened.Channel)}}
	if by != nil {
		parts = append(parts, part{"agent", by.Field("agent")})
	}
	return parts
}

// inquiries are the inquiries opened up to at, in the order in which they were.
func inquiries(h *history.History, at int64) []*inquiry {
	var places []int32
	for _, kind := range [...]string{"inquiry.opened", "inquiry.answered", "inquiry.closed", "inquiry.reopened"} {
		places = append(places, h.Between(h.Of(kind), -1<<63, at)...)
	}
	slices.Sort(places)
	byID := map[string]*inquiry{}
	var all []*inquiry
	for _, p := range places {
		t := &h.Touchpoints[p]
		id := t.Field("inquiry_id")
		q := byID[id]
		switch {
		case id == "" || q == nil && t.Type != "inquiry.opened":
		case q == nil:
			byID[id] = &inquiry{opened: t}
			all = append(all, byID[id])
		default:
			q.take(t)
		}
	}
	return all
}

// take notes what happened to the inquiry next.
func (q *inquiry) take(t *history.Touchpoint) {
	switch t.Type {
	case "inquiry.reopened":
		q.closed = nil
		return
	case "inquiry.closed":
		q.closed = t
	case "inquiry.opened":
		return
	}
	if q.answered == nil {
		q.answered = t
	}
}

// addCalls tallies how long callers waited and whether it helped.
func (k *KPI) addCalls(h *history.History) {
	for _, p := range h.Between(h.Of("call.ended"), -1<<63, k.o.At) {
		t := &h.Touchpoints[p]
		agent := part{"agent", t.Field("agent")}
		if wait, ok := events.ParseMoney(t.Field("wait_s")); ok && wait >= 0 {
			k.put(CallWait, "", t.At, fact{value: int64(wait) * 100, valued: true}, agent) // 1/10000 s to µs
		}
		if resolved := t.Field("resolved"); resolved != "" {
			k.put(CallResolved, "", t.At, fact{top: number(resolved == "true"), bottom: 1}, agent, part{"topic", t.Field("topic")})
		}
	}
}
