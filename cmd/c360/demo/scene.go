package demo

import (
	"container/heap"
	"time"

	"github.com/c360hq/c360/events"
)

// scene is one person in one week: it owns the dice and numbers the touchpoints, so that a person's week is the
// same whatever everybody else does.
type scene struct {
	w   *world
	p   *person
	d   *dice
	tag int // the week, or a story
	n   int
}

func (w *world) scene(p *person, tag int) *scene {
	return &scene{w: w, p: p, tag: tag, d: throw(w.plan.Seed, 2, uint64(p.index), uint64(tag))} //nolint:gosec // small numbers
}

// put adds a touchpoint.
func (s *scene) put(source, typ string, channel events.Channel, at time.Time, who Who, data []byte) {
	s.n++
	heap.Push(&s.w.queue, Touchpoint{
		ID:     s.w.plan.id(s.p.index, "/", s.tag, "/", s.n),
		Source: source, Type: typ, Channel: channel, At: at.UTC().Truncate(time.Millisecond), Who: who, Data: data, Person: s.p.index,
	})
}

// Rhythms, in parts of the average. Weekdays begin with Sunday.
var (
	seasons   = [13]int{0, 900, 800, 1000, 1000, 1050, 950, 850, 850, 1000, 1050, 1350, 1300}
	webDays   = [7]int{1150, 1000, 950, 950, 950, 950, 1050}
	storeDays = [7]int{1500, 620, 640, 690, 760, 1050, 1740}
	callDays  = [7]int{80, 1650, 1350, 1250, 1200, 1250, 220}

	webHours   = []int{14, 8, 4, 3, 3, 5, 12, 26, 38, 42, 46, 48, 60, 50, 46, 44, 44, 46, 50, 58, 74, 88, 80, 44}
	storeHours = []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 40, 62, 66, 68, 64, 62, 70, 84, 72, 30, 0, 0, 0}
	callHours  = []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 80, 100, 90, 40, 84, 86, 80, 72, 60, 0, 0, 0, 0, 0, 0}
)

// clockTime returns a moment of the day in the hours' rhythm.
func (s *scene) clockTime(midnight time.Time, hours []int) time.Time {
	return midnight.Add(time.Duration(s.d.weighted(hours))*time.Hour + s.d.span(0, time.Hour-time.Second))
}

// week is seven days of one person: what they do in their rhythm, and what chance adds.
func (s *scene) week(start time.Time) {
	if s.p.joined.Sub(start) > 28*day {
		return
	}
	s.joining(start)
	s.sessions(start)
	s.shopping(start)
	s.restocks(start)
	s.wouldRecommend(start)
	for n := range 7 {
		if midnight := start.Add(time.Duration(n) * day); s.present(midnight) {
			s.day(midnight, midnight.In(korea).Weekday())
		}
	}
}

// sessions are the visits to the web shop and the app. People look around for three weeks before they join.
func (s *scene) sessions(start time.Time) {
	for _, midnight := range s.comings(start, rhythm{rhythmWeb, stretch(s.p.webRate), 850, &webDays, s.visits}) {
		if s.p.joined.Sub(midnight) < 21*day {
			s.browse(s.clockTime(midnight, webHours))
		}
	}
}

// shopping are the visits to the stores.
func (s *scene) shopping(start time.Time) {
	for _, midnight := range s.comings(start, rhythm{rhythmStore, stretch(s.p.storeRate), 850, &storeDays, s.purchases}) {
		if !midnight.Before(s.p.joined) {
			s.visit(s.clockTime(midnight, storeHours))
		}
	}
}

// day is what happens outside any rhythm: the visits that a busy season adds, calls, and what the company sends.
func (s *scene) day(midnight time.Time, weekday time.Weekday) {
	p := s.p
	if midnight.Before(p.joined) {
		return
	}
	for range s.d.count(p.webRate * max(0, s.visits(midnight)-1000) / 1000 * webDays[weekday] / 1000) {
		s.browse(s.clockTime(midnight, webHours))
	}
	for range s.d.count(p.storeRate * max(0, s.purchases(midnight)-1000) / 1000 * storeDays[weekday] / 1000) {
		s.visit(s.clockTime(midnight, storeHours))
	}
	if s.d.upTo(1_000_000) < p.callRate*callDays[weekday]/1000*p.visiting(midnight)/1000 {
		s.smallCall(s.clockTime(midnight, callHours))
	}
	s.marketing(midnight, weekday)
}

// stepper hands out moments with a pause in between.
type stepper struct {
	at time.Time
	d  *dice
}

func (st *stepper) next(low, high time.Duration) time.Time {
	st.at = st.at.Add(st.d.span(low, high))
	return st.at
}
