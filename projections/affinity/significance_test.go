package affinity_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/c360hq/c360/projections/affinity"
)

// exact is the upper tail of the hypergeometric distribution in rational numbers.
func exact(both, a, b, all int64) float64 {
	sum := new(big.Int)
	for k := both; k <= min(a, b); k++ {
		if b-k <= all-a {
			sum.Add(sum, new(big.Int).Mul(new(big.Int).Binomial(a, k), new(big.Int).Binomial(all-a, b-k)))
		}
	}
	p, _ := new(big.Rat).SetFrac(sum, new(big.Int).Binomial(all, b)).Float64()
	return p
}

func TestFisherIsExact(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]int64{
		{3, 4, 4, 8}, // the lady tasting tea: 17/70 (R. A. Fisher, The Design of Experiments, 1935)
		{0, 5, 5, 20},
		{5, 5, 5, 20},
		{1, 5, 5, 20},
		{2, 18, 15, 20},
		{13, 18, 15, 20},
		{14, 18, 15, 20},
		{90, 300, 250, 1000},
		{75, 300, 250, 1000},
		{60, 250, 300, 1000},
		{10, 100, 100, 1000},
		{60, 100, 100, 1000},
		{11, 19, 791, 9835},
	} {
		got, want := affinity.Fisher(int(c[0]), int(c[1]), int(c[2]), int(c[3])), exact(c[0], c[1], c[2], c[3])
		if math.Abs(got-want) > 1e-9*want+1e-15 {
			t.Errorf("%v: p %g, want %g", c, got, want)
		}
	}
	if p := affinity.Fisher(3, 4, 4, 8); math.Abs(p-17.0/70) > 1e-12 {
		t.Errorf("three of four cups of tea: p %g, want 17/70", p)
	}
}

// Products that are bought independently of each other go together no more often than the correction allows.
func TestChanceIsNotSignificant(t *testing.T) {
	t.Parallel()
	const seed = 11
	t.Logf("seed %d", seed)
	m := independent(seed, 3000, 60)
	false1, tests := 0, 0
	for _, sku := range m.SKUs() {
		false1 += len(m.BoughtTogether(sku, 100))
		tests += 59
	}
	if false1 > 12 { // 5 % of 60 searches are expected to find one
		t.Errorf("%d of %d independent pairs are said to go together", false1, tests)
	}
	t.Logf("%d of %d", false1, tests)
}
