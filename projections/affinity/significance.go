package affinity

import (
	"cmp"
	"math"
	"slices"
)

// fisher returns the chance that two independent properties, of a and b out of all sets, meet in both or more sets: the upper
// tail of the hypergeometric distribution (R. A. Fisher, 1922).
func fisher(both, a, b, all int) float64 {
	a, b = min(a, b), max(a, b) // the same either way round, to the last bit
	if both <= max(0, a+b-all) {
		return 1
	}
	if mean := float64(a) * float64(b) / float64(all); float64(both) < mean {
		return max(0, 1-tail(both-1, a, b, all, -1, max(0, a+b-all)))
	}
	return min(1, tail(both, a, b, all, 1, a))
}

// tail sums the chances of k sets with both, from k on, upwards or downwards up to last. Each follows from the one before;
// what is too small to matter ends it.
func tail(k, a, b, all, step, last int) float64 {
	term := math.Exp(choose(a, k) + choose(all-a, b-k) - choose(all, b))
	sum := term
	for ; k != last && term > sum*1e-17; k += step {
		x := float64(k)
		if step > 0 {
			term *= (float64(a) - x) * (float64(b) - x) / ((x + 1) * (float64(all-a-b) + x + 1))
		} else {
			term *= x * (float64(all-a-b) + x) / ((float64(a) - x + 1) * (float64(b) - x + 1))
		}
		sum += term
	}
	return sum
}

// choose is the logarithm of n over k.
func choose(n, k int) float64 {
	return logFactorial(n) - logFactorial(k) - logFactorial(n-k)
}

func logFactorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}

// adjust sets Q of each rule: of the rules with such a P or a smaller one, the share that is to be expected to be false
// (Benjamini and Hochberg, 1995). tests is how many were looked at; those that are not in the list count with P = 1.
func adjust(rules []Rule, tests int) {
	order := make([]int, len(rules))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(rules[a].P, rules[b].P) })
	q := 1.0
	for n := len(order) - 1; n >= 0; n-- {
		r := &rules[order[n]]
		q = min(q, r.P*float64(max(tests, len(rules)))/float64(n+1))
		r.Q = q
	}
}
