package standing

import (
	"math"

	"github.com/c360hq/c360/projections/history"
)

// Never is the due time of an answer that time alone never changes.
const Never = math.MaxInt64

// Judge is a compiled rule: a segment's, or a churn policy's. It is a pure function and may be used by many at once.
type Judge interface {
	// At says whether the customer stands under the rule at a time, Unix microseconds, looking at nothing that happened
	// later, and when the answer may change next if nothing happens: a time after at, Never if never. The answer does not
	// change before due; it need not change at due.
	At(h *history.History, at int64) (in bool, due int64)
	// Concerns reports whether a touchpoint of this type may change the answer. It may say yes when in doubt.
	Concerns(kind string) bool
}

// Toucher is a Judge that can tell more of a touchpoint than by its type whether it may change the answer: a rule about
// what is said of a person is not touched by the pages they read.
type Toucher interface {
	Judge
	// Touched reports whether this touchpoint may change the answer. It may say yes when in doubt.
	Touched(t *history.Touchpoint) bool
}

// touched asks a judge about a touchpoint, as well as it can tell.
func touched(j Judge, t *history.Touchpoint) bool {
	if x, ok := j.(Toucher); ok {
		return x.Touched(t)
	}
	return j.Concerns(t.Type)
}

// Change is one entry or exit.
type Change struct {
	// At is when it happened, Unix microseconds.
	At int64
	In bool
	// Cause is the touchpoint that made it so; the zero Ref stands for the clock, or for the rule when it begins to hold.
	Cause history.Ref
	// Begin marks a change that a rule made by beginning to hold.
	Begin bool
}

// Changes replays a customer's history from a moment on, up to and including another, and returns every entry and exit.
// Before from the customer stands under nothing. It is the one definition of membership: what is kept live, what a
// backtest counts and what a page shows are all made by it.
func Changes(j Judge, h *history.History, from, to int64) []Change {
	if to < from {
		return nil
	}
	r := replay{judge: j, h: h, to: to}
	r.run(from)
	for i := range r.changes {
		r.changes[i].Begin = r.changes[i].Begin || r.changes[i].At == from
	}
	return r.changes
}

// replay goes through a history from one moment at which the answer may change to the next.
type replay struct {
	judge   Judge
	h       *history.History
	to      int64
	in      bool  // the answer before
	due     int64 // when the answer may change next, after the run
	changes []Change
}

// run judges at a moment and at all after it.
func (r *replay) run(from int64) {
	next := r.h.Until(from)
	for at := from; at <= r.to; {
		r.look(at, next)
		for next < len(r.h.Touchpoints) && !touched(r.judge, &r.h.Touchpoints[next]) {
			next++
		}
		if at = r.due; next < len(r.h.Touchpoints) {
			at = min(at, r.h.Touchpoints[next].At)
		}
		for next < len(r.h.Touchpoints) && r.h.Touchpoints[next].At <= at {
			next++
		}
	}
}

// look judges at a time and notes whether the answer changed. What happened by then is what is before a place.
func (r *replay) look(at int64, place int) {
	in, due := r.judge.At(r.h, at)
	r.due = max(due, at+1)
	if in == r.in {
		return
	}
	r.in = in
	c := Change{At: at, In: in, Cause: r.cause(at, place)}
	if s, ok := r.judge.(*Schedule); ok && s.begins(at) {
		c.Begin = true
	}
	r.changes = append(r.changes, c)
}

// cause returns the last touchpoint before a place that happened at a time and may change the answer.
func (r *replay) cause(at int64, place int) history.Ref {
	for place--; place >= 0 && r.h.Touchpoints[place].At == at; place-- {
		if t := &r.h.Touchpoints[place]; touched(r.judge, t) {
			return t.Ref()
		}
	}
	return history.Ref{}
}
