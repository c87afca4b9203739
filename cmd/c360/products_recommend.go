package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/c360hq/c360/services/query"
)

const recommendHelp = `
c360 recommend CUSTOMER asks a c360 that runs (--url) what one customer may want next: what fits and is new to them, with what it follows
from and the events behind that; what is due to be bought again; what is held back because they gave it back, bought it just now or have
one that lasts. CUSTOMER is an identifier (phone:+821012345678) or an id.

With --as-of the customer's side is what had happened by then: nothing they did later has a part in it.

  c360 recommend loyalty_id:LM-48217730
  c360 recommend phone:+821048217730 --as-of 2026-05-03 --limit 5`

// runRecommend shows what one customer may want next.
func runRecommend(ctx context.Context, e env, args []string) error {
	who := customerCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	var at instantFlags
	fs := newFlags(e, "recommend", recommendHelp)
	at.flags(fs)
	fs.StringVar(&who.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	limit := fs.Int("limit", 10, "how many products to recommend")
	within := fs.Int("within", 14, "what is due again within so many `days`")
	raw := fs.Bool("json", false, "print the answer of the API as it is")
	names, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return usageError{errors.New("to whom? give one identifier (phone:+821012345678) or one id")}
	}
	if who.moment, err = at.query(); err != nil {
		return err
	}
	id, err := who.find(ctx, names[0])
	if err != nil {
		return err
	}
	more := url.Values{"limit": {strconv.Itoa(*limit)}, "within": {strconv.Itoa(*within)}}
	for name := range who.moment {
		more.Set(name, who.moment.Get(name))
	}
	asked, err := who.fresh(ctx, more)
	if err != nil {
		return err
	}
	return printAnswer(ctx, &who.api, e, *raw, http.MethodGet, "/v1/customers/"+id.String()+"/recommendations"+asked, nil,
		func(a *query.RecommendationsAnswer) { printRecommendations(e.stdout, a) })
}
