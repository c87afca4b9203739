package offers

import (
	"slices"
	"strings"

	"github.com/c360hq/c360/projections/affinity"
)

// Model says what the counts rest on.
func (c *Counts) Model() OfferModel { return c.at }

// Product returns what is known of an article number, false if nobody ever told of it.
func (c *Counts) Product(sku string) (OfferProduct, bool) {
	p, known := c.model.Product(sku)
	return c.product(&p), known
}

func (c *Counts) product(p *affinity.Product) OfferProduct {
	return OfferProduct{SKU: p.SKU, Name: c.names[p.SKU], Category: p.Category, Brand: p.Brand, Price: p.Price, Currency: p.Currency}
}

func countsOf(r *affinity.Rule) OfferCounts {
	return OfferCounts{
		Both: r.Both, With: r.IfCount, Of: r.ThenCount, All: r.All,
		Support: r.Support, Confidence: r.Confidence, Lift: r.Lift, PValue: r.P, QValue: r.Q,
	}
}

// Together says what goes with a product; false if nobody ever told of it.
func (c *Counts) Together(sku string, limit int) (*TogetherAnswer, bool) {
	p, known := c.Product(sku)
	if !known {
		return nil, false
	}
	a := &TogetherAnswer{
		Product: p, Together: c.pairs(c.model.BoughtTogether(sku, limit)), AlsoBought: c.pairs(c.model.AlsoBought(sku, limit)),
		UpSell: c.upSell(c.model.UpSell(sku, limit)), Again: c.timing(sku), Model: c.at, Position: c.at.Position,
	}
	return a, true
}

func (c *Counts) timing(sku string) *OfferTiming {
	t, enough := c.model.Timing(sku)
	if !enough {
		return nil
	}
	return &OfferTiming{Customers: t.Customers, Quarter: t.Quarter, Median: t.Median, Most: t.Most}
}

func (c *Counts) pairs(rules []affinity.Rule) []OfferPair {
	all := make([]OfferPair, len(rules))
	for i := range rules {
		r := &rules[i]
		p, _ := c.Product(r.Then)
		all[i] = OfferPair{OfferProduct: p, OfferCounts: countsOf(r), Reason: c.say(r.Text, append([]string{r.Then}, r.If...)...)}
	}
	return all
}

func (c *Counts) upSell(list []affinity.UpSell) []OfferUpSell {
	all := make([]OfferUpSell, len(list))
	for i := range list {
		u := &list[i]
		all[i] = OfferUpSell{
			OfferProduct: c.product(&u.Product), OfferCounts: countsOf(&u.Rule), From: c.product(&u.From), Tier: u.Tier, FromTier: u.FromTier,
			Uplift: u.Uplift, Reason: c.say(u.Text, u.SKU, u.From.SKU), Evidence: evidenceOf(u.Evidence),
		}
	}
	return all
}

// Products lists the products whose article number, name, category or brand contains a text, in any case, as they sell at a
// time, Unix microseconds.
func (c *Counts) Products(text string, at int64, limit int) *ProductsAnswer {
	a := &ProductsAnswer{Products: []ProductLine{}, Model: c.at, Position: c.at.Position}
	text = strings.ToLower(strings.TrimSpace(text))
	sold := c.model.Sold(at)
	for i := range sold {
		p := c.product(&sold[i].Product)
		if !p.has(text) {
			continue
		}
		if a.Found++; a.Found <= limit {
			a.Products = append(a.Products, ProductLine{OfferProduct: p, Baskets: sold[i].Baskets, Recent: sold[i].Recent})
		}
	}
	return a
}

func (p *OfferProduct) has(text string) bool {
	return slices.ContainsFunc([]string{p.SKU, p.Name, p.Category, p.Brand}, func(s string) bool {
		return strings.Contains(strings.ToLower(s), text)
	})
}
