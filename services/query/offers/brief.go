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
	all, about := make([]OfferBrief, 0, briefOffers), c.model.About(p)
	due := about.Due(p.At+briefDays*oneDay, mostAgain)
	for i := range due {
		if d := &due[i]; d.SKU != "" && len(all) < briefAgain {
			product, _ := c.Product(d.SKU)
			b := briefOf(&product, kindAgain)
			b.DueOn, b.Reason = dayOf(d.DueOn), c.say(d.Text, d.SKU)
			all = append(all, b)
		}
	}
	fits := about.Fits(briefOffers - len(all))
	for i := range fits {
		all = append(all, c.fit(&fits[i]))
	}
	return all
}

func (c *Counts) fit(f *affinity.Fit) OfferBrief {
	product, kind := c.product(&f.Product), kindFits
	if f.From == "" {
		kind = kindPopular
	}
	b := briefOf(&product, kind)
	b.Reason = c.say(f.Text, f.SKU, f.From)
	return b
}

func briefOf(p *OfferProduct, kind string) OfferBrief {
	return OfferBrief{SKU: p.SKU, Name: p.Name, Category: p.Category, Price: p.Price, Currency: p.Currency, Kind: kind}
}
