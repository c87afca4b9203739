package churn

import (
	"math"
	"slices"
)

// gap returns the gap that a policy reckons with, in days; false if there are not enough visits. Days are the latest first.
func (r *Rhythm) gap(days []day) (float64, bool) {
	own, n := r.own(days)
	if len(days) < r.MinVisits {
		return 0, false
	}
	return (own*n + r.PriorDays*r.PriorGaps) / (n + r.PriorGaps), true
}

// own returns the customer's own usual gap between days of visits, and of how many gaps it is made.
func (r *Rhythm) own(days []day) (gap, of float64) {
	var space [inStack]day
	gaps := space[:0]
	for i := 1; i < len(days) && i <= r.Gaps; i++ {
		gaps = append(gaps, days[i-1]-days[i])
	}
	if len(gaps) == 0 {
		return 0, 0
	}
	return r.middle(gaps), float64(len(gaps))
}

// middle returns the median or the mean.
func (r *Rhythm) middle(gaps []day) float64 {
	n := len(gaps)
	if r.Gap == Mean {
		sum := day(0)
		for _, g := range gaps {
			sum += g
		}
		return float64(sum) / float64(n)
	}
	slices.Sort(gaps)
	return float64(gaps[(n-1)/2]+gaps[n/2]) / 2
}

// limit returns the silence, in days, beyond which the flag goes up.
func (r *Rhythm) limit(days []day) (float64, bool) {
	gap, known := r.gap(days)
	return min(max(r.Factor*gap, r.FloorDays), r.CeilingDays), known
}

func (r *Rhythm) raise(days []day, boost float64) day {
	limit, known := r.limit(days)
	if !known {
		return noDay
	}
	return days[0] + day(math.Floor(limit/boost)) + 1
}

func (r *Rhythm) ratio(days []day, today day) float64 {
	limit, known := r.limit(days)
	if !known {
		return 0
	}
	return float64(today-days[0]) / limit
}
