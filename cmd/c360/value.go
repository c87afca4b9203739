package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/c360hq/c360/services/query"
)

const valueHelp = `
c360 value WHAT asks a c360 that runs what customers are worth.

  model              when customers buy again: the fitted model, its parameters with standard errors, whether the data
                     tells drop-out at all, and how it did on time it had not seen, beside plain forecasts
  segments           what segments are worth: customers, revenue net of returns, orders, cost to serve, churned share
  customer WHO       one customer: probability of being one still, purchases and spending to come, class of life, tier

WHO is an id or an identifier, as for c360 customer.

  c360 value model --model pareto_nbd --as-of 2026-05-03
  c360 value segments --days 90 --cost call.ended:3000,inquiry.opened:2000
  c360 value customer phone:+821048217730 --known-at 2026-05-03`

func valueQuestions() []question {
	return []question{
		{name: "model", path: "/v1/analytics/value/model", show: shown(printModel), of: []string{
			"model=bg_nbd, mbg_nbd (what customers are measured by) or pareto_nbd", ofCurrency,
		}},
		{name: "segments", path: "/v1/analytics/value", show: shown(printGroups), of: []string{
			ofFrom, ofTo, ofDays, ofSilence, "cost=what serving one contact `costs`: call.ended:3000,inquiry.opened:2000", "cost_currency=of --cost (KRW)",
		}},
		{name: "customer"}, // asked by runCustomerValue
	}
}

// runValue asks what customers are worth.
func runValue(ctx context.Context, e env, args []string) error {
	if len(args) > 0 && args[0] == "customer" {
		return runCustomerValue(ctx, e, args[1:])
	}
	return askOne(ctx, e, "value", valueHelp, valueQuestions(), args)
}

// runCustomerValue asks what one customer is worth.
func runCustomerValue(ctx context.Context, e env, args []string) error {
	c := customerCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	var at instantFlags
	fs := newFlags(e, "value customer", valueHelp)
	at.flags(fs)
	fs.StringVar(&c.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 to ask")
	raw := fs.Bool("json", false, "print the answer of the API as it is")
	terms := paramFlags(fs, []string{"years=how many `years` the lifetime value looks ahead", "discount=by how many `percent` a year it is discounted"})
	names, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return usageError{errors.New("which customer? give one identifier (phone:+821012345678) or one id")}
	}
	if c.moment, err = at.query(); err != nil {
		return err
	}
	id, err := c.find(ctx, names[0])
	if err != nil {
		return err
	}
	more := url.Values{}
	terms(more)
	var answer json.RawMessage
	if err := c.call(ctx, http.MethodGet, c.path("/v1/customers/"+id.String()+"/value", more), nil, &answer); err != nil {
		return err
	}
	if *raw {
		return printRaw(e.stdout, answer)
	}
	return shown(printCustomerWorth)(e.stdout, answer)
}

// lines writes names and values below each other.
func lines(w io.Writer) func(name, format string, args ...any) {
	return func(name, format string, args ...any) {
		fmt.Fprintf(w, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
}

func printCustomerWorth(w io.Writer, a *query.WorthAnswer) {
	line := lines(w)
	line("customer", "%s, as of %s, position %d", a.Customer, moment(&a.At), a.Position)
	if a.Why != nil {
		printFolded(w, "NOT ENOUGH: "+a.Why.En)
	}
	line("bought", "on %d days, %s %s, last on %s", a.Purchases, a.Currency, grouped(units(a.Spent)), or(a.LastDay, "no day"))
	if a.RFM != nil {
		line("fifths", "R%d F%d M%d: %s", a.RFM.R, a.RFM.F, a.RFM.M, a.RFM.Name.En)
	}
	if a.Tier != nil {
		line("tier", "%s%s", or(a.Tier.Tier, "none"), nextTier(a))
	}
	if a.Alive != nil {
		line("still a customer", "%s", percent(a.Alive))
	}
	for _, f := range a.Forecasts {
		line(fmt.Sprintf("next %d days", f.Days), "%.2f purchases (%d to %d), worth %s %s", f.Purchases, f.Low, f.High, a.Currency, grouped(f.Value))
	}
	if a.CLV != nil {
		line("lifetime value", "%s %s in %d years at %.0f %% a year", a.Currency, grouped(a.CLV.Value), a.CLV.Years, 100*a.CLV.Discount)
	}
	printLifeOf(w, a)
	if a.Model != nil {
		line("measured by", "%s, fitted to %d customers up to %s, position %d", a.Model.Model, a.Model.Customers, calendarDay(a.Model.FittedTo), a.Model.Position)
		if !a.Model.Identifiable.OK {
			printFolded(w, a.Model.Identifiable.Why.En)
		}
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func nextTier(a *query.WorthAnswer) string {
	t := a.Tier
	switch {
	case t.Next == "":
		return ", the highest"
	case t.MissingOrders > 0:
		return fmt.Sprintf("; %d orders more for %s by %s", t.MissingOrders, t.Next, moment(t.Until))
	}
	return fmt.Sprintf("; %s %s more for %s by %s", a.Currency, grouped(units(t.MissingRevenue)), t.Next, moment(t.Until))
}

func printLifeOf(w io.Writer, a *query.WorthAnswer) {
	if a.Life == nil {
		return
	}
	line := lines(w)
	line("class of life", "%s; may change %s if nothing happens", a.Life.Name.En, moment(a.Life.Due))
	for _, c := range a.Life.History {
		line("", "%s %s to %s by %s", calendarDay(c.At), c.From, c.To, c.Cause)
	}
}
