package churn

import "math"

// Scaled returns the policy that flags those who have more than this ratio under this one: with less patience below 1, with more
// above. Its error is a *PolicyError if that is out of bounds. What was measured is not carried over.
func (p Policy) Scaled(ratio float64) (Policy, error) {
	q := p
	q.Measured, q.Note = nil, nil
	switch {
	case p.Rhythm != nil:
		r := *p.Rhythm
		r.Factor, r.FloorDays, r.CeilingDays = tidy(r.Factor*ratio), tidy(r.FloorDays*ratio), tidy(r.CeilingDays*ratio)
		q.Rhythm = &r
	case p.Decline != nil:
		d := *p.Decline
		d.Fall, d.Significance = tidy(d.Fall*ratio), math.Pow(d.Significance, ratio)
		q.Decline = &d
	case p.Model != nil:
		m := *p.Model
		if m.WithinWeeks > 0 {
			m.Threshold /= ratio
		} else {
			m.Threshold = 1 / (1 + odds(1-m.Threshold)*ratio)
		}
		q.Model = &m
	}
	return q, q.Validate()
}

// tidy takes off the last bits, which multiplying leaves behind.
func tidy(n float64) float64 { return math.Round(n*1e10) / 1e10 }
