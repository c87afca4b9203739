package affinity

import (
	"cmp"
	"math"
	"slices"
)

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
	tests   int       // other products that were sold: what the significance of a reason is corrected for
	trendy  bool      // what sells better lately goes up
	scores  []float64 // by item
}

func (m *Model) newRanking(sets *tally, at int64, have []*owned) *ranking {
	r := &ranking{m: m, sets: sets, season: m.seasonOf(at), at: at, has: map[string]bool{}, ban: &ban{}, tests: m.sold() - 1}
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
	picked, out := r.pick(limit)
	a.LeftOut = out
	for n, item := range picked {
		a.List = append(a.List, r.recommendation(item, n+1))
	}
	return a
}

// pick finds the items of the list, and what is left out of it.
func (r *ranking) pick(limit int) (items []int32, out []LeftOut) {
	offer := func(item int32) {
		if held := r.ban.of(r.m.items.list[item], r.m.word(r.m.known(item).category)); held != nil {
			out = append(out, *held)
			return
		}
		items = append(items, item)
	}
	r.score()
	for n, done := 2*limit, 0; len(items) < limit; n *= 2 {
		best := r.best(n)
		for ; done < len(best) && len(items) < limit; done++ {
			offer(best[done])
		}
		if len(best) < n {
			break
		}
	}
	for n := 0; n < len(r.season.list) && len(items) < limit; n++ { // what sells fills it up
		if i := r.season.items[n]; r.scores[i] == 0 && !r.has[r.m.items.list[i]] {
			offer(i)
		}
	}
	return items, out
}

// score adds up how alike each product is to each driver, in the order of the drivers, so that sums are the same everywhere.
func (r *ranking) score() {
	r.scores = make([]float64, len(r.m.items.list))
	for n := range r.drivers {
		r.add(&r.drivers[n])
	}
	if !r.trendy {
		return
	}
	for j := range r.scores {
		if r.scores[j] > 0 {
			r.scores[j] *= r.trend(int32(j)) // #nosec G115 -- an item
		}
	}
}

// add adds what one driver gives to every item: share, written out, for there are tens of thousands of them on a page.
func (r *ranking) add(d *driver) {
	with := &r.sets.with[d.item]
	if r.m.settings.Power != 1.5 {
		with.each(func(j, both int32) { r.scores[j] += r.share(d, j, both) })
		return
	}
	of, scores, all, mine, shrink := r.sets.of, r.scores, int64(r.sets.all), d.of, r.m.settings.Shrink
	for j, both := range with.dense {
		if both != 0 && int64(both)*all > int64(mine)*int64(of[j]) {
			near := alike(mine, of[j], both, shrink)
			scores[j] += d.weight * near * math.Sqrt(near)
		}
	}
	for _, s := range with.slots {
		if j, both := s.key-1, s.count; both != 0 && int64(both)*all > int64(mine)*int64(of[j]) {
			near := alike(mine, of[j], both, shrink)
			scores[j] += d.weight * near * math.Sqrt(near)
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
		if r.scores[a] != r.scores[b] {
			return cmp.Compare(r.scores[b], r.scores[a])
		}
		return cmp.Compare(r.m.items.list[a], r.m.items.list[b])
	}
	items, least := make([]int32, 0, limit), 0.0
	for n, s := range r.scores {
		i := int32(n) // #nosec G115 -- an item
		if s <= 0 || s < least || len(items) == limit && before(i, items[limit-1]) > 0 || r.has[r.m.items.list[i]] {
			continue
		}
		place, _ := slices.BinarySearchFunc(items, i, before)
		items = slices.Insert(items[:min(len(items), limit-1)], place, i)
		if len(items) == limit {
			least = r.scores[items[limit-1]]
		}
	}
	return items
}

// recommendation tells all of an item that is offered.
func (r *ranking) recommendation(item int32, place int) Recommendation {
	o := Recommendation{
		Product: r.m.product(item), Place: place, Score: r.scores[item],
		Recent: int(r.season.recent[item]), PopularPlace: int(r.season.place[item]), Why: r.reasons(item),
	}
	o.Text = recommendText(&o, r.m.settings.RecentDays)
	return o
}

// fit tells of an item that is offered what a page shows.
func (r *ranking) fit(item int32) Fit {
	f := Fit{Product: r.m.product(item)}
	if n := r.weightiest(item); n >= 0 {
		rule := r.m.untested(r.sets, r.drivers[n].item, item)
		f.From, f.Text = r.drivers[n].sku, buyersText(&rule)
		return f
	}
	f.Text = popularText(int(r.season.recent[item]), int(r.season.place[item]), r.m.settings.RecentDays)
	return f
}

// weightiest returns the driver that gives an item most, -1 if none does.
func (r *ranking) weightiest(item int32) int {
	first, most := -1, 0.0
	for n := range r.drivers {
		d := &r.drivers[n]
		if share := r.share(d, item, r.sets.both(d.item, item)); share > most {
			first, most = n, share
		}
	}
	return first
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
	why.Q = min(1, why.P*float64(r.tests))
	if r.sets == &r.m.baskets {
		why.Text = togetherText(&why.Rule)
	} else {
		why.Text = buyersText(&why.Rule)
	}
}
