package affinity

import (
	"fmt"
	"maps"
	"slices"
)

// Counts returns every count of a model that is not 0, by name: what must not depend on how it was fed.
func (m *Model) Counts() map[string]int32 {
	all := map[string]int32{}
	for name, t := range map[string]*tally{"basket": &m.baskets, "buyer": &m.buyers} {
		all[name+"s"] = int32(t.all)
		for i, n := range t.of {
			all[name+" "+m.items.list[i]] = n
			t.with[i].each(func(j, n int32) { all[name+" "+m.items.list[i]+" + "+m.items.list[j]] = n })
		}
	}
	for v, n := range m.facts.votes {
		f := m.facts.list[v]
		all[fmt.Sprint("variant ", m.items.list[f.item], m.words.list[f.category], m.words.list[f.brand], m.words.list[f.currency], f.price, f.looked)] += n
	}
	for day, r := range m.days {
		r.each(func(i, n int32) { all[fmt.Sprint("day ", day, " ", m.items.list[i])] = n })
	}
	for i := range m.gaps {
		m.gaps[i].each(func(d, n int32) { all[fmt.Sprint("gap ", m.items.list[i], " ", d)] = n })
	}
	for k, r := range m.kindGaps {
		r.each(func(d, n int32) { all[fmt.Sprint("gap of ", m.words.list[k], " ", d)] = n })
	}
	maps.DeleteFunc(all, func(_ string, n int32) bool { return n == 0 })
	return all
}

// SKUs returns every article number that was bought, in order.
func (m *Model) SKUs() []string {
	var all []string
	for i, n := range m.buyers.of {
		if n > 0 {
			all = append(all, m.items.list[i])
		}
	}
	slices.Sort(all)
	return all
}

// Fisher is the test behind P.
func Fisher(both, a, b, all int) float64 { return fisher(both, a, b, all) }

// Pairs returns the counts of one customer in common by article, and of each article.
func (m *Model) Pairs(each func(a, b string, both int32), of func(a string, n int32)) {
	for i, n := range m.buyers.of {
		of(m.items.list[i], n)
		m.buyers.with[i].each(func(j, n int32) { each(m.items.list[i], m.items.list[j], n) })
	}
}
