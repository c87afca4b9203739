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
func (m *Model) UpSellTo(p *Purchases, limit int) []UpSell { return m.About(p).UpSell(limit) }

// UpSell is [Model.UpSellTo].
func (a *About) UpSell(limit int) []UpSell {
	var all []step
	seen := map[string]bool{}
	for _, o := range a.own {
		seen[o.sku] = true
	}
	for _, o := range a.own[:min(upsellFrom, len(a.own))] {
		for _, s := range a.m.steps(o.sku, limit+len(a.own)) {
			to := a.m.product(s.to)
			if !seen[to.SKU] && a.ban.of(to.SKU, to.Category) == nil {
				seen[to.SKU], s.refs = true, o.refs
				all = append(all, s)
			}
		}
	}
	slices.SortStableFunc(all, a.m.byUplift)
	return a.m.upSells(all[:min(max(limit, 0), len(all))])
}

// UpSell returns the products of a higher price tier in the category of an article, what is expected to bring most first.
// Prices in other currencies are not compared.
func (m *Model) UpSell(sku string, limit int) []UpSell { return m.upSells(m.steps(sku, limit)) }

// step is a step up from one item to another: all of an UpSell that is ranked by.
type step struct {
	from, to       int32
	tier, fromTier int
	uplift         events.Money
	refs           []history.Ref
}

// byUplift puts what is expected to bring most first.
func (m *Model) byUplift(a, b step) int {
	if a.uplift != b.uplift {
		return cmp.Compare(b.uplift, a.uplift)
	}
	return cmp.Compare(m.items.list[a.to], m.items.list[b.to])
}

// steps lists the first steps up from an article.
func (m *Model) steps(sku string, limit int) []step {
	left, found := m.items.find(sku)
	if !found {
		return nil
	}
	from := m.known(left)
	if from.category == none || from.price == 0 {
		return nil
	}
	prices := m.prices(ladder{from.category, from.currency})
	first, all := tier(prices, from.price), []step(nil)
	m.buyers.with[left].each(func(right, both int32) {
		to := m.known(right)
		if int(both) < m.settings.MinBoth || to.category != from.category || to.currency != from.currency || to.price <= from.price {
			return
		}
		if at := tier(prices, to.price); at > first {
			all = append(all, step{left, right, at, first, m.uplift(to.price-from.price, both, m.buyers.of[left]), nil})
		}
	})
	slices.SortFunc(all, m.byUplift)
	return all[:min(max(limit, 0), len(all))]
}

// uplift is what those who bought the one are expected to spend more.
func (m *Model) uplift(dearer events.Money, both, buyers int32) events.Money {
	return events.Money(float64(dearer) * float64(both) / (float64(buyers) + m.settings.Shrink))
}

// upSells tells what is to be told of steps: of those only that are shown.
func (m *Model) upSells(steps []step) []UpSell {
	list := make([]UpSell, len(steps))
	for i := range steps {
		s, u := &steps[i], &list[i]
		*u = UpSell{
			Product: m.product(s.to), From: m.product(s.from), Tier: s.tier, FromTier: s.fromTier, Uplift: s.uplift,
			Rule: m.pair(&m.buyers, s.from, s.to), Evidence: s.refs,
		}
		u.Rule.Q = min(1, u.Rule.P*float64(m.sold()-1))
		u.Rule.Text = buyersText(&u.Rule)
		u.Text = upsellText(u)
	}
	return list
}

// ladder names the prices of a category in a currency.
type ladder struct{ category, currency int32 }

// prices returns the prices of a category's products that were bought, in order. They are worked out once a change.
func (m *Model) prices(of ladder) []events.Money {
	m.settle()
	m.mu.Lock()
	defer m.mu.Unlock()
	list, found := m.ladders[of]
	if !found {
		if m.ladders == nil {
			m.ladders = map[ladder][]events.Money{}
		}
		list = m.pricesOf(of)
		m.ladders[of] = list
	}
	return list
}

// pricesOf is prices without keeping them. The model is settled.
func (m *Model) pricesOf(of ladder) []events.Money {
	var list []events.Money
	for i, n := range m.buyers.of {
		if k := &m.facts.known[i]; n != 0 && k.category == of.category && k.currency == of.currency && k.price > 0 {
			list = append(list, k.price)
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
