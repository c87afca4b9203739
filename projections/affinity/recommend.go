package affinity

import (
	"math"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Advice is what to offer next, with what plain popularity would offer beside it.
type Advice struct {
	// At is the time of the Purchases it is for, Unix microseconds.
	At int64
	// List is the best first.
	List []Recommendation
	// Popular is the baseline: the best sellers of the last days that are new to the customer.
	Popular []Popular
	// LeftOut would have been in List, but for a not-again rule.
	LeftOut []LeftOut
	// Cold says that nothing is known of what the customer owns, so that List is what everybody buys.
	Cold bool
}

// Recommendation is one product that fits.
type Recommendation struct {
	Product
	// Place is its place in the list, from 1 on. Score orders the list; only its order has a meaning. A score of 0 stands
	// for a product that is there because it is popular.
	Place int
	Score float64
	// Recent is in how many baskets of the last days it was, PopularPlace its place among the best sellers; 0: it did not sell.
	Recent, PopularPlace int
	// Why are the products that it follows from, the weightiest first.
	Why []Reason
	// Text says why in a sentence.
	Text events.Text
}

// Reason is a product of the customer's that a recommendation follows from. Its counts are customers, or baskets if a
// basket is completed; Q is corrected for all other products that were sold (Bonferroni).
type Reason struct {
	Rule
	// Share is its share in the score, of 1.
	Share float64
	// Evidence are the customer's own orders with it.
	Evidence []history.Ref
}

// Recommend returns what fits a customer and is new to them.
func (m *Model) Recommend(p *Purchases, limit int) Advice { return m.About(p).Recommend(limit) }

// Recommend is [Model.Recommend].
func (a *About) Recommend(limit int) Advice { return a.ranking().advise(limit) }

func (a *About) ranking() *ranking {
	r := a.m.newRanking(&a.m.buyers, a.p.At, a.own)
	r.ban, r.trendy = a.ban, true
	for i := range r.drivers {
		r.drivers[i].weight = a.m.fading(a.p.At - r.drivers[i].last)
	}
	return r
}

// Fit is as much of a recommendation as a page shows.
type Fit struct {
	Product
	// From is the product of the customer's that it follows from most; empty if it is there because it is popular.
	From string
	// Text says why in a sentence.
	Text events.Text
}

// Fits is Recommend without what takes long and a page does not show: the significance of reasons and all reasons but the
// weightiest.
func (a *About) Fits(limit int) []Fit {
	r := a.ranking()
	picked, _ := r.pick(max(limit, 0))
	list := make([]Fit, len(picked))
	for i, item := range picked {
		list[i] = r.fit(item)
	}
	return list
}

// Complete returns what goes with the products in a basket, at a time, Unix microseconds. What goes together in a basket does
// so in any season, so there is no trend in it.
func (m *Model) Complete(basket []string, at int64, limit int) Advice {
	b := Basket{At: at}
	for _, sku := range basket {
		b.Items = append(b.Items, Item{SKU: sku})
	}
	r := m.newRanking(&m.baskets, at, m.ownedIn(&Purchases{At: at, Baskets: []Basket{b}}, false))
	for i := range r.drivers {
		r.drivers[i].refs = nil // a basket that is not bought yet is no evidence
	}
	return r.advise(limit)
}

// fading is how much a purchase still says after a time.
func (m *Model) fading(age int64) float64 {
	days := float64(age) / float64(24*time.Hour/time.Microsecond)
	return math.Exp2(-days / m.settings.HalfLifeDays)
}
