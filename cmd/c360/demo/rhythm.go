package demo

import "time"

// rhythm is how regularly somebody does something. Time is cut into equal stretches with one moment in each: people
// come now early, now late, but nobody stays away for more than two stretches without a reason. That is what makes a
// silence mean something, and a long stretch makes somebody who comes rarely by nature.
type rhythm struct {
	what  uint64 // sets one thing that somebody does apart from the others
	every time.Duration
	loose int // how much of its stretch, in permille, a moment may lie in
	days  *[7]int
	share func(at time.Time) int // permille of the usual
}

// The things people do in a rhythm.
const (
	rhythmWeb uint64 = 1 + iota
	rhythmStore
	rhythmUses // and those after it: a consumable each
)

// everyDay is a rhythm of no weekday.
var everyDay = [7]int{1000, 1000, 1000, 1000, 1000, 1000, 1000}

// stretch is how long it takes until something happens again that happens that often in a thousand days.
func stretch(rate int) time.Duration {
	if rate <= 0 {
		return 0
	}
	return 1000 * day / time.Duration(rate)
}

// comings returns the midnights of the days of a week on which it is time for something.
func (s *scene) comings(start time.Time, r rhythm) []time.Time {
	if r.every <= 0 {
		return nil
	}
	seed, who := s.w.plan.Seed, uint64(s.p.index) //nolint:gosec // an index
	first := s.w.plan.Start().Add(-throw(seed, 9, who, r.what).span(0, r.every))
	var out []time.Time
	for k := start.Sub(first) / r.every; ; k++ {
		from := first.Add(k * r.every)
		if !from.Before(start.Add(7 * day)) {
			return out
		}
		d := throw(seed, 10, who, r.what, uint64(k)) //nolint:gosec // not negative: first is before the history
		at := r.moment(d, from)
		if at.Before(start) || !at.Before(start.Add(7*day)) {
			continue
		}
		midnight := start.Add(at.Sub(start).Truncate(day))
		if s.present(midnight) && d.chance(r.share(midnight)*(1000-s.p.whim)/1000) {
			out = append(out, midnight)
		}
	}
}

// moment is somewhere in the stretch that begins at from, rather on a day that people like than on another.
func (r *rhythm) moment(d *dice, from time.Time) time.Time {
	const most = 1740 // of the weekdays' parts
	room := r.every / 1000 * time.Duration(r.loose)
	from = from.Add((r.every - room) / 2)
	at := from
	for range 8 {
		at = from.Add(d.span(0, room))
		if d.upTo(most) < r.days[at.In(korea).Weekday()] {
			break
		}
	}
	return at
}

// present reports whether chance still decides what somebody does on a day, and not their story.
func (s *scene) present(midnight time.Time) bool {
	return s.p.quietFrom.IsZero() || !midnight.Add(day).After(s.p.quietFrom)
}

// visits is how much of their usual somebody comes to the web shop that day, purchases how much they buy.
func (s *scene) visits(midnight time.Time) int {
	return s.p.visiting(midnight) * seasons[midnight.In(korea).Month()] / 1000
}

func (s *scene) purchases(midnight time.Time) int {
	return s.p.buying(midnight) * seasons[midnight.In(korea).Month()] / 1000
}
