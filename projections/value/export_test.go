package value

import "math"

// LogRising is tested on its own.
func LogRising(a, n float64) float64 { return logRising(a, n) }

// AheadBothWays returns the purchases expected of a customer of BG/NBD or MBG/NBD who is alive, as a sum and as an integral;
// false if the sum is too long to be used.
func AheadBothWays(l *Law, x, age, t float64) (sum, integral float64, ok bool) {
	g, geometric := l.law.(*geometric)
	if !geometric {
		return 0, 0, false
	}
	k, b, u := g.r+x, g.b+g.survived(x), t/(g.alpha+age)
	out := []float64{math.NaN()}
	g.ahead(x, age, []float64{t}, out)
	return out[0], meanAhead(k, g.a, b, u), countable(k, u)
}
