package affinity_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
)

// shoppers draws customers with baskets of a few products, some customers more than once and as of different times.
func shoppers(t *rapid.T, label string) []*affinity.Purchases {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *affinity.Purchases {
		p := &affinity.Purchases{Customer: who(rapid.StringMatching("[a-f]").Draw(t, "customer")), At: noon(100)}
		days := rapid.SliceOfN(rapid.IntRange(0, 90), 0, 5).Draw(t, "days")
		for _, n := range days {
			b := affinity.Basket{At: noon(n)}
			for _, sku := range rapid.SliceOfN(rapid.StringMatching("[a-j]"), 1, 6).Draw(t, "items") {
				price := events.Money(rapid.IntRange(0, 3).Draw(t, "price"))
				b.Items = append(b.Items, affinity.Item{SKU: sku, Category: "kind " + string(sku[0]&^1), Price: price})
			}
			p.Baskets = append(p.Baskets, b)
		}
		if rapid.Bool().Draw(t, "looks") {
			price := events.Money(rapid.IntRange(9_980, 10_020).Draw(t, "look"))
			p.Looks = []affinity.Look{{At: noon(3), Item: affinity.Item{SKU: "a", Brand: "MARU", Price: price}}}
		}
		return p
	}), 0, 12).Draw(t, label)
}

func feed(all ...*affinity.Purchases) *affinity.Model {
	m := affinity.New(affinity.Default())
	for _, p := range all {
		m.Put(p)
	}
	return m
}

func TestAddThenRemoveIsNeverAdded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, one := shoppers(t, "base"), shoppers(t, "one")
		for _, p := range one {
			p.Customer = who("new " + p.Customer.String())
		}
		m := feed(append(slices.Clone(base), one...)...)
		for _, p := range one {
			m.Remove(p.Customer)
		}
		if diff := cmp.Diff(feed(base...).Counts(), m.Counts()); diff != "" {
			t.Fatalf("counts are left over:\n%s", diff)
		}
		if m.Remove(who("nobody")) {
			t.Fatal("somebody was removed who was never added")
		}
	})
}

func TestMergeIsFeedingAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := shoppers(t, "a"), shoppers(t, "b")
		for i, p := range b { // some are in both, those as of a later or an earlier time
			p.At += int64(i%3 - 1)
		}
		one := func(list []*affinity.Purchases) []*affinity.Purchases { // one history a customer and time
			byKey := map[string]*affinity.Purchases{}
			for _, p := range list {
				byKey[fmt.Sprint(p.Customer, p.At)] = p
			}
			return slices.Collect(maps.Values(byKey))
		}
		all := one(slices.Concat(a, b))
		in := func(list []*affinity.Purchases) func(*affinity.Purchases) bool {
			return func(p *affinity.Purchases) bool { return !slices.Contains(list, p) }
		}
		a, b = slices.DeleteFunc(slices.Clone(all), in(a)), slices.DeleteFunc(slices.Clone(all), in(b))
		m := feed(a...)
		m.Merge(feed(b...))
		if diff := cmp.Diff(feed(all...).Counts(), m.Counts()); diff != "" {
			t.Fatalf("a merge counts otherwise than feeding all:\n%s", diff)
		}
	})
}

// answers asks a model everything, as text.
func answers(t testing.TB, m *affinity.Model, of []*affinity.Purchases) []string {
	t.Helper()
	rules, err := m.Rules(0.02, 0.1, 3)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{fmt.Sprintf("%+v", rules), fmt.Sprintf("%+v", m.Popular(noon(60), 100))}
	for _, sku := range m.SKUs() {
		timing, known := m.Timing(sku)
		all = append(all, fmt.Sprintf("%+v %+v %+v %+v %v", m.BoughtTogether(sku, 9), m.AlsoBought(sku, 9), m.UpSell(sku, 9), timing, known))
	}
	for _, p := range of {
		cares := m.WhoCares("kind 1", "", noon(180)).Match(p)
		all = append(all, fmt.Sprintf("%+v %+v %+v %+v", m.Recommend(p, 5), m.Due(p, noon(200), 9), m.Interests(p), cares))
		all = append(all, fmt.Sprintf("%+v %+v", m.UpSellTo(p, 5), m.Complete([]string{p.Baskets[0].Items[0].SKU}, noon(180), 5)))
	}
	return all
}

// TestShuffledFeedingChangesNothing feeds a model in several orders, with repeats and detours, and asks it everything.
func TestShuffledFeedingChangesNothing(t *testing.T) {
	t.Parallel()
	const seed = 4
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, seed))
	all := crowd(dice, 200, 12, 40)
	want := answers(t, feed(all...), all[:40])
	counts := feed(all...).Counts()
	for range 3 {
		mixed := slices.Concat(all, all[:30])
		dice.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		m := feed(mixed...)
		for _, p := range mixed[:20] {
			m.Remove(p.Customer)
			m.Put(p)
		}
		if diff := cmp.Diff(want, answers(t, m, all[:40])); diff != "" {
			t.Fatalf("another order of feeding, other answers:\n%s", diff)
		}
		if diff := cmp.Diff(counts, m.Counts()); diff != "" {
			t.Fatalf("another order of feeding, other counts:\n%s", diff)
		}
	}
}

// crowd makes customers with up to so many baskets of a few of so many products, of which some go together.
func crowd(dice *rand.Rand, customers, baskets, products int) []*affinity.Purchases {
	all := make([]*affinity.Purchases, customers)
	for c := range all {
		p := &affinity.Purchases{Customer: who(fmt.Sprint("c", c)), At: noon(180)}
		taste := dice.IntN(products)
		for range 1 + dice.IntN(baskets) {
			b := affinity.Basket{At: noon(dice.IntN(180))}
			b.Ref.At = b.At
			for range 1 + dice.IntN(7) {
				n := (taste + int(float64(products)*dice.Float64()*dice.Float64()*dice.Float64())) % products
				b.Items = append(b.Items, affinity.Item{
					SKU: fmt.Sprintf("P%05d", n), Category: fmt.Sprint("kind ", n/10), Currency: "KRW", Price: 10000 * events.Money(1+n),
				})
			}
			p.Baskets = append(p.Baskets, b)
		}
		all[c] = p
	}
	return all
}
