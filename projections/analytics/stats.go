package analytics

import (
	"math"
	"slices"
)

// z95 is the two-sided 95 % point of the normal distribution.
const z95 = 1.959963984540054

// quantile is the value that a share q of the values do not exceed, by linear interpolation between order statistics
// (type 7 of Hyndman & Fan 1996); false for none. It sorts the values.
func quantile(values []int64, q float64) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	slices.Sort(values)
	place := q * float64(len(values)-1)
	low := int(place)
	high := min(low+1, len(values)-1)
	rest := place - float64(low)
	return float64(values[low]) + rest*float64(values[high]-values[low]), true
}

// share is top/bottom, nil for none.
func share(top, bottom int64) *float64 {
	if bottom == 0 {
		return nil
	}
	v := float64(top) / float64(bottom)
	return &v
}

// Interval is a range that holds the true value in 95 cases of 100.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// wilson is the score interval of a share (Wilson 1927).
func wilson(top, n int64) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	size, p := float64(n), float64(top)/float64(n)
	middle := p + z95*z95/(2*size)
	half := z95 * math.Sqrt(p*(1-p)/size+z95*z95/(4*size*size))
	whole := 1 + z95*z95/size
	return Interval{max(0, (middle-half)/whole), min(1, (middle+half)/whole)}
}

// Newcombe is the interval of the difference of two shares, top1/n1 - top2/n2 (Newcombe 1998, method 10).
func Newcombe(top1, n1, top2, n2 int64) Interval {
	if n1 == 0 || n2 == 0 {
		return Interval{-1, 1}
	}
	p1, p2 := float64(top1)/float64(n1), float64(top2)/float64(n2)
	w1, w2 := wilson(top1, n1), wilson(top2, n2)
	d := p1 - p2
	return Interval{
		d - math.Hypot(p1-w1.Low, w2.High-p2),
		d + math.Hypot(w1.High-p1, p2-w2.Low),
	}
}
