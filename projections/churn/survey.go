package churn

import (
	"math"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

// Survey looks at what data there is to calibrate with. It is fed by a scan over all customers, in any order.
type Survey struct {
	counter counter
	now     int64
	// Customers have been there at all, Regular of them on RegularVisits days or more.
	Customers, Regular int64
	// first is the first day of all.
	first day
	gaps  []int64 // how many gaps there are of so many days
	// sample is what a model is fitted to: what there was as of fit.
	sample *value.Sample
	fit    int64
}

// RegularVisits is how many days of visits make a customer whose rhythm can be judged.
const RegularVisits = 3

// NewSurvey begins to look at what there is for a goal.
func NewSurvey(g Goal) *Survey {
	ahead := g.HorizonDays
	if ahead == 0 {
		ahead = longHorizon
	}
	return &Survey{
		counter: newCounter(&g.Counts), now: g.Now, first: noDay, gaps: make([]int64, mostDays),
		sample: value.NewSample(), fit: g.Now - 2*int64(ahead)*dayMicros,
	}
}

// Add takes in a customer.
func (s *Survey) Add(h *history.History) {
	days := s.counter.days(h, s.now, reach{-1, everything}, nil)
	if len(days) == 0 {
		return
	}
	s.Customers++
	s.first = min(s.first, days[len(days)-1])
	if len(days) >= RegularVisits {
		s.Regular++
	}
	s.sum(days)
	for i := 1; i < len(days); i++ {
		s.gaps[min(days[i-1]-days[i], mostDays-1)]++
	}
}

// sum adds a customer to what a model is fitted to.
func (s *Survey) sum(days []day) {
	today := dayOf(s.fit)
	for len(days) > 0 && days[0] > today {
		days = days[1:]
	}
	if len(days) > 0 {
		x, tx, t := buyer(days, today)
		s.sample.Add(value.Summary{X: x, Tx: tx, T: t})
	}
}

// Model returns the policy of a model fitted to the data as it was two horizons ago, so that nothing of what it is measured by
// has a part in it; false if there is too little to fit. It is MBG/NBD: it ranks by what it expects nearly as well as
// Pareto/NBD, and is fitted many times faster, above all where drop-out cannot be told from the data.
func (s *Survey) Model(c Counts, horizonDays int) (Policy, bool) {
	fitted, err := value.Fit(value.MBGNBD, s.sample)
	if err != nil {
		return Policy{}, false
	}
	m := Model{Name: MBGNBD, Parameters: map[string]float64{}, Threshold: 1, MinDays: 1}
	m.WithinWeeks = math.Round(10*weeks(day(horizonDays))) / 10
	for _, p := range fitted.Params {
		m.Parameters[p.Name] = min(max(p.Value, leastParameter), mostParameter)
	}
	return Policy{Version: Version, Counts: c, Model: &m, UntilDays: 365, Signals: defaultSignals}, true
}

// Merge takes in what was seen of other customers.
func (s *Survey) Merge(o *Survey) {
	s.Customers, s.Regular, s.first = s.Customers+o.Customers, s.Regular+o.Regular, min(s.first, o.first)
	for i := range s.gaps {
		s.gaps[i] += o.gaps[i]
	}
	s.sample.Merge(o.sample)
}

// Days returns how many days the history covers.
func (s *Survey) Days() int {
	if s.Customers == 0 {
		return 0
	}
	return int(dayOf(s.now) - s.first + 1)
}

// Gap returns the median gap between days of visits over all customers, in days; 30 if there is none.
func (s *Survey) Gap() int {
	all := int64(0)
	for _, n := range s.gaps {
		all += n
	}
	seen := int64(0)
	for days, n := range s.gaps {
		if seen += n; all > 0 && 2*seen >= all {
			return days
		}
	}
	return 30
}

// Horizon returns how many days ahead to look: 60, or 30 if the history is too short for that.
func (s *Survey) Horizon() int {
	if s.Days() < neededDays(longHorizon) {
		return longHorizon / 2
	}
	return longHorizon
}

// longHorizon is how many days ahead is looked if the history is long enough.
const longHorizon = 60

// neededDays is how long a history must be: a horizon to see what happened to the flags that are measured, one to see what
// happened to those that were picked by, and as much before to know people by.
func neededDays(horizon int) int { return 3 * horizon }
