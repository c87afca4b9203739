package affinity

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// UpSell is a dearer product of the same category that customers who bought the one also bought.
type UpSell struct {
	Product
	// From is the product it would take the place of, Tier and FromTier are thirds of the category by price: 1 to 3.
	From           Product
	Tier, FromTier int
	// Rule counts customers who bought both.
	Rule Rule
	// Uplift is what a customer who bought From is expected to spend more: the price difference times the share of them who
	// bought this too, shrunk by Settings.Shrink.
	Uplift events.Money
	Text   events.Text
	// Evidence are the customer's own orders with From, if it was asked for a customer.
	Evidence []history.Ref
}

// upsellFrom is from how many of a customer's products, the latest, there may be an up-sell.
const upsellFrom = 8

// UpSellTo is UpSell for what a customer bought last, without what they have and what a not-again rule holds back.
func (m *Model) UpSellTo(p *Purchases, limit int) []UpSell {
	var list []UpSell
	ban, seen, have := m.banned(p), map[string]bool{}, m.ownedIn(p, false)
	for _, o := range have {
		seen[o.sku] = true
	}
	for _, o := range have[:min(upsellFrom, len(have))] {
		for _, u := range m.UpSell(o.sku, limit+len(have)) {
			if !seen[u.SKU] && ban.of(u.SKU, u.Category) == nil {
				seen[u.SKU], u.Evidence = true, o.refs
				list = append(list, u)
			}
		}
	}
	slices.SortStableFunc(list, byUplift)
	return list[:min(max(limit, 0), len(list))]
}

// byUplift puts what is expected to bring most first.
func byUplift(a, b UpSell) int {
	return cmp.Or(cmp.Compare(b.Uplift, a.Uplift), cmp.Compare(a.SKU, b.SKU))
}

// UpSell returns the products of a higher price tier in the category of an article, what is expected to bring most first.
// Prices in other currencies are not compared.
func (m *Model) UpSell(sku string, limit int) []UpSell {
	left, found := m.items.find(sku)
	if !found {
		return nil
	}
	from := m.product(left)
	if from.Category == "" || from.Price == 0 {
		return nil
	}
	prices := m.prices(from.Category, from.Currency)
	var list []UpSell
	m.buyers.with[left].each(func(right, both int32) {
		if int(both) < m.settings.MinBoth || m.categoryOf(m.items.list[right], "") != from.Category {
			return
		}
		u := UpSell{Product: m.product(right), From: from, FromTier: tier(prices, from.Price)}
		if u.Currency != from.Currency || u.Price <= from.Price {
			return
		}
		if u.Tier = tier(prices, u.Price); u.Tier > u.FromTier {
			list = append(list, m.uplift(u, left, right))
		}
	})
	slices.SortFunc(list, byUplift)
	return list[:min(max(limit, 0), len(list))]
}

func (m *Model) uplift(u UpSell, left, right int32) UpSell {
	u.Rule = m.pair(&m.buyers, left, right)
	u.Rule.Q = min(1, u.Rule.P*float64(m.sold()-1))
	u.Rule.Text = buyersText(&u.Rule)
	u.Uplift = events.Money(float64(u.Price-u.From.Price) * float64(u.Rule.Both) / (float64(u.Rule.IfCount) + m.settings.Shrink))
	u.Text = upsellText(&u)
	return u
}

// ladder names the prices of a category in a currency.
type ladder struct{ category, currency string }

// prices returns the prices of a category's products that were bought, in order. They are worked out once a change.
func (m *Model) prices(category, currency string) []events.Money {
	m.mu.Lock()
	defer m.mu.Unlock()
	of := ladder{category, currency}
	list, found := m.ladders[of]
	if !found {
		if m.ladders == nil {
			m.ladders = map[ladder][]events.Money{}
		}
		list = m.pricesOf(category, currency)
		m.ladders[of] = list
	}
	return list
}

func (m *Model) pricesOf(category, currency string) []events.Money {
	var list []events.Money
	for i, n := range m.buyers.of {
		if n == 0 || m.categoryOf(m.items.list[i], "") != category {
			continue
		}
		if price, in := m.price(int32(i)); in == currency && price > 0 { // #nosec G115 -- an item
			list = append(list, price)
		}
	}
	slices.Sort(list)
	return list
}

// tier returns the third that a price is in: products of one price are in one tier.
func tier(prices []events.Money, price events.Money) int {
	below, _ := slices.BinarySearch(prices, price)
	return 1 + min(2, 3*below/max(1, len(prices)))
}
