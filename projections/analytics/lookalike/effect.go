package lookalike

import (
	"math"
	"slices"

	"github.com/c360hq/c360/projections/analytics"
)

// z95 is the two-sided 95 % point of the normal distribution.
const z95 = 1.959963984540054

// effect is how far two groups are apart: their shares or means, the difference with its interval, the size in standard
// deviations with its interval, and how likely so much is by chance.
type effect struct {
	in, rest, difference float64
	around               analytics.Interval
	size                 float64
	sizeAround           analytics.Interval
	p                    float64
}

// ofShares compares two shares, top of n. The interval of the difference is Newcombe's. The size is the log odds ratio, half a
// customer added to every cell (Haldane 1956, Anscombe 1956), times √3/π, which makes it comparable with a difference of
// means in standard deviations (Hasselblad & Hedges 1995). The test is that of two proportions with pooled variance, or, where
// a cell is expected to hold fewer than 5, Fisher's exact one.
func ofShares(top, n [2]int64) effect {
	a, b := float64(top[0]), float64(top[1])
	na, nb := float64(n[0]), float64(n[1])
	e := effect{in: a / na, rest: b / nb, around: analytics.Newcombe(top[0], n[0], top[1], n[1])}
	e.difference = e.in - e.rest
	odds := math.Log((a + .5) / (na - a + .5) / ((b + .5) / (nb - b + .5)))
	se := math.Sqrt(1/(a+.5) + 1/(na-a+.5) + 1/(b+.5) + 1/(nb-b+.5))
	e.sized(odds*math.Sqrt(3)/math.Pi, se*math.Sqrt(3)/math.Pi)
	if pooled := (a + b) / (na + nb); min(pooled, 1-pooled)*min(na, nb) < leastExpected {
		e.p = fisher(top, n)
	} else {
		e.p = chance(e.difference, math.Sqrt(pooled*(1-pooled)*(1/na+1/nb)))
	}
	return e
}

// ofMeans compares two means. The test is Welch's (1947) in its normal approximation, the size Hedges' g (1981).
func ofMeans(m *[2]moments, n [2]int64) effect {
	meanA, varA := m[0].over(n[0])
	meanB, varB := m[1].over(n[1])
	na, nb := float64(n[0]), float64(n[1])
	e := effect{in: meanA, rest: meanB, difference: meanA - meanB}
	se := math.Sqrt(varA/na + varB/nb)
	e.around = analytics.Interval{Low: e.difference - z95*se, High: e.difference + z95*se}
	e.p = chance(e.difference, se)
	sd := math.Sqrt(((na-1)*varA + (nb-1)*varB) / (na + nb - 2))
	switch {
	case sd > 0:
		g := (1 - 3/(4*(na+nb-2)-1)) * e.difference / sd
		e.sized(g, math.Sqrt(1/na+1/nb+g*g/(2*(na+nb))))
	case e.difference != 0: // all of a side are the same: how likely is it that chance dealt them so?
		e.sized(math.Copysign(maxEffect, e.difference), 0)
		e.p = math.Exp(-choose(na+nb, na))
	}
	return e
}

// maxEffect bounds effects: what is further apart than ten standard deviations does not overlap.
const maxEffect = 10

func (e *effect) sized(size, se float64) {
	e.size = bounded(size)
	e.sizeAround = analytics.Interval{Low: bounded(size - z95*se), High: bounded(size + z95*se)}
}

func bounded(size float64) float64 { return min(max(size, -maxEffect), maxEffect) }

// chance is the two-sided probability of a difference so large if there is none.
func chance(difference, se float64) float64 {
	if se == 0 {
		return 1
	}
	return math.Erfc(math.Abs(difference) / se / math.Sqrt2)
}

// sure is the size that the effect has at least, 0 if it may be none.
func (e *effect) sure() float64 { return max(0, e.sizeAround.Low, -e.sizeAround.High) }

// falseShares turns probabilities into what share of those as small are false alarms (Benjamini & Hochberg 1995).
func falseShares(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareFloats(p[a], p[b]) })
	q, least := make([]float64, len(p)), 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
