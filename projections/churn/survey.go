package churn

import "github.com/c360hq/c360/projections/history"

// Survey looks at what data there is to calibrate with. It is fed by a scan over all customers, in any order.
type Survey struct {
	counter counter
	now     int64
	// Customers have been there at all, Regular of them on RegularVisits days or more.
	Customers, Regular int64
	// first is the first day of all.
	first day
	gaps  []int64 // how many gaps there are of so many days
}

// RegularVisits is how many days of visits make a customer whose rhythm can be judged.
const RegularVisits = 3

// NewSurvey begins to look at what counts, as of a time, Unix microseconds.
func NewSurvey(c Counts, now int64) *Survey {
	return &Survey{counter: newCounter(&c), now: now, first: noDay, gaps: make([]int64, mostDays)}
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
	for i := 1; i < len(days); i++ {
		s.gaps[min(days[i-1]-days[i], mostDays-1)]++
	}
}

// Merge takes in what was seen of other customers.
func (s *Survey) Merge(o *Survey) {
	s.Customers, s.Regular, s.first = s.Customers+o.Customers, s.Regular+o.Regular, min(s.first, o.first)
	for i := range s.gaps {
		s.gaps[i] += o.gaps[i]
	}
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
	if s.Days() < neededDays(60) {
		return 30
	}
	return 60
}

// neededDays is how long a history must be: a horizon to see what happened to the flags that are measured, one to see what
// happened to those that were picked by, and as much before to know people by.
func neededDays(horizon int) int { return 3 * horizon }
