package value

import "math"

// logSum returns log(e^a + e^b).
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// logGamma returns ln Γ(a), a > 0.
func logGamma(a float64) float64 {
	v, _ := math.Lgamma(a)
	return v
}

// logRising returns log of a(a+1)…(a+n−1), which is ln Γ(a+n) − ln Γ(a), for a whole n without the difference of two
// large numbers.
func logRising(a, n float64) float64 {
	if n > 64 {
		return logGamma(a+n) - logGamma(a)
	}
	sum, product := 0.0, 1.0
	for i := 0.0; i < n; i++ {
		if product *= a + i; product > 1e200 || product < 1e-200 {
			sum, product = sum+math.Log(product), 1
		}
	}
	return sum + math.Log(product)
}

// The nodes and weights of the eight-point Gauss–Legendre rule on [−1, 1]; each node stands for its negative, too.
var (
	nodes   = [4]float64{0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363}
	weights = [4]float64{0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763}
)

// integrate returns the integral of f over panels of equal width, each by the eight-point rule.
func integrate(f func(float64) float64, from, to float64, panels int) float64 {
	half, sum := (to-from)/float64(panels)/2, 0.0
	for i := range panels {
		sum += panel(f, from+half*float64(2*i+1), half)
	}
	return sum
}

func panel(f func(float64) float64, mid, half float64) float64 {
	sum := 0.0
	for i, n := range nodes {
		sum += weights[i] * (f(mid-half*n) + f(mid+half*n))
	}
	return sum * half
}

// integrateDown returns the integral of a log-concave f, over panels that each change it by about e^3, and leaves out the
// end if that is nothing.
func integrateDown(f func(float64) float64, from, to, change float64) float64 {
	panels := 1 + int(min(change/3, 4000))
	half, sum := (to-from)/float64(panels)/2, 0.0
	for i := range panels {
		part := panel(f, from+half*float64(2*i+1), half)
		if sum += part; part < sum*1e-18 {
			break
		}
	}
	return sum
}

// meanBeta returns the mean of f(p) over p ~ Beta(a, b). Below least f may be taken as constant, and where 1−p is as
// small. It integrates over w = log(p/(1−p)), where the density is log-concave however small or large a and b are, and
// narrows that to where it is not nothing.
func meanBeta(a, b, least float64, f func(p float64) float64) float64 {
	norm := logGamma(a+b) - logGamma(a) - logGamma(b)
	density := func(w float64) float64 { return norm + a*w - (a+b)*softplus(w) }
	mode, end := math.Log(a/b), math.Log(least)
	low, high := edge(density, mode, end), edge(density, mode, -end)
	mean := integrate(func(w float64) float64 {
		return math.Exp(density(w)) * f(1/(1+math.Exp(-w)))
	}, low, high, 1+int((high-low)/2.5*max(1, math.Sqrt(a*b/(a+b)))))
	if low == end {
		mean += math.Exp(norm+a*end-math.Log(a)) * f(least)
	}
	if high == -end {
		mean += math.Exp(norm+b*end-math.Log(b)) * f(1)
	}
	return mean
}

// softplus returns log(1 + e^w).
func softplus(w float64) float64 {
	if w > 40 {
		return w
	}
	return math.Log1p(math.Exp(w))
}

// edge returns where, on the way from the mode to an end, a log-density has fallen by 45; the end if it has not.
func edge(density func(float64) float64, mode, end float64) float64 {
	if (end < 0) == (mode < end) { // the mode lies beyond
		mode = end
	}
	least := density(mode) - 45
	if density(end) >= least {
		return end
	}
	in, out := mode, end
	for range 30 {
		if mid := (in + out) / 2; density(mid) >= least {
			in = mid
		} else {
			out = mid
		}
	}
	return out
}

// sum adds up floats with the error of each addition carried along (Neumaier 1974).
type sum struct{ total, lost float64 }

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.lost += s.total - t + v
	} else {
		s.lost += v - t + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }
