package churn

import (
	"math"
	"slices"
)

// gap returns the customer's usual gap between days of visits, in days; false if there are not enough visits. Days are the
// latest first.
func (r *Rhythm) gap(days []day) (float64, bool) {
	if len(days) < r.MinVisits {
		return 0, false
	}
	var space [inStack]day
	gaps := space[:0]
	for i := 1; i < len(days) && i <= r.Gaps; i++ {
		gaps = append(gaps, days[i-1]-days[i])
	}
	own, n := r.middle(gaps), float64(len(gaps))
	return (own*n + r.PriorDays*r.PriorGaps) / (n + r.PriorGaps), true
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
