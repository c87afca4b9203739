package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/services/query/offers"
)

// TestDemoPairsAreFound holds what the API says goes together against what was planted in the demo company: which of the
// planted pairs are among the first rules, and which of the first rules are planted, either way round. What runs out is bought
// again when the truth says so.
func TestDemoPairsAreFound(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	plan.Customers, plan.Months = 900, 12
	h := openDemoHouse(t, plan)
	planted := map[[2]string]bool{}
	for _, p := range h.truth.Together {
		planted[[2]string{p.SKU, p.With}], planted[[2]string{p.With, p.SKU}] = true, true
	}
	var first offers.RulesAnswer
	h.asks("/v1/products/rules?length=2&min_support=0.0005&min_confidence=0.1&limit=1000", &first)
	h.findsPairs(t, planted, &first)
	h.findsPartners(t)
	h.findsRhythms(t)
}

// asks asks when everything in the log is counted.
func (h *demoHouse) asks(path string, into any) {
	h.t.Helper()
	head, err := h.log.Head(h.t.Context())
	must(h.t, err)
	must(h.t, h.api.call(h.t.Context(), http.MethodGet, fmt.Sprintf("%s&wait=%d", path, head.Position), nil, into))
}

// findsPairs looks at as many of the first significant rules as there are planted pairs, a pair counting once.
func (h *demoHouse) findsPairs(t *testing.T, planted map[[2]string]bool, a *offers.RulesAnswer) {
	t.Helper()
	told, right := map[[2]string]bool{}, 0
	for i := range a.Rules {
		r := &a.Rules[i]
		pair := [2]string{r.If[0].Key, r.Then.Key}
		if !r.Significant || told[pair] || len(told) == 2*len(h.truth.Together) {
			continue
		}
		told[pair], told[[2]string{pair[1], pair[0]}] = true, true
		right += count(planted[pair])
	}
	precision, recall := ratio(right, len(told)/2), ratio(right, len(h.truth.Together))
	t.Logf("%d baskets; of %d rules the first %d pairs hold %d of %d planted: precision %.2f, recall %.2f",
		a.Model.Baskets, a.Found, len(told)/2, right, len(h.truth.Together), precision, recall)
	if precision < .7 || recall < .7 {
		t.Errorf("precision %.2f and recall %.2f, want .7", precision, recall)
	}
}

// findsPartners asks for each planted product what goes with it: the planted one is to come first.
func (h *demoHouse) findsPartners(t *testing.T) {
	t.Helper()
	first := 0
	for _, p := range h.truth.Together {
		var a offers.TogetherAnswer
		h.asks("/v1/products/"+p.SKU+"/bought-together?limit=3", &a)
		hit := len(a.Together) > 0 && a.Together[0].SKU == p.With
		first += count(hit)
		if hit && (a.Together[0].Name != p.WithName || a.Product.Name != p.Name) {
			t.Errorf("%s and %s are called %q and %q", p.Name, p.WithName, a.Product.Name, a.Together[0].Name)
		}
	}
	t.Logf("the planted partner is the first of %d of %d products", first, len(h.truth.Together))
	if first*10 < 9*len(h.truth.Together) {
		t.Errorf("the planted partner is the first of %d of %d only", first, len(h.truth.Together))
	}
}

// findsRhythms asks when what runs out is bought again.
func (h *demoHouse) findsRhythms(t *testing.T) {
	t.Helper()
	known, near := 0, 0
	for _, c := range h.truth.Consumables {
		var a offers.TogetherAnswer
		h.asks("/v1/products/"+c.SKU+"/bought-together?limit=1", &a)
		if a.Again == nil {
			t.Logf("%s, every %d days: too few buy it again to tell", c.Name, c.GapDays)
			continue
		}
		known++
		near += count(a.Again.Median*10 >= c.GapDays*8 && a.Again.Median*10 <= c.GapDays*12)
		t.Logf("%s, every %d days: %d customers, %d to %d, half within %d", c.Name, c.GapDays, a.Again.Customers, a.Again.Quarter, a.Again.Most, a.Again.Median)
	}
	if known == 0 || near < known-1 {
		t.Errorf("of %d rhythms that are known %d are near the truth", known, near)
	}
}
