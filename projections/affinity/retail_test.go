package affinity_test

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/projections/affinity"
)

// bench is the published protocol on Online Retail, worked out again from its figures: trained on all before 2011-09-01,
// asked for September; products only (codes that begin with five digits), which are known from training. "What next" are the
// customers known from training who bought something new to them; baskets are those of two known products and more, of
// which one is hidden. Counts, likeness and ranks here are worked out without the package.
type bench struct {
	*retailSplit
	model  *affinity.Model
	skus   []string
	place  map[string]int
	buyers counts
	basket counts
}

// counts are dense: of each item and of each pair.
type counts struct {
	of   []float64
	both [][]float64
}

func newBench(t *testing.T) (*bench, bool) {
	t.Helper()
	sales, ok := retail(t)
	if !ok {
		return nil, false
	}
	b := &bench{retailSplit: split(sales, month(time.September), month(time.October)), place: map[string]int{}}
	b.model = b.retailSplit.model(affinity.Default())
	b.skus = b.model.SKUs()
	for i, sku := range b.skus {
		b.place[sku] = i
	}
	b.buyers, b.basket = newCounts(len(b.skus)), newCounts(len(b.skus))
	for _, p := range b.before {
		own := map[string]bool{}
		for i := range p.Baskets {
			b.basket.add(b.set(p.Baskets[i].Items))
			for _, it := range p.Baskets[i].Items {
				own[it.SKU] = true
			}
		}
		b.buyers.add(b.setOf(own))
	}
	return b, true
}

func newCounts(items int) counts {
	c := counts{make([]float64, items), make([][]float64, items)}
	for i := range c.both {
		c.both[i] = make([]float64, items)
	}
	return c
}

func (c *counts) add(set []int) {
	for _, i := range set {
		c.of[i]++
		for _, j := range set {
			c.both[i][j]++
		}
	}
}

func (b *bench) set(items []affinity.Item) []int {
	in := map[string]bool{}
	for _, it := range items {
		in[it.SKU] = true
	}
	return b.setOf(in)
}

func (b *bench) setOf(in map[string]bool) []int {
	var set []int
	for sku := range in {
		if i, known := b.place[sku]; known {
			set = append(set, i)
		}
	}
	slices.Sort(set)
	return set
}

// likeness says how alike two items are by their counts.
type likeness func(both, a, b float64) float64

func (c *counts) matrix(like likeness) [][]float64 {
	m := make([][]float64, len(c.of))
	for i := range m {
		m[i] = make([]float64, len(c.of))
		for j, both := range c.both[i] {
			if both > 0 {
				m[i][j] = like(both, c.of[i], c.of[j])
			}
		}
	}
	return m
}

// rank returns the first ten items by the sum of likeness to a set that are not in it; of two as good the first by number.
func (b *bench) rank(alike [][]float64, set []int) []string {
	scores := make([]float64, len(b.skus))
	for _, i := range set {
		for j, s := range alike[i] {
			scores[j] += s
		}
	}
	for _, i := range set {
		scores[i] = -1
	}
	var best []int
	better := func(x, y int) int { return cmp.Or(cmp.Compare(scores[y], scores[x]), cmp.Compare(x, y)) }
	for j := range scores {
		if len(best) == 10 && better(j, best[9]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, j, better)
		best = slices.Insert(best[:min(9, len(best))], at, j)
	}
	list := make([]string, len(best))
	for i, j := range best {
		list[i] = b.skus[j]
	}
	return list
}

// next calls each with every case of "what next".
func (b *bench) next(each func(p *affinity.Purchases, own []int, want map[string]bool)) {
	for _, name := range b.names {
		p, has, want := b.before[name], map[string]bool{}, map[string]bool{}
		for i := range p.Baskets {
			for _, it := range p.Baskets[i].Items {
				has[it.SKU] = true
			}
		}
		for _, sku := range b.after[name] {
			if _, known := b.place[sku]; known && !has[sku] {
				want[sku] = true
			}
		}
		if len(want) > 0 {
			each(p, b.setOf(has), want)
		}
	}
}

func TestRetail(t *testing.T) {
	t.Parallel()
	b, ok := newBench(t)
	if !ok {
		return
	}
	t.Run("what next", func(t *testing.T) { t.Parallel(); b.whatNext(t) })
	t.Run("baskets completed", func(t *testing.T) { t.Parallel(); b.basketsCompleted(t) })
}

