package analytics

import (
	"math"
	"slices"
)

// curveStep is the distance of the points of a curve in days.
const curveStep = 30

// walker goes along a Kaplan–Meier curve.
type walker struct {
	atRisk int64
	share  float64
	// hazard is the sum of Greenwood's formula (1926): lost / (at risk * (at risk - lost)).
	hazard float64
}

// curve fills in the curve.
func (s *Survival) curve(t *SurvivalTable) {
	days := make([]int64, 0, len(s.ends))
	for d, e := range s.ends {
		days = append(days, d)
		t.Customers += e.lost + e.censored
		t.Lost += e.lost
	}
	slices.Sort(days)
	w, next := walker{atRisk: t.Customers, share: 1}, int64(0)
	for _, d := range days {
		for ; next < d; next += curveStep {
			t.Curve = append(t.Curve, w.point(next))
		}
		w.pass(s.ends[d])
		if t.Median == nil && w.share <= .5 {
			t.Median = &d
		}
		if next == d {
			t.Curve = append(t.Curve, w.point(next))
			next += curveStep
		}
	}
}

// pass goes past the customers whose watching ended on one day; the censored ones were watched on that day.
func (w *walker) pass(e *ends) {
	if e.lost > 0 {
		n, d := float64(w.atRisk), float64(e.lost)
		w.share *= 1 - d/n
		if n > d {
			w.hazard += d / (n * (n - d))
		}
	}
	w.atRisk -= e.lost + e.censored
}

// point is the curve where the walker stands. The interval is on the log-log scale (Kalbfleisch & Prentice 1980), which
// stays within 0 and 1.
func (w *walker) point(days int64) SurvivalPoint {
	p := SurvivalPoint{Days: days, AtRisk: w.atRisk, Share: w.share, Around: Interval{w.share, w.share}}
	if w.share > 0 && w.share < 1 {
		half := z95 * math.Sqrt(w.hazard) / math.Abs(math.Log(w.share))
		p.Around = Interval{math.Pow(w.share, math.Exp(half)), math.Pow(w.share, math.Exp(-half))}
	}
	return p
}
