package offers

import (
	"slices"
	"time"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// The kinds of offers.
const (
	kindFits    = "fits"
	kindPopular = "popular"
	kindAgain   = "again"
)

const (
	// mostInterests bounds the interests in an answer, mostLeftOut what was left out, and mostPopular the baseline.
	mostInterests = 5
	mostLeftOut   = 20
	mostPopular   = 10
	// mostAgain bounds what is due again.
	mostAgain = 20

	oneDay = int64(24 * time.Hour / time.Microsecond)
)

// Next says what a customer may want next as of the time of their purchases: so many recommendations, and what is due again
// within so many days. Customer, moment and the position of the customer's side are left to the caller.
func (c *Counts) Next(p *affinity.Purchases, limit, withinDays int) *RecommendationsAnswer {
	about := c.model.About(p)
	advice := about.Recommend(limit)
	return &RecommendationsAnswer{
		Recommendations: c.offers(&advice), Again: c.again(about.Due(p.At+int64(withinDays)*oneDay, mostAgain)),
		UpSell: c.upSell(about.UpSell(limit)), LeftOut: c.leftOut(advice.LeftOut),
		Interests: interests(c.model.Interests(p)), Brands: interests(c.model.Brands(p)),
		Popular: c.popular(advice.Popular), Cold: advice.Cold, Model: c.at,
	}
}

func (c *Counts) offers(advice *affinity.Advice) []Offer {
	all := make([]Offer, len(advice.List))
	for i := range advice.List {
		all[i] = c.offer(&advice.List[i])
	}
	return all
}

func (c *Counts) offer(r *affinity.Recommendation) Offer {
	o := Offer{
		OfferProduct: c.product(&r.Product), Place: r.Place, Kind: kindOf(r), Score: r.Score, Recent: r.Recent, PopularPlace: r.PopularPlace,
		Reason: c.say(r.Text, mentioned(r)...), Why: make([]OfferReason, len(r.Why)),
	}
	for i := range r.Why {
		w := &r.Why[i]
		o.Why[i] = OfferReason{
			SKU: w.If[0], Name: c.names[w.If[0]], OfferCounts: countsOf(&w.Rule), Share: w.Share,
			Text: c.say(w.Text, w.If[0], r.SKU), Evidence: evidenceOf(w.Evidence),
		}
	}
	return o
}

// kindOf says whether a recommendation follows from what the customer has.
func kindOf(r *affinity.Recommendation) string {
	if len(r.Why) == 0 {
		return kindPopular
	}
	return kindFits
}

// mentioned are the article numbers in the text of a recommendation: its own, and those of its first reason.
func mentioned(r *affinity.Recommendation) []string {
	all := []string{r.SKU}
	if len(r.Why) > 0 {
		all = append(all, r.Why[0].If...)
	}
	return all
}

// again tells what is due.
func (c *Counts) again(due []affinity.Again) []OfferAgain {
	all := make([]OfferAgain, len(due))
	for i := range due {
		d := &due[i]
		all[i] = OfferAgain{
			SKU: d.SKU, Name: c.names[d.SKU], Category: d.Category, Last: instant(d.Last), DueOn: dayOf(d.DueOn),
			Days: d.Days, Own: d.Own, Customers: d.Customers, Reason: c.say(d.Text, d.SKU), Evidence: evidenceOf(d.Evidence),
		}
	}
	return all
}

// dayOf names a day of the company.
func dayOf(at int64) string { return time.UnixMicro(at).In(history.Zone).Format(time.DateOnly) }

func (c *Counts) leftOut(list []affinity.LeftOut) []OfferLeftOut {
	all := make([]OfferLeftOut, 0, min(mostLeftOut, len(list)))
	for i := range list[:min(mostLeftOut, len(list))] {
		l := &list[i]
		all = append(all, OfferLeftOut{SKU: l.SKU, Name: c.names[l.SKU], Rule: l.Rule, Why: l.Why, Evidence: evidence(l.Evidence)})
	}
	return all
}

func interests(list []affinity.Interest) []OfferInterest {
	all := make([]OfferInterest, 0, mostInterests)
	for i := range list[:min(mostInterests, len(list))] {
		x := &list[i]
		all = append(all, OfferInterest{
			Name: x.Name, Share: x.Share, Looks: x.Looks, Purchases: x.Purchases, Last: instant(x.Last), Text: x.Text, Evidence: latestOf(x.Evidence),
		})
	}
	return all
}

func (c *Counts) popular(list []affinity.Popular) []OfferPopular {
	all := make([]OfferPopular, 0, mostPopular)
	for _, x := range list[:min(mostPopular, len(list))] {
		p, _ := c.Product(x.SKU)
		all = append(all, OfferPopular{OfferProduct: p, Recent: x.Baskets})
	}
	return all
}

// Basket says what goes with a basket that is not bought yet, at a time, Unix microseconds.
func (c *Counts) Basket(skus []string, at int64, limit int) *BasketAnswer {
	a := &BasketAnswer{Items: []OfferProduct{}, Unknown: []string{}, Model: c.at, Position: c.at.Position}
	var items []string
	for _, sku := range skus {
		if slices.Contains(items, sku) {
			continue
		}
		items = append(items, sku)
		p, known := c.Product(sku)
		if a.Items = append(a.Items, p); !known {
			a.Unknown = append(a.Unknown, sku)
		}
	}
	advice := c.model.Complete(items, at, limit)
	a.Offers, a.Cold = c.offers(&advice), advice.Cold
	return a
}
