package affinity

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections/history"
)

// owned is one product that a customer has, or with no sku what they have of a category.
type owned struct {
	sku, category string
	last          int64 // Unix microseconds
	times         []int64
	refs          []history.Ref // the orders with it, by time
}

// About is what several answers about one customer rest on. It holds while the model does not change.
type About struct {
	m   *Model
	p   *Purchases
	own []*owned
	ban *ban
}

// About prepares to answer about a customer.
func (m *Model) About(p *Purchases) *About {
	return &About{m: m, p: p, own: m.ownedIn(p, false), ban: m.banned(p)}
}

// kinds lists the categories that the customer has something of, what was bought last first.
func (a *About) kinds() []*owned { return a.m.ownedIn(a.p, true) }

// ownedIn lists the products that a customer has, or the categories they are of, what was bought last first.
func (m *Model) ownedIn(p *Purchases, categories bool) []*owned {
	var all []*owned
	bySKU, byCategory := map[string]*owned{}, map[string]*owned{}
	for i := range p.Baskets {
		b := &p.Baskets[i]
		for _, it := range b.Items {
			o := bySKU[it.SKU]
			if o == nil {
				o = m.newOwned(it, categories, byCategory)
				bySKU[it.SKU] = o
			}
			if len(o.times) == 0 {
				all = append(all, o)
			}
			o.add(b)
		}
	}
	all = slices.DeleteFunc(all, func(o *owned) bool { return o.sku == "" && o.category == "" })
	slices.SortFunc(all, func(a, b *owned) int {
		return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(a.sku, b.sku), cmp.Compare(a.category, b.category))
	})
	return all
}

// newOwned returns the thing that an item is one of: itself, or its category.
func (m *Model) newOwned(it Item, categories bool, byCategory map[string]*owned) *owned {
	category := m.categoryOf(it.SKU, it.Category)
	if !categories {
		return &owned{sku: it.SKU, category: category}
	}
	if byCategory[category] == nil {
		byCategory[category] = &owned{category: category}
	}
	return byCategory[category]
}

func (o *owned) add(b *Basket) {
	o.last = max(o.last, b.At)
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
	return m.word(m.known(i).category)
}
