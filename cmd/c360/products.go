package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/offers"
)

const productsHelp = `
c360 products says what goes together in a c360 that runs (--url), counted from the orders that stand: those that were cancelled or came
back do not count.

  c360 products list [TEXT]              what sells; TEXT is part of a number, a name, a category or a brand
  c360 products together SKU             what goes with a product: in one basket, by the same buyers, dearer ones instead;
                                         and after how many days it is bought again
  c360 products rules                    baskets with these things often have that one too, the surest first;
                                         --of categories, --min-support 0.01, --min-confidence 0.3
  c360 products who-cares CATEGORY       who cares about a category, for what has just arrived; a SKU will do
  c360 products complete SKU...          what is missing from a basket
  c360 recommend CUSTOMER                what one customer may want next, and why

Pairs are ranked by likeness: of all baskets with one of the two, how many have both. Lift says how many times as often as chance has it;
q is the chance that this is chance, corrected for how many pairs were looked at. Lift alone loves what was bought twice: look at both.

  c360 products together OT-1056
  c360 products rules --min-support 0.005 --min-confidence 0.3 --json`

// productsCommand is what was asked of c360 products.
type productsCommand struct {
	env
	api
	limit                   int
	of, support, confidence string
	brand, segment, asOf    string
	json                    bool
}

func (c *productsCommand) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	fs.BoolVar(&c.json, "json", false, "print the answer of the API as it is")
	fs.IntVar(&c.limit, "limit", 10, "how many to print")
	fs.StringVar(&c.of, "of", "products", "rules: about products or `categories`")
	fs.StringVar(&c.support, "min-support", "0.002", "rules: at least this `share` of all baskets has both sides")
	fs.StringVar(&c.confidence, "min-confidence", "0.1", "rules: at least this `share` of the baskets with the left side has the right one")
	fs.StringVar(&c.brand, "brand", "", "who-cares: the `brand` of what arrives, if it matters")
	fs.StringVar(&c.segment, "segment", "", "who-cares: only members of this `segment`")
	fs.StringVar(&c.asOf, "as-of", "", "who-cares: what had happened by this `day` or time")
}

// runProducts finds the verb and does it.
func runProducts(ctx context.Context, e env, args []string) error {
	c := productsCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	fs := newFlags(e, "products", productsHelp)
	c.flags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usageError{errors.New("which? c360 products list [TEXT], together SKU, rules, who-cares CATEGORY or complete SKU")}
	}
	verb, of := rest[0], rest[1:]
	switch {
	case verb == "list" && len(of) <= 1:
		return c.list(ctx, append(of, "")[0])
	case verb == "rules" && len(of) == 0:
		return c.rules(ctx)
	case verb == "together" && len(of) == 1:
		return c.together(ctx, of[0])
	case verb == "who-cares" && len(of) == 1:
		return c.whoCares(ctx, of[0])
	case verb == "complete" && len(of) > 0:
		return c.complete(ctx, of)
	case verb == "together", verb == "who-cares", verb == "complete":
		return usageError{fmt.Errorf("%s what? c360 products --help shows how", verb)}
	}
	return usageError{fmt.Errorf("what is %q? c360 products list [TEXT], together SKU, rules, who-cares CATEGORY or complete SKU", verb)}
}

// fresh adds to parameters that the answer is to hold all that is folded by now: what is counted follows by a moment.
func (a *api) fresh(ctx context.Context, q url.Values) (string, error) {
	var p query.ProjectionsAnswer
	if err := a.call(ctx, http.MethodGet, "/v1/projections", nil, &p); err != nil {
		return "", err
	}
	if p.Position > 0 {
		q.Set("wait", strconv.FormatUint(uint64(p.Position), 10))
	}
	return "?" + q.Encode(), nil
}

// show asks one of the calls about products.
func showProducts[A any](ctx context.Context, c *productsCommand, path string, q url.Values, people func(*A)) error {
	q.Set("limit", strconv.Itoa(c.limit))
	query, err := c.fresh(ctx, q)
	if err != nil {
		return err
	}
	return printAnswer(ctx, &c.api, c.env, c.json, http.MethodGet, path+query, nil, people)
}

func (c *productsCommand) list(ctx context.Context, text string) error {
	q := url.Values{}
	if text != "" {
		q.Set("q", text)
	}
	return showProducts(ctx, c, "/v1/products", q, func(a *offers.ProductsAnswer) { printProducts(c.stdout, a) })
}

func (c *productsCommand) together(ctx context.Context, sku string) error {
	return showProducts(ctx, c, "/v1/products/"+escaped(sku)+"/bought-together", url.Values{},
		func(a *offers.TogetherAnswer) { printTogether(c.stdout, a) })
}

func (c *productsCommand) rules(ctx context.Context) error {
	q := url.Values{"of": {c.of}, "min_support": {c.support}, "min_confidence": {c.confidence}}
	return showProducts(ctx, c, "/v1/products/rules", q, func(a *offers.RulesAnswer) { printRules(c.stdout, a) })
}

// whoCares asks about a product if there is one of that number, else about a category.
func (c *productsCommand) whoCares(ctx context.Context, what string) error {
	path, q := "/v1/categories/"+escaped(what)+"/who-cares", url.Values{}
	for name, text := range map[string]string{"brand": c.brand, "segment": c.segment, "as_of": c.asOf} {
		if text != "" {
			q.Set(name, text)
		}
	}
	known, err := c.isProduct(ctx, what)
	if err != nil {
		return err
	}
	if known {
		path = "/v1/products/" + escaped(what) + "/who-cares"
		q.Del("brand")
	}
	return showProducts(ctx, c, path, q, func(a *query.WhoCaresAnswer) { printWhoCares(c.stdout, a) })
}

func (c *productsCommand) isProduct(ctx context.Context, sku string) (bool, error) {
	query, err := c.fresh(ctx, url.Values{"q": {sku}, "limit": {"200"}})
	if err != nil {
		return false, err
	}
	var a offers.ProductsAnswer
	if err := c.call(ctx, http.MethodGet, "/v1/products"+query, nil, &a); err != nil {
		return false, err
	}
	for i := range a.Products {
		if a.Products[i].SKU == sku {
			return true, nil
		}
	}
	return false, nil
}

func (c *productsCommand) complete(ctx context.Context, skus []string) error {
	query, err := c.fresh(ctx, url.Values{})
	if err != nil {
		return err
	}
	body := offers.BasketRequest{Items: skus, Limit: c.limit}
	return printAnswer(ctx, &c.api, c.env, c.json, http.MethodPost, "/v1/baskets/complete"+query, body,
		func(a *offers.BasketAnswer) { printBasket(c.stdout, a) })
}
