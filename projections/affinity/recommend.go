package affinity

import (
	"cmp"
	"math"
	"slices"
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
func (m *Model) Recommend(p *Purchases, limit int) Advice {
	have := m.ownedIn(p, false)
	r := m.newRanking(&m.buyers, p.At, have)
	r.ban, r.trendy = m.banned(p), true
	for i := range r.drivers {
		r.drivers[i].weight = m.fading(p.At - r.drivers[i].last)
	}
	return r.advise(limit)
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

// driver is an owned product that recommendations follow from.
type driver struct {
	*owned
	item   int32
	of     int32 // sets with it
	weight float64
}

// ranking is one search for what fits.
type ranking struct {
	m       *Model
	sets    *tally
	season  *season
	at      int64
	has     map[string]bool
	drivers []driver
	ban     *ban
	trendy  bool      // what sells better lately goes up
	scores  []float64 // by item
}

func (m *Model) newRanking(sets *tally, at int64, have []*owned) *ranking {
	r := &ranking{m: m, sets: sets, season: m.seasonOf(at), at: at, has: map[string]bool{}, ban: &ban{}}
	for _, o := range have {
		r.has[o.sku] = true
		if i, known := m.items.find(o.sku); known && sets.of[i] > 0 && len(r.drivers) < m.settings.Drivers {
			r.drivers = append(r.drivers, driver{o, i, sets.of[i], 1})
		}
	}
	return r
}

// advise makes the list.
func (r *ranking) advise(limit int) Advice {
	limit = max(limit, 0)
	a := Advice{At: r.at, Cold: len(r.drivers) == 0, Popular: r.popular(limit)}
	r.score()
	for n, done := 2*limit, 0; len(a.List) < limit; n *= 2 {
		best := r.best(n)
		for ; done < len(best) && len(a.List) < limit; done++ {
			r.offer(&a, best[done])
		}
		if len(best) < n {
			break
		}
	}
	for _, p := range r.season.list {
		if i, _ := r.m.items.find(p.SKU); len(a.List) < limit && r.scores[i] == 0 && !r.has[p.SKU] {
			r.offer(&a, i)
		}
	}
	return a
}

// score adds up how alike each product is to each driver, in the order of the drivers, so that sums are the same everywhere.
func (r *ranking) score() {
	r.scores = make([]float64, len(r.m.items.list))
	for n := range r.drivers {
		d := &r.drivers[n]
		r.sets.with[d.item].each(func(j, both int32) { r.scores[j] += r.share(d, j, both) })
	}
	for j := range r.scores {
		if r.trendy && r.scores[j] > 0 {
			r.scores[j] *= r.trend(int32(j)) // #nosec G115 -- an item
		}
	}
}

// share is what one driver gives to the score of an item: nothing if it is no more frequent with the driver than without.
func (r *ranking) share(d *driver, item, both int32) float64 {
	if float64(both)*float64(r.sets.all) <= float64(d.of)*float64(r.sets.of[item]) {
		return 0
	}
	near := alike(d.of, r.sets.of[item], both, r.m.settings.Shrink)
	if r.m.settings.Power == 1.5 {
		return d.weight * near * math.Sqrt(near) // the same as below, ten times as fast
	}
	return d.weight * math.Pow(near, r.m.settings.Power)
}

// trend is above 1 for a product that sells better lately than it usually does, as against all others, and below 1 for one
// that sells worse. One basket added on both sides keeps a single sale from making a trend.
func (r *ranking) trend(item int32) float64 {
	lately, usually := float64(r.season.trend[item]), float64(r.m.baskets.of[item])*r.season.share
	return math.Pow((lately+1)/(usually+1), r.m.settings.Trend)
}

// best returns the first items by score that the customer does not have.
func (r *ranking) best(limit int) []int32 {
	before := func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.scores[b], r.scores[a]), cmp.Compare(r.m.items.list[a], r.m.items.list[b]))
	}
	var items []int32
	for n, s := range r.scores {
		i := int32(n) // #nosec G115 -- an item
		if s <= 0 || len(items) == limit && before(i, items[limit-1]) > 0 || r.has[r.m.items.list[i]] {
			continue
		}
		place, _ := slices.BinarySearchFunc(items, i, before)
		items = slices.Insert(items[:min(len(items), limit-1)], place, i)
	}
	return items
}

// offer puts a product into the list, or among what is left out.
func (r *ranking) offer(a *Advice, item int32) {
	p := r.m.product(item)
	if held := r.ban.of(p.SKU, p.Category); held != nil {
		a.LeftOut = append(a.LeftOut, *held)
		return
	}
	o := Recommendation{
		Product: p, Place: len(a.List) + 1, Score: r.scores[item],
		Recent: int(r.season.recent[item]), PopularPlace: int(r.season.place[item]), Why: r.reasons(item),
	}
	o.Text = recommendText(&o, r.m.settings.RecentDays)
	a.List = append(a.List, o)
}

// popular returns the baseline.
func (r *ranking) popular(limit int) []Popular {
	list := make([]Popular, 0, limit)
	for _, p := range r.season.list {
		if len(list) == limit {
			break
		}
		if !r.has[p.SKU] {
			list = append(list, p)
		}
	}
	return list
}

// reasons returns the drivers that a recommendation follows from most.
func (r *ranking) reasons(item int32) []Reason {
	var why []Reason
	sum := 0.0
	for n := range r.drivers {
		d := &r.drivers[n]
		share := r.share(d, item, r.sets.both(d.item, item))
		if share == 0 {
			continue
		}
		sum += share
		why = append(why, Reason{Share: share, Rule: Rule{If: []string{d.sku}}, Evidence: d.refs})
	}
	slices.SortStableFunc(why, func(a, b Reason) int { return cmp.Compare(b.Share, a.Share) })
	why = why[:min(r.m.settings.Reasons, len(why))]
	for n := range why {
		r.explain(&why[n], item)
		why[n].Share /= sum
	}
	return why
}

// explain fills in the counts of a reason.
func (r *ranking) explain(why *Reason, item int32) {
	left, _ := r.m.items.find(why.If[0])
	why.Rule = r.m.pair(r.sets, left, item)
	why.Q = min(1, why.P*float64(r.m.sold()-1))
	if r.sets == &r.m.baskets {
		why.Text = togetherText(&why.Rule)
	} else {
		why.Text = buyersText(&why.Rule)
	}
}
