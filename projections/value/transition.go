package value

import "github.com/c360hq/c360/projections/history"

// Transition is a change of class or tier.
type Transition struct {
	// At is when it happened, Unix microseconds.
	At       int64
	From, To string
	// Cause is the touchpoint that made it so; the zero Ref stands for the clock.
	Cause history.Ref
}

// transitions replays a customer's history after a moment, up to and including another, as [standing.Changes] does for a
// rule that says yes or no.
func transitions(h *history.History, from, to int64, concerns func(string) bool, judge func(at int64) (string, int64)) []Transition {
	now, due := judge(from)
	var list []Transition
	for next := h.Until(from); ; {
		at, cause := due, history.Ref{}
		if next < len(h.Touchpoints) && h.Touchpoints[next].At <= due {
			at = h.Touchpoints[next].At
			cause, next = together(h, next, concerns)
			if cause == (history.Ref{}) && at < due {
				continue
			}
		}
		if at > to || at <= from {
			return list
		}
		was := now
		if now, due = judge(at); now != was {
			list = append(list, Transition{at, was, now, cause})
		}
		from, due = at, max(due, at+1)
	}
}

// together returns the last touchpoint that concerns the judge of those at the same time as the one at a place, and the
// place after them all.
func together(h *history.History, at int, concerns func(string) bool) (cause history.Ref, next int) {
	when := h.Touchpoints[at].At
	for next = at; next < len(h.Touchpoints) && h.Touchpoints[next].At == when; next++ {
		if t := &h.Touchpoints[next]; concerns(t.Type) {
			cause = t.Ref()
		}
	}
	return cause, next
}
