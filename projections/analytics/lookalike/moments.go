package lookalike

import (
	"math"
	"math/big"
)

// moments are exact sums of numbers in 1/10000 and of their squares, so that their order does not matter.
type moments struct {
	n            int64
	sum, squares big.Int
}

// take takes what a customer has of a feature in. Of one that is there or not only the count matters.
func (m *moments) take(f feature) {
	if f.key.binary() {
		m.n++
		return
	}
	m.add(f.value)
}

// add takes a number in.
func (m *moments) add(x float64) {
	var v big.Int
	v.SetInt64(int64(math.Round(x * 1e4)))
	m.n++
	m.sum.Add(&m.sum, &v)
	m.squares.Add(&m.squares, v.Mul(&v, &v))
}

func (m *moments) merge(o *moments) {
	m.n += o.n
	m.sum.Add(&m.sum, &o.sum)
	m.squares.Add(&m.squares, &o.squares)
}

// over returns the mean and the variance over n customers; those who were not added count as 0.
func (m *moments) over(n int64) (mean, variance float64) {
	if n == 0 {
		return 0, 0
	}
	mean = ratio(&m.sum, n) / 1e4
	if n < 2 {
		return mean, 0
	}
	// n*squares - sum^2 is exact; it is what n*(n-1)*variance is.
	var a, b big.Int
	a.Mul(&m.squares, big.NewInt(n))
	b.Mul(&m.sum, &m.sum)
	a.Sub(&a, &b)
	return mean, ratio(&a, n) / float64(n-1) / 1e8
}

// ratio is x/n.
func ratio(x *big.Int, n int64) float64 {
	f, _ := new(big.Rat).SetFrac(x, big.NewInt(n)).Float64()
	return f
}
