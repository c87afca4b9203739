package demo

import "time"

// The ways of slipping away, as the truth file names them.
const (
	// SlippingFading comes to the web shop less and less, then buys less and less, then does neither.
	SlippingFading = "fading"
	// SlippingStopped is gone from one day to the next.
	SlippingStopped = "stopped"
	// SlippingReturned was gone for a while and is back: a flag must be raised and lowered.
	SlippingReturned = "returned"
)

// Of a thousand ordinary people, so many would slip away in each way. Some of them have not been there long enough to
// have a rhythm, or come too rarely for a silence to be told from patience: they go on. About 7 in 100 are left.
var slippingShares = []struct {
	permille int
	kind     string
}{{65, SlippingFading}, {25, SlippingStopped}, {20, SlippingReturned}, {890, ""}}

func (d *dice) slipping() string {
	weights := make([]int, len(slippingShares))
	for i, s := range slippingShares {
		weights[i] = s.permille
	}
	return slippingShares[d.weighted(weights)].kind
}

// pace is how much of their usual, in permille, somebody visits and buys at a time.
type pace func(at time.Time) (visits, purchases int)

func steady(time.Time) (visits, purchases int) { return 1000, 1000 }

func (one *person) visiting(at time.Time) int {
	n, _ := one.pace(at)
	return n
}

func (one *person) buying(at time.Time) int {
	_, n := one.pace(at)
	return n
}

// slip is how somebody slips away.
type slip struct {
	kind  string // "" for most people
	since time.Time
	back  time.Time     // when one who returned did
	over  time.Duration // from since until nothing is left
}

// slips lets somebody slip away from a week on, if that leaves time for a rhythm before and for a silence after.
func (p Plan) slips(one *person, kind string, d *dice) {
	gap := one.gap()
	s := slip{kind: kind}
	silence := gap + 21*day // at the end, at least
	switch kind {
	case SlippingFading:
		s.over = min(max(4*gap, 35*day), 112*day)
	case SlippingReturned:
		s.over, silence = max(4*gap, 42*day)+d.span(0, 60*day), 2*gap+7*day
	}
	begins := later(one.joined, p.Start()).Add(5*gap + 14*day)
	first, last := p.week(begins)+1, p.week(p.End.Add(-s.over-silence))
	if last < first {
		return
	}
	s.since = p.weekStart(d.between(first, last))
	if kind == SlippingReturned {
		s.back = s.since.Add(s.over)
	}
	one.slip, one.pace = s, s.pace
}

// gap is how long it usually is from one visit to the next, wherever.
func (one *person) gap() time.Duration { return stretch(max(1, one.webRate+one.storeRate)) }

// pace falls with the web visits first and the purchases a while later.
func (s slip) pace(at time.Time) (visits, purchases int) {
	switch {
	case at.Before(s.since), s.kind == SlippingReturned && !at.Before(s.back):
		return 1000, 1000
	case s.kind == SlippingFading:
		fall := s.over * 2 / 3
		return left(at.Sub(s.since), fall), left(at.Sub(s.since)-s.over/3, fall)
	}
	return 0, 0
}

// silent is when nothing is left.
func (s slip) silent() time.Time {
	if s.kind == SlippingFading {
		return s.since.Add(s.over)
	}
	return s.since
}

// left is what is left, in permille, after a while of a fall that takes that long.
func left(after, fall time.Duration) int {
	return min(1000, max(0, 1000-int(after/time.Minute)*1000/int(fall/time.Minute)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
