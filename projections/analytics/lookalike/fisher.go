package lookalike

import "math"

// leastExpected is how many customers each cell of a two-by-two table must be expected to hold for the normal approximation.
const leastExpected = 5

// choose is the logarithm of how many ways there are to choose k of n.
func choose(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}

// fisher is the two-sided exact probability (Fisher 1935) of shares top/n so far apart: of all tables with the same margins that
// are no likelier than this one.
func fisher(top, n [2]int64) float64 {
	have, all := top[0]+top[1], n[0]+n[1]
	chance := func(k int64) float64 {
		return choose(float64(n[0]), float64(k)) + choose(float64(n[1]), float64(have-k)) - choose(float64(all), float64(have))
	}
	limit, sum := chance(top[0])+1e-7, 0.0
	for k := max(0, have-n[1]); k <= min(have, n[0]); k++ {
		if p := chance(k); p <= limit {
			sum += math.Exp(p)
		}
	}
	return min(sum, 1)
}
