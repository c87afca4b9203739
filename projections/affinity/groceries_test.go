package affinity_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/c360hq/c360/projections/affinity"
)

// The counts are those of arules 1.7 on its own set, for rules with one item on the right and at least one on the left.
func TestRulesOfGroceries(t *testing.T) {
	t.Parallel()
	m, ok := groceries(t)
	if !ok {
		return
	}
	if n := m.Size(); n.Baskets != 9835 || n.Items != 169 {
		t.Fatalf("%d baskets of %d items, want 9,835 of 169", n.Baskets, n.Items)
	}
	for _, c := range []struct {
		support, confidence float64
		rules               int
	}{{.001, .8, 410}, {.001, .5, 5668}, {.006, .25, 463}, {.01, .5, 15}, {.01, .3, 125}} {
		rules, err := m.Rules(c.support, c.confidence, 10)
		if err != nil || len(rules) != c.rules {
			t.Errorf("support %g, confidence %g: %d rules, want %d (%v)", c.support, c.confidence, len(rules), c.rules, err)
		}
	}
}

func TestStrongestRulesOfGroceries(t *testing.T) {
	t.Parallel()
	m, ok := groceries(t)
	if !ok {
		return
	}
	rules, err := m.Rules(.001, .8, 10)
	if err != nil {
		t.Fatal(err)
	}
	best := slices.MaxFunc(rules, func(a, b affinity.Rule) int { return int(math.Copysign(1, a.Lift-b.Lift)) })
	if !slices.Equal(best.If, []string{"liquor", "red/blush wine"}) || best.Then != "bottled beer" || math.Abs(best.Lift-11.2353) > 5e-5 {
		t.Errorf("the strongest rule is %v → %s with lift %.4f", best.If, best.Then, best.Lift)
	}
	for _, r := range rules {
		if r.Q > 0.05 || r.P > r.Q {
			t.Errorf("%v → %s: p %g, q %g", r.If, r.Then, r.P, r.Q)
		}
	}
	t.Logf("%s (p %.2g, q %.2g)", best.Text.En, best.P, best.Q)
}

func TestPairsOfGroceries(t *testing.T) {
	t.Parallel()
	m, ok := groceries(t)
	if !ok {
		return
	}
	mustard := pair(t, m, "mayonnaise", "mustard")
	if math.Abs(mustard.Lift-12.9652) > 5e-5 {
		t.Errorf("mayonnaise and mustard have lift %.4f, want 12.9652", mustard.Lift)
	}
	milk := pair(t, m, "other vegetables", "whole milk")
	if milk.Both != 736 {
		t.Errorf("other vegetables and whole milk are in %d baskets, want 736", milk.Both)
	}
	back := pair(t, m, "whole milk", "other vegetables")
	if back.Both != 736 || back.Lift != milk.Lift || back.P != milk.P {
		t.Errorf("the other way round %+v, want the same pair as %+v", back, milk)
	}
	t.Logf("%s (p %.2g, q %.2g); plain popularity has %v", milk.Text.En, milk.P, milk.Q, m.Popular(0, 3))
}

// pair returns a pair of those bought together.
func pair(t *testing.T, m *affinity.Model, sku, with string) affinity.Rule {
	t.Helper()
	rules := m.BoughtTogether(sku, 1000)
	n := slices.IndexFunc(rules, func(r affinity.Rule) bool { return r.Then == with })
	if n < 0 {
		t.Fatalf("%s is not bought together with %s", with, sku)
	}
	return rules[n]
}

func TestTooManyRules(t *testing.T) {
	t.Parallel()
	m := affinity.New(affinity.Default())
	all := make([]string, 24) // 2^24 sets
	for i := range all {
		all[i] = string(rune('a' + i))
	}
	m.Put(&affinity.Purchases{Customer: who("one"), Baskets: []affinity.Basket{{Items: goods(all...)}}})
	var many *affinity.TooManyError
	if _, err := m.Rules(1, 1, 24); !errors.As(err, &many) {
		t.Errorf("24 products always bought together: %v, want a TooManyError", err)
	}
	if rules, err := m.Rules(1, 1, 2); err != nil || len(rules) != 24*23 {
		t.Errorf("%d pairs of 24 products (%v), want 552", len(rules), err)
	}
}
