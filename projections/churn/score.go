package churn

import (
	"cmp"
	"math"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Score is the risk of one customer at a time, and why.
type Score struct {
	// At is the time, Unix microseconds.
	At int64
	// Points are 0…100; 50 is where the flag goes up.
	Points int
	// In says that the customer is flagged; Due is when that may change if nothing happens, standing.Never if never.
	In  bool
	Due int64
	// Known is false if too little is known of the customer to judge; Points are 0 then, and Note says what is missing. Note
	// also says so if the customer has been silent for so long that they count as gone, and are no longer flagged.
	Known bool
	Note  events.Text
	// Reasons add up to Points, the heaviest first.
	Reasons []Reason
	// Pivotal are the touchpoints without any one of which the answer In would be the other, the latest first. See Program.Pivotal.
	Pivotal []history.Ref
}

// Reason is one part of a score.
type Reason struct {
	// Code is "silence", "decline", "model", or the bad news "complaint", "refund", "unsubscribe", "trouble".
	Code string
	// Channel is the one that a decline is of; empty for anything else, and for a decline that no channel shows by itself.
	Channel events.Channel
	Words   events.Text
	Points  int
	// Numbers are what it was seen by.
	Numbers []Number
	// Touchpoints are those behind it, the latest first, at most MaxTouchpoints.
	Touchpoints []history.Ref
}

// MaxTouchpoints bounds the touchpoints behind a reason.
const MaxTouchpoints = 12

// Number is one number behind a reason, such as "silence_days".
type Number struct {
	Name  string
	Value float64
}

// reading is what a policy sees of a customer at a time.
type reading struct {
	*Program
	h     *history.History
	at    int64
	today day
	days  []day // the latest first
	bad   []*history.Touchpoint
	boost float64
	ratio float64
}

func (p *Program) read(h *history.History, at int64) *reading {
	r := &reading{Program: p, h: h, at: at, today: dayOf(at), boost: 1}
	if r.days = p.counter.days(h, at, p.reach, nil); len(r.days) == 0 {
		return r
	}
	r.bad = make([]*history.Touchpoint, len(p.news))
	for i, n := range p.news {
		if r.bad[i] = n.latest(h, at, p.newsFrom(r.days[0])); r.bad[i] != nil {
			r.boost += n.weight
		}
	}
	r.ratio = p.ratio(r.days, r.boost, r.today)
	return r
}

// Score returns the risk of a customer at a time, Unix microseconds, with reasons and what decides it.
func (p *Program) Score(h *history.History, at int64) Score {
	s := p.Glance(h, at)
	s.Pivotal = p.Pivotal(h, at)
	return s
}

// Glance is Score without Pivotal, which takes most of its time.
func (p *Program) Glance(h *history.History, at int64) Score {
	r := p.read(h, at)
	s := r.score()
	if s.Known {
		s.Reasons = r.reasons(s.Points)
	}
	return s
}

// Points returns the risk of a customer alone, 0…100: what lists are sorted by.
func (p *Program) Points(h *history.History, at int64) int { return points(p.read(h, at).ratio) }

// score is the score without reasons.
func (r *reading) score() Score {
	s := Score{At: r.at, Points: points(r.ratio)}
	s.In, s.Due = r.At(r.h, r.at)
	if s.Note, s.Known = r.known(); s.Known && r.today >= r.drop(r.days) {
		s.Note = r.gone()
	}
	return s
}

// share returns 0…1 for a ratio, ½ for 1.
func share(ratio float64) float64 { return ratio / (1 + ratio) }

func points(ratio float64) int { return int(math.Round(100 * share(ratio))) }

// spread gives each part its share of a whole, so that they add up to it: what is left over goes to the largest fractions.
func spread(whole int, parts []float64) []int {
	sum := 0.0
	for _, p := range parts {
		sum += p
	}
	given, order := make([]int, len(parts)), make([]int, len(parts))
	left := whole
	for i, p := range parts {
		given[i], order[i] = int(float64(whole)*p/max(sum, math.SmallestNonzeroFloat64)), i
		left -= given[i]
	}
	rest := func(i int) float64 { return float64(whole)*parts[i]/sum - float64(given[i]) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	for i := 0; left > 0 && i < len(order); i, left = i+1, left-1 {
		given[order[i]]++
	}
	return given
}
