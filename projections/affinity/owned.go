package affinity

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections/history"
)

// owned is one product that a customer has.
type owned struct {
	sku, category string
	last          int64 // Unix microseconds
	times         []int64
	refs          []history.Ref // the orders with it, by time
}

// ownedOf lists what a customer has, what was bought last first.
func ownedOf(p *Purchases) []owned {
	place := map[string]int{}
	var all []owned
	for i := range p.Baskets {
		b := &p.Baskets[i]
		for _, it := range b.Items {
			n, known := place[it.SKU]
			if !known {
				n = len(all)
				place[it.SKU] = n
				all = append(all, owned{sku: it.SKU})
			}
			all[n].add(b, it.Category)
		}
	}
	slices.SortFunc(all, func(a, b owned) int { return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(a.sku, b.sku)) })
	return all
}

func (o *owned) add(b *Basket, category string) {
	o.last = max(o.last, b.At)
	o.category = cmp.Or(category, o.category)
	if n := len(o.refs); n == 0 || o.refs[n-1] != b.Ref || o.times[n-1] != b.At {
		o.times, o.refs = append(o.times, b.At), append(o.refs, b.Ref)
	}
}

// categoryOf returns the category a telling has, else the one that most others have.
func (m *Model) categoryOf(sku, told string) string {
	if told != "" {
		return told
	}
	i, found := m.items.find(sku)
	if !found {
		return ""
	}
	return m.elect(i, func(v *variant) int32 { return v.category })
}
