package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/offers"
)

// titled is a product as people read it: its number and its name.
func titled(p *offers.OfferProduct) string { return strings.TrimSpace(p.SKU + "  " + p.Name) }

func printCounted(out io.Writer, m *offers.OfferModel) {
	fmt.Fprintf(out, "counted: %d baskets of %d buyers, %d products, up to position %d\n", m.Baskets, m.Buyers, m.Products, m.Position)
	if m.Share < 1 {
		fmt.Fprintf(out, "of a fair sample of the customers, %.2g %% of them\n", 100*m.Share)
	}
}

func printProducts(out io.Writer, a *offers.ProductsAnswer) {
	out = plain{out}
	printCounted(out, &a.Model)
	fmt.Fprintf(out, "\n%8s  %8s  %s\n", "baskets", "30 days", "product")
	for i := range a.Products {
		p := &a.Products[i]
		fmt.Fprintf(out, "%8d  %8d  %s\n", p.Baskets, p.Recent, short(titled(&p.OfferProduct)+"  "+p.Category, wide-20))
	}
	if a.Found > len(a.Products) {
		fmt.Fprintf(out, "%d more: --limit\n", a.Found-len(a.Products))
	}
}

func printTogether(out io.Writer, a *offers.TogetherAnswer) {
	out = plain{out}
	fmt.Fprintln(out, short(titled(&a.Product)+"  "+a.Product.Category, wide))
	printPairs(out, "in one basket", a.Together)
	printPairs(out, "bought by the same customers", a.AlsoBought)
	for i := range a.UpSell {
		u := &a.UpSell[i]
		fmt.Fprintln(out, wrapped("instead: "+titled(&u.OfferProduct)+". "+u.Reason.En, wide, "  "))
	}
	if t := a.Again; t != nil {
		fmt.Fprintf(out, "bought again after %d days by half of %d customers who do, %d to %d by most\n", t.Median, t.Customers, t.Quarter, t.Most)
	}
	printCounted(out, &a.Model)
}

func printPairs(out io.Writer, head string, pairs []offers.OfferPair) {
	if len(pairs) == 0 {
		fmt.Fprintf(out, "%s: nothing more often than by chance\n", head)
		return
	}
	fmt.Fprintf(out, "%s:\n  %5s of %5s  %5s  %6s  %8s\n", head, "both", "with", "share", "lift", "q")
	for i := range pairs {
		p := &pairs[i]
		fmt.Fprintf(out, "  %5d of %5d  %4.0f%%  %6.1f  %8.1g  %s\n", p.Both, p.With, 100*p.Confidence, p.Lift, p.QValue, short(titled(&p.OfferProduct), wide-46))
	}
}

func printRules(out io.Writer, a *offers.RulesAnswer) {
	out = plain{out}
	fmt.Fprintf(out, "%d rules about %s with a support of %g and a confidence of %g\n", a.Found, a.Of, a.MinSupport, a.MinConfidence)
	for i := range a.Rules {
		r := &a.Rules[i]
		sides := make([]string, len(r.If))
		for n, t := range r.If {
			sides[n] = cmp.Or(t.Name, t.Key)
		}
		fmt.Fprintf(out, "%5d  %4.0f%%  lift %5.1f  q %7.1g  %s\n", r.Both, 100*r.Confidence, r.Lift, r.QValue,
			short(strings.Join(sides, " + ")+" → "+cmp.Or(r.Then.Name, r.Then.Key), wide-38))
	}
	printCounted(out, &a.Model)
}

func printWhoCares(out io.Writer, a *query.WhoCaresAnswer) {
	out = plain{out}
	what := strings.TrimSpace(a.Brand + " " + a.Category)
	fmt.Fprintf(out, "%d of %d customers care about %s\n", a.Caring, a.Asked, what)
	for i := range a.Customers {
		c := &a.Customers[i]
		fmt.Fprintf(out, "%4.0f%%  %s  %s, looked %d times, bought %d\n", 100*c.Score, c.ID, short(cmp.Or(c.Name, "(no name)"), 20), c.Looks, c.Purchases)
	}
	if a.Caring > len(a.Customers) {
		fmt.Fprintf(out, "%d more: --limit\n", a.Caring-len(a.Customers))
	}
}

func printBasket(out io.Writer, a *offers.BasketAnswer) {
	out = plain{out}
	if len(a.Unknown) > 0 {
		fmt.Fprintf(out, "nobody ever bought %s\n", strings.Join(a.Unknown, ", "))
	}
	if a.Cold {
		fmt.Fprintln(out, "nothing goes with that; this is what sells:")
	}
	printOffers(out, a.Offers)
	printCounted(out, &a.Model)
}

// printOffers writes what is offered, and why.
func printOffers(out io.Writer, list []offers.Offer) {
	for i := range list {
		o := &list[i]
		fmt.Fprintf(out, "%2d. %s\n", o.Place, short(titled(&o.OfferProduct), wide-4))
		fmt.Fprintln(out, "    "+wrapped(o.Reason.En, wide-4, "    "))
		for n := range o.Why {
			if events := positionsOf(o.Why[n].Evidence); events != "" {
				fmt.Fprintf(out, "    %s, %s\n", short(cmp.Or(o.Why[n].Name, o.Why[n].SKU), 50), events)
			}
		}
	}
}

// positionsOf names the events behind something.
func positionsOf(list []offers.OfferEvidence) string {
	var all []string
	for i := range list {
		all = append(all, fmt.Sprintf("%s at position %d", day(&list[i].Time), list[i].Position))
	}
	if len(all) == 0 {
		return ""
	}
	return "bought " + all[0]
}

func printRecommendations(out io.Writer, a *query.RecommendationsAnswer) {
	out = plain{out}
	fmt.Fprintf(out, "%s\n", a.Customer)
	if a.AsOf != nil {
		fmt.Fprintf(out, "as of what had happened by %s\n", a.AsOf.In(profile.Zone).Format("2006-01-02 15:04"))
	}
	if a.Cold {
		fmt.Fprintln(out, "nothing is known that they have; this is what sells:")
	}
	printOffers(out, a.Recommendations)
	for i := range a.Again {
		x := &a.Again[i]
		fmt.Fprintln(out, wrapped(fmt.Sprintf("due again on %s: %s. %s", x.DueOn, strings.TrimSpace(x.SKU+"  "+cmp.Or(x.Name, x.Category)), x.Reason.En), wide, "  "))
	}
	for i := range a.LeftOut {
		l := &a.LeftOut[i]
		fmt.Fprintln(out, wrapped(fmt.Sprintf("not %s  %s: %s", l.SKU, l.Name, l.Why.En), wide, "  "))
	}
	printCounted(out, &a.Model)
}
