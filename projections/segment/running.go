package segment

import (
	"math"

	"github.com/c360hq/c360/projections/standing"
)

// running adds up a window from its latest touchpoint backwards. On its way the sum is each that the window will still come
// down to as its earliest touchpoints leave, so the last time it was of the other kind says when the answer changes.
type running struct {
	span span
	sum  int64
	last int64 // time of what was added last
	// left is when what was added next happened, for the last sum outside (0) and inside (1) of the span.
	left [2]int64
	been [2]bool
	// mixed: what was added was not in the order of time; least is the earliest of it.
	mixed bool
	least int64
	// enough is the sum from which on nothing more needs to be added, as it only grows and more is as good; 0 for none.
	enough int64
}

// add adds a number, and reports whether that is enough.
func (r *running) add(v, at int64) (enough bool) {
	if r.been != [2]bool{} && at > r.last {
		r.mixed = true
	}
	if r.been == [2]bool{} || at < r.least {
		r.least = at
	}
	inside := 0
	if r.span.has(r.sum) {
		inside = 1
	}
	r.left[inside], r.been[inside] = at, true
	r.sum, r.last = plus(r.sum, v), at
	return r.enough > 0 && r.sum >= r.enough
}

func (r *running) end(within int64) (in bool, due int64) {
	in = r.span.has(r.sum)
	other := 1
	if in {
		other = 0
	}
	switch {
	case within == 0:
		return in, standing.Never
	case r.mixed:
		return in, r.least + within
	case r.been[other]:
		return in, r.left[other] + within
	}
	return in, standing.Never
}

// plus adds, and stays at the largest and smallest number there is.
func plus(a, b int64) int64 {
	switch c := a + b; {
	case a > 0 && b > 0 && c < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && c >= 0:
		return math.MinInt64
	default:
		return c
	}
}
