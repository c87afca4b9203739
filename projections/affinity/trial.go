package affinity

import (
	"fmt"
	"math"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Trial measures a model by what was bought after the time it was fed up to, beside plain popularity on the same cases.
// Trials of parts of the customers can be merged.
type Trial struct {
	model     *Model
	places    int
	next, fit trialSum // what next, and baskets completed
}

// trialSum sums up one sort of question.
type trialSum struct {
	cases           int
	gain, plain     int64 // in 1/gainUnit, so that the order of adding does not matter
	hits, plainHits int
}

// gainUnit is what 1 is kept as.
const gainUnit = 1e9

// Score is how well one sort of question was answered, and how well by plain popularity.
type Score struct {
	// Cases are customers, or baskets.
	Cases int
	// NDCG is the mean normalised discounted cumulative gain of the first places (Järvelin and Kekäläinen, 2002), Hit the share
	// of cases with at least one right product among them.
	NDCG, Hit float64
	// PopularNDCG and PopularHit are those of the best sellers of the last days.
	PopularNDCG, PopularHit float64
}

// Verdict is the outcome of a trial.
type Verdict struct {
	Places int
	// Next is what customers bought next that was new to them, Basket the product taken out of a basket.
	Next, Basket Score
	Text         events.Text
}

// NewTrial returns a trial of the first places of a model's answers.
func NewTrial(m *Model, places int) *Trial { return &Trial{model: m, places: places} }

// Add asks what a customer buys next and looks at what they bought. A customer who bought nothing new is no case.
func (t *Trial) Add(before *Purchases, bought []string) {
	has := map[string]bool{}
	for _, b := range before.Baskets {
		for _, it := range b.Items {
			has[it.SKU] = true
		}
	}
	want := map[string]bool{}
	for _, sku := range bought {
		if !has[sku] {
			want[sku] = true
		}
	}
	if len(want) > 0 {
		t.next.add(t.model.Recommend(before, t.places), want, t.places)
	}
}

// AddBasket asks what is missing from a basket.
func (t *Trial) AddBasket(rest []string, missing string, at int64) {
	t.fit.add(t.model.Complete(rest, at, t.places), map[string]bool{missing: true}, t.places)
}

// AddHistory asks all of it of one customer: what they buy next, and what is missing from each of the baskets that they
// bought after the time up to which the model was fed, at, until another. Unix microseconds.
func (t *Trial) AddHistory(h *history.History, at, until int64) {
	var bought []string
	for _, b := range Of(h, until).Baskets {
		if b.At <= at {
			continue
		}
		var skus []string
		for _, it := range b.Items {
			skus = append(skus, it.SKU)
		}
		bought = append(bought, skus...)
		if n := len(skus); n > 1 {
			hidden := int(b.Ref.Key % uint64(n)) // #nosec G115 -- below n; the key is a hash, so any place is as likely
			t.AddBasket(slices.Delete(slices.Clone(skus), hidden, hidden+1), skus[hidden], b.At)
		}
	}
	t.Add(Of(h, at), bought)
}

// Merge adds the cases of another trial.
func (t *Trial) Merge(other *Trial) {
	t.next.merge(&other.next)
	t.fit.merge(&other.fit)
}

// Verdict returns the outcome so far.
func (t *Trial) Verdict() Verdict {
	v := Verdict{Places: t.places, Next: t.next.score(), Basket: t.fit.score()}
	v.Text = events.Text{
		Ko: fmt.Sprintf("다음 구매(고객 %s명): nDCG@%d %.4f, 단순 인기순 %.4f. 장바구니 완성(%s건): 적중률 %.3f, 단순 인기순 %.3f.",
			count(v.Next.Cases), t.places, v.Next.NDCG, v.Next.PopularNDCG, count(v.Basket.Cases), v.Basket.Hit, v.Basket.PopularHit),
		En: fmt.Sprintf("What next (%s customers): nDCG@%d %.4f, plain popularity %.4f. Baskets completed (%s): hit rate %.3f, plain popularity %.3f.",
			count(v.Next.Cases), t.places, v.Next.NDCG, v.Next.PopularNDCG, count(v.Basket.Cases), v.Basket.Hit, v.Basket.PopularHit),
	}
	return v
}

func (s *trialSum) add(a Advice, want map[string]bool, places int) {
	offered := make([]string, len(a.List))
	for i := range a.List {
		offered[i] = a.List[i].SKU
	}
	plain := make([]string, len(a.Popular))
	for i := range a.Popular {
		plain[i] = a.Popular[i].SKU
	}
	s.cases++
	s.gain += int64(gainUnit * Gain(offered, want, places))
	s.plain += int64(gainUnit * Gain(plain, want, places))
	s.hits += hit(offered, want)
	s.plainHits += hit(plain, want)
}

func (s *trialSum) merge(o *trialSum) {
	s.cases += o.cases
	s.gain, s.plain = s.gain+o.gain, s.plain+o.plain
	s.hits, s.plainHits = s.hits+o.hits, s.plainHits+o.plainHits
}

func (s *trialSum) score() Score {
	n := math.Max(1, float64(s.cases))
	return Score{
		Cases: s.cases, NDCG: float64(s.gain) / gainUnit / n, Hit: float64(s.hits) / n,
		PopularNDCG: float64(s.plain) / gainUnit / n, PopularHit: float64(s.plainHits) / n,
	}
}

func hit(offered []string, want map[string]bool) int {
	if slices.ContainsFunc(offered, func(sku string) bool { return want[sku] }) {
		return 1
	}
	return 0
}

// Gain is the normalised discounted cumulative gain of the first places of a list, where each wanted product counts 1.
func Gain(offered []string, want map[string]bool, places int) float64 {
	got, ideal := 0.0, 0.0
	for n := range places {
		discount := 1 / math.Log2(float64(n+2))
		if n < len(offered) && want[offered[n]] {
			got += discount
		}
		if n < len(want) {
			ideal += discount
		}
	}
	if ideal == 0 {
		return 0
	}
	return got / ideal
}
