package segments

import (
	"math"

	"github.com/c360hq/c360/projections/segment"
)

// z is how many standard deviations hold 95 % of a normal distribution.
const z = 1.959964

// Estimate turns what a preview counted among a part of all customers into an answer about all. Fraction is how large the
// part is, 1 for all of them.
//
// In a fair sample the number found is binomial: of M members each is in it with that probability. The interval holds every
// M under which the number found is within z standard deviations of what is expected (E. B. Wilson, Probable inference, the
// law of succession, and statistical inference, 1927, turned from the share to the number of trials).
func Estimate(r segment.PreviewResult, fraction float64) SegmentPreview {
	a := SegmentPreview{
		Sampled: fraction < 1, Fraction: fraction, Looked: r.Customers, Customers: scaled(r.Customers, fraction),
		Members: scaled(r.Members, fraction), Low: r.Members, High: r.Members,
		Lines: make([]SegmentLine, len(r.Lines)), Examples: []SegmentCustomer{}, Near: []SegmentCustomer{},
	}
	if a.Sampled {
		a.Low, a.High = interval(r.Members, fraction)
	}
	if r.Customers > 0 {
		a.Share = float64(r.Members) / float64(r.Customers)
	}
	for i, l := range r.Lines {
		a.Lines[i] = SegmentLine{Pointer: l.Pointer, Words: l.Words, Fails: scaled(l.Fails, fraction), Loses: scaled(l.Loses, fraction)}
	}
	return a
}

func scaled(n int64, fraction float64) int64 { return int64(math.Round(float64(n) / fraction)) }

// interval solves (found - f·M)² = z²·f·(1-f)·M for M. There are at least as many as were found.
func interval(found int64, f float64) (low, high int64) {
	n := float64(found)
	b := 2*n*f + z*z*f*(1-f)
	root := math.Sqrt(max(b*b-4*f*f*n*n, 0))
	low = max(found, int64(math.Floor((b-root)/(2*f*f))))
	return low, max(found, int64(math.Ceil((b+root)/(2*f*f))))
}
