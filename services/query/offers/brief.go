package offers

import "github.com/c360hq/c360/projections/affinity"

const (
	// briefOffers is how many offers the page of a customer shows, briefAgain of them what is due again within briefDays.
	briefOffers = 4
	briefAgain  = 2
	briefDays   = 7
)

// Brief is what the page of a customer shows: what is due to be bought again, then what fits.
func (c *Counts) Brief(p *affinity.Purchases) []OfferBrief {
	all := make([]OfferBrief, 0, briefOffers)
	again := c.again(p, briefDays, mostAgain)
	for i := range again {
		if a := &again[i]; a.SKU != "" && len(all) < briefAgain {
			product, _ := c.Product(a.SKU)
			b := briefOf(&product, kindAgain)
			b.DueOn, b.Reason = a.DueOn, a.Reason
			all = append(all, b)
		}
	}
	advice := c.model.Recommend(p, briefOffers-len(all))
	for i := range advice.List {
		o := c.offer(&advice.List[i])
		b := briefOf(&o.OfferProduct, o.Kind)
		b.Reason = o.Reason
		all = append(all, b)
	}
	return all
}

func briefOf(p *OfferProduct, kind string) OfferBrief {
	return OfferBrief{SKU: p.SKU, Name: p.Name, Category: p.Category, Price: p.Price, Currency: p.Currency, Kind: kind}
}
