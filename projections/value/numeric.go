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

// maxTerms bounds a series.
const maxTerms = 1 << 20

// logHyp returns the logarithm of Gauss's hypergeometric function 2F1(a, b; c; z) for a, b, c > 0 and 0 <= z < 1: a series
// without a negative term, scaled as it grows.
func logHyp(a, b, c, z float64) float64 {
	scale, sum, term := 0.0, 1.0, 1.0
	for n := 0.0; n < maxTerms; n++ {
		ratio := (a + n) * (b + n) / ((c + n) * (n + 1)) * z
		term *= ratio
		sum += term
		if worst := max(ratio, z); worst < 1 && term*worst < sum*(1-worst)*1e-16 {
			break
		}
		if sum > 1e200 {
			scale, term, sum = scale+math.Log(sum), term/sum, 1
		}
	}
	return scale + math.Log(sum)
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

// panelsFor returns how many panels carry an integrand that changes by a factor e^change.
func panelsFor(change float64) int { return 1 + int(min(change/3, 400)) }

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
