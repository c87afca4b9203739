package analytics

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// SurvivalOptions say when a customer counts as lost.
type SurvivalOptions struct {
	// At is the instant as of which it is told, Unix microseconds.
	At int64
	// Active says what breaks a silence; "" stands for ByOrders.
	Active Activity
	// Silence is how many days of it count as lost; 0 stands for 90.
	Silence int
}

// Survival counts how long customers stay until they first fall silent for long, and how many come back after that. It is
// for one goroutine; several can be merged.
//
// A customer is lost at the moment when the silence has lasted so many days, not when it began: so everybody can be watched
// until the instant, and who is not lost by then is censored there, whatever they do next.
type Survival struct {
	o     SurvivalOptions
	ends  map[int64]*ends // by days since the first activity
	back  [len(backDays)]again
	ever  again // of all lost ones, whenever they came back
	times []int64
}

// ends are the customers whose watching ended after so many days.
type ends struct{ lost, censored int64 }

// backDays are the days after being lost by which coming back is told.
var backDays = [...]int{30, 90, 180, 365}

// NewSurvival returns a curve without a customer.
func NewSurvival(o SurvivalOptions) (*Survival, error) {
	if err := o.Active.check(); err != nil {
		return nil, fmt.Errorf("analytics: %w", err)
	}
	if o.Silence <= 0 {
		o.Silence = defaultSilence
	}
	return &Survival{o: o, ends: map[int64]*ends{}}, nil
}

// Add takes a customer in. One who was never active by then is left out.
func (s *Survival) Add(h *history.History) {
	times := s.o.Active.times(h, s.o.At)
	if len(times) == 0 {
		return
	}
	silence := int64(s.o.Silence) * Day
	for i, from := range times {
		next := int64(math.MaxInt64)
		if i+1 < len(times) {
			next = times[i+1]
		}
		if lost := from + silence; lost < next && lost <= s.o.At {
			s.end((lost-times[0])/Day, 1, 0)
			s.came(lost, next)
			return
		}
	}
	s.end((s.o.At-times[0])/Day, 0, 1)
}

func (s *Survival) end(days, lost, censored int64) {
	e := s.ends[days]
	if e == nil {
		e = &ends{}
		s.ends[days] = e
	}
	e.lost, e.censored = e.lost+lost, e.censored+censored
}

// came notes whether one who was lost came back, and when.
func (s *Survival) came(lost, next int64) {
	for i, days := range backDays {
		b, end := &s.back[i], lost+int64(days)*Day
		if end > s.o.At {
			b.open++
			continue
		}
		b.customers++
		b.bought += number(next <= end)
	}
	s.ever.customers++
	if next <= s.o.At {
		s.ever.bought++
		s.times = append(s.times, next-lost)
	}
}

// Merge takes in what another Survival of the same options has seen.
func (s *Survival) Merge(o *Survival) {
	for days, e := range o.ends {
		s.end(days, e.lost, e.censored)
	}
	for i := range s.back {
		s.back[i].merge(&o.back[i])
	}
	s.ever.merge(&o.ever)
	s.times = append(s.times, o.times...)
}

// SurvivalTable is how long customers stay and who comes back.
type SurvivalTable struct {
	At      time.Time `json:"at"`
	Active  Activity  `json:"active"`
	Silence int       `json:"silence_days"`
	// Customers were ever active; Lost fell silent for so long at least once.
	Customers int64 `json:"customers"`
	Lost      int64 `json:"lost"`
	// Curve is the share of customers not lost yet by days since they were first active (Kaplan & Meier 1958), every 30 days.
	Curve []SurvivalPoint `json:"curve"`
	// Median is by how many days half of them are lost, null if that has not been seen.
	Median *int64 `json:"median_days"`
	// Back is who of the lost came back within so many days; once a customer, always a customer?
	Back []Reactivated `json:"back"`
	// Returned are the lost who came back by now; ReturnedShare is theirs, of which some may still come; BackMedian is the median
	// of the days they were lost.
	Returned      int64    `json:"returned"`
	ReturnedShare *float64 `json:"returned_share"`
	BackMedian    *float64 `json:"back_median_days"`
}

// SurvivalPoint is one point of the curve.
type SurvivalPoint struct {
	Days int64 `json:"days"`
	// AtRisk were watched for that long and not lost before.
	AtRisk int64    `json:"at_risk"`
	Share  float64  `json:"share"`
	Around Interval `json:"interval"`
}

// Reactivated is who came back within so many days after being lost.
type Reactivated struct {
	Days int `json:"days"`
	Again
}

// Result returns the curve.
func (s *Survival) Result() SurvivalTable {
	t := SurvivalTable{At: instant(s.o.At), Active: s.o.Active, Silence: s.o.Silence}
	if t.Active == "" {
		t.Active = ByOrders
	}
	s.curve(&t)
	for i, days := range backDays {
		t.Back = append(t.Back, Reactivated{days, s.back[i].table()})
	}
	t.Returned, t.ReturnedShare = s.ever.bought, share(s.ever.bought, s.ever.customers)
	if m, ok := quantile(slices.Clone(s.times), .5); ok {
		m /= float64(Day)
		t.BackMedian = &m
	}
	return t
}
