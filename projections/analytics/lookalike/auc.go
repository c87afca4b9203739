package lookalike

import (
	"math"
	"slices"

	"github.com/c360hq/c360/projections/analytics"
)

// AUC is the share of pairs of a seed and another in which the seed scores higher; ties count half (Mann & Whitney 1947). NaN if
// there are no pairs. .5 is chance.
func AUC(scores []float64, seed []bool) float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compareFloats(scores[a], scores[b]) })
	var below, wins, seeds float64
	for from := 0; from < len(order); {
		to, in := from, 0.0
		for ; to < len(order) && scores[order[to]] == scores[order[from]]; to++ {
			if seed[order[to]] {
				in++
			}
		}
		others := float64(to-from) - in
		wins += in * (below + others/2)
		below, seeds, from = below+others, seeds+in, to
	}
	return wins / (seeds * below)
}

// aucInterval is where an AUC lies, told by so many seeds and others (Hanley & McNeil 1982).
func aucInterval(auc float64, seeds, others int) analytics.Interval {
	p, n := float64(seeds), float64(others)
	q1, q2 := auc/(2-auc), 2*auc*auc/(1+auc)
	half := z95 * math.Sqrt((auc*(1-auc)+(p-1)*(q1-auc*auc)+(n-1)*(q2-auc*auc))/(p*n))
	return analytics.Interval{Low: max(0, auc-half), High: min(1, auc+half)}
}
