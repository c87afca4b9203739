package affinity

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Interest is how much a customer cares about a category or a brand.
type Interest struct {
	Name string
	// Share is its share of 1 in all that the customer looked at and bought, what was lately counting more. Weight is what
	// it is a share of: 1 for a look just now, Settings.PurchaseWeight for a purchase.
	Share, Weight float64
	// Looks are the looks at it, one product counted once a day; Purchases are the products of it that were bought.
	Looks, Purchases int
	// Last is the latest of them, Unix microseconds.
	Last int64
	Text events.Text
	// Evidence are the latest of them, the latest first.
	Evidence []history.Ref
}

// maxEvidence bounds the evidence of an interest.
const maxEvidence = 5

// sign is one thing that shows interest.
type sign struct {
	at              int64
	category, brand string
	bought          bool
	weight          float64
	ref             history.Ref
}

// Interests returns the categories that a customer cares about, most first.
func (m *Model) Interests(p *Purchases) []Interest {
	return m.interests(p, func(s *sign) string { return s.category })
}

// Brands returns the brands that a customer cares about, most first.
func (m *Model) Brands(p *Purchases) []Interest {
	return m.interests(p, func(s *sign) string { return s.brand })
}

func (m *Model) interests(p *Purchases, name func(*sign) string) []Interest {
	var list []Interest
	all := 0.0
	for _, s := range m.signs(p) {
		if name(&s) == "" {
			continue
		}
		n := slices.IndexFunc(list, func(i Interest) bool { return i.Name == name(&s) })
		if n < 0 {
			n = len(list)
			list = append(list, Interest{Name: name(&s)})
		}
		list[n].take(&s)
		all += s.weight
	}
	for n := range list {
		list[n].Share = list[n].Weight / all
		list[n].Text = interestText(&list[n])
	}
	slices.SortFunc(list, func(a, b Interest) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Name, b.Name)) })
	return list
}

func (i *Interest) take(s *sign) {
	i.Weight += s.weight
	if s.bought {
		i.Purchases++
	} else {
		i.Looks++
	}
	if i.Last = max(i.Last, s.at); len(i.Evidence) < maxEvidence {
		i.Evidence = append(i.Evidence, s.ref)
	}
}

// signs lists what shows interest, the latest first.
func (m *Model) signs(p *Purchases) []sign {
	var all []sign
	for n := range p.Baskets {
		b := &p.Baskets[n]
		for _, it := range b.Items {
			all = append(all, m.sign(it, b.At, p.At, b.Ref, true))
		}
	}
	seen := map[Look]bool{}
	for n := range p.Looks {
		l := &p.Looks[n]
		once := Look{At: int64(dayOf(l.At)), Item: Item{SKU: l.Item.SKU, Category: l.Item.Category}}
		if !seen[once] {
			seen[once] = true
			all = append(all, m.sign(l.Item, l.At, p.At, l.Ref, false))
		}
	}
	slices.SortStableFunc(all, func(a, b sign) int { return cmp.Compare(b.at, a.at) })
	return all
}

func (m *Model) sign(it Item, at, now int64, ref history.Ref, bought bool) sign {
	s := sign{at: at, category: it.Category, brand: it.Brand, bought: bought, ref: ref}
	if i, known := m.items.find(it.SKU); known {
		s.category = cmp.Or(s.category, m.word(m.known(i).category))
		s.brand = cmp.Or(s.brand, m.word(m.known(i).brand))
	}
	s.weight = math.Exp2(-float64(now-at) / float64(24*time.Hour/time.Microsecond) / m.settings.InterestHalfLifeDays)
	if bought {
		s.weight *= m.settings.PurchaseWeight
	}
	return s
}
