package affinity

import (
	"cmp"
	"slices"
)

// Sold is a product and how it sells.
type Sold struct {
	Product
	// Baskets had it at all, Recent of them in the last days (see Settings.RecentDays).
	Baskets, Recent int
}

// Sold returns every product that was bought, as of a time, Unix microseconds: what sold best in the last days first, then
// what sold best at all, then by article number.
func (m *Model) Sold(at int64) []Sold {
	s := m.seasonOf(at)
	list := make([]Sold, 0, len(m.items.list))
	for n, baskets := range m.baskets.of {
		if i := int32(n); baskets > 0 { // #nosec G115 -- an item
			list = append(list, Sold{m.product(i), int(baskets), int(s.recent[i])})
		}
	}
	slices.SortFunc(list, func(a, b Sold) int {
		return cmp.Or(cmp.Compare(b.Recent, a.Recent), cmp.Compare(b.Baskets, a.Baskets), cmp.Compare(a.SKU, b.SKU))
	})
	return list
}