func (b *bench) whatNext(t *testing.T) {
	trial := affinity.NewTrial(b.model, 10)
	b.next(func(p *affinity.Purchases, _ []int, want map[string]bool) {
		trial.Add(p, slices.Collect(maps.Keys(want)))
	})
	v := trial.Verdict().Next
	if v.Cases != 883 {
		t.Fatalf("%d customers bought something new, want 883", v.Cases)
	}
	// In baskets here; in what the published figure was counted is not known: by customers it is .0466, by lines .0477.
	within(t, "last-30-day popularity", v.PopularNDCG, .0471, .001)
	for _, base := range []struct {
		name      string
		like      likeness
		published float64
	}{
		{"co-occurrence", func(both, _, _ float64) float64 { return both }, .0614},
		{"raw lift of three and more", func(both, a, b float64) float64 { return math.Floor(min(1, both/3)) * both / (a * b) }, .0163},
		{"cosine", func(both, a, b float64) float64 { return both / math.Sqrt(a*b) }, .0876},
		{"Jaccard", func(both, a, b float64) float64 { return both / (a + b - both) }, .0985},
	} {
		alike, sum := b.buyers.matrix(base.like), 0.0
		b.next(func(_ *affinity.Purchases, own []int, want map[string]bool) {
			sum += affinity.Gain(b.rank(alike, own), want, 10)
		})
		within(t, base.name, sum/883, base.published, .0002)
	}
	t.Logf("here %.4f, hit@10 %.3f beside %.3f; %s", v.NDCG, v.Hit, v.PopularHit, trial.Verdict().Text.En)
	if v.NDCG < .1034 {
		t.Errorf("nDCG@10 is %.4f, the reference to beat .1034 and the least .0985", v.NDCG)
	}
}

// within checks a baseline against what was published, and prints both.
func within(t *testing.T, name string, got, published, tolerance float64) {
	t.Helper()
	t.Logf("%-28s %.4f, published %.4f", name, got, published)
	if math.Abs(got-published) > tolerance {
		t.Errorf("%s is %.4f, published %.4f", name, got, published)
	}
}

// basketsCompleted hides one product of each basket. The published figures are of one random draw that is not
// known; over 1,630 draws of a rate of .3 one standard error is .011, so the baselines are held to 2.5 of them.
func (b *bench) basketsCompleted(t *testing.T) {
	const places = 10
	trial := affinity.NewTrial(b.model, places)
	hits := map[string]float64{}
	matrices := map[string][][]float64{
		"cosine":  b.basket.matrix(func(both, a, b float64) float64 { return both / math.Sqrt(a*b) }),
		"Jaccard": b.basket.matrix(func(both, a, b float64) float64 { return both / (a + b - both) }),
	}
	n := 0
	for _, list := range b.baskets {
		basket := b.known(list)
		if len(basket) < 2 {
			continue
		}
		hidden := basket[n%len(basket)] // each place of a basket as often as any other
		rest := slices.DeleteFunc(slices.Clone(basket), func(sku string) bool { return sku == hidden })
		trial.AddBasket(rest, hidden, b.at)
		for name, alike := range matrices {
			if slices.Contains(b.rank(alike, b.setOf(in(rest))), hidden) {
				hits[name]++
			}
		}
		n++
	}
	v := trial.Verdict().Basket
	if v.Cases != 1630 {
		t.Fatalf("%d baskets, want 1,630", v.Cases)
	}
	within(t, "basket popularity", v.PopularHit, .044, .012)
	within(t, "basket cosine", hits["cosine"]/1630, .296, .028)
	within(t, "basket Jaccard", hits["Jaccard"]/1630, .304, .028)
	t.Logf("here %.4f; %s", v.Hit, trial.Verdict().Text.En)
	if v.Hit < .304 || v.Hit < hits["Jaccard"]/1630 {
		t.Errorf("hit@10 is %.4f, want .304 and no less than Jaccard's %.4f", v.Hit, hits["Jaccard"]/1630)
	}
}

// known returns the different products of a basket that are known from training, in order.
func (b *bench) known(list []string) []string {
	var basket []string
	for _, sku := range list {
		if _, known := b.place[sku]; known && !slices.Contains(basket, sku) {
			basket = append(basket, sku)
		}
	}
	return basket
}

func in(list []string) map[string]bool {
	set := map[string]bool{}
	for _, sku := range list {
		set[sku] = true
	}
	return set
}
