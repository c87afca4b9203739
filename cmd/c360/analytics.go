package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
)

const analyticsHelp = `
c360 analytics WHAT asks a c360 that runs for figures about all customers, or those of a segment, now or as of an instant.
Every answer says at which position of the log it is true, on how many customers it rests, and whether that is enough.

  kpi         tiles: satisfaction, retention, first response, revenue net of returns, …, beside the period before
  retention   who came back in which month, by the month of joining
  funnel      how far customers come: --steps product.viewed,cart.updated,order.completed
  paths       by which ways they come to a goal
  rfm         fifths by the last purchase and the number of purchases
  corner      who is in one place of that grid: --r 5 --f 1
  survival    how long customers stay until they fall silent, and who comes back
  returns     whether who returns something buys again
  lifecycle   new, good, VIP, slipping, lapsed, returned, and the ways between them
  contrast    what sets the members of --segment apart from the rest
  lookalikes  who is like the members of --segment, with what makes them so
  trend       one --measure week by week, and what it may do next

  c360 analytics kpi --segment vip --target csat:0.8,first_response:3600
  c360 analytics retention --by visits --as-of 2026-05-03
  c360 analytics lookalikes --segment vip --prospects newsletter --limit 50 --json

--json prints the answer of the API as it is; c360 analytics WHAT --help lists the flags of one.`

// question is one thing that can be asked: the call of the API, its parameters as flags, and how the answer is shown.
type question struct {
	name, path string
	// of are the parameters, "name=what it is"; a flag is called as its parameter, with - for _.
	of   []string
	show func(out io.Writer, answer []byte) error
	// body makes the body of a call that takes one of the parameters.
	body func(p url.Values) (any, error)
}

const (
	ofBy       = "by=what counts as being active: orders, visits or anything"
	ofFrom     = "from=the first `day` of the period"
	ofTo       = "to=the last `day` of the period"
	ofDays     = "days=how many `days` the period has, if --from is left out"
	ofSilence  = "silence=after how many `days` of silence a customer counts as lost"
	ofCurrency = "currency=purchases in this `currency`; left out, the one most customers buy in"
	ofHours    = "hours=the hours that answers take time in: all or office"
	ofLimit    = "limit=how `many` are listed"
	ofLeave    = "leave=`features` to leave out, beside what the segment is chosen by: trait:tier,rate:page.viewed"
)

// questions are what c360 analytics can be asked.
func questions() []question {
	return []question{
		{name: "kpi", path: "/v1/analytics/kpi", show: shown(printKPI), of: []string{
			ofFrom, ofTo, ofDays, ofBy, ofSilence, ofHours, "target=what is aimed `at`: csat:0.8,first_response:3600", "weeks=how many `weeks` --json lists",
		}},
		{name: "retention", path: "/v1/analytics/retention", show: shown(printRetention), of: []string{ofBy}},
		{name: "funnel", path: "/v1/analytics/funnel", show: shown(printFunnel), of: []string{
			"steps=`types` of touchpoints, with commas between them", "within=how many `seconds` after the first step the last may come", ofFrom, ofTo, ofDays,
		}},
		{name: "paths", path: "/v1/analytics/paths", show: shown(printPaths), of: []string{
			"goal=the `type` that ends a way (order.completed)", "anchor=the `type` that begins it", "types=the `types` that are looked at",
			"within=how many `seconds` a way may take", "longest=how many touchpoints of a way are told", ofLimit, ofFrom, ofTo, ofDays,
		}},
		{name: "rfm", path: "/v1/analytics/rfm", show: shown(printRFM), of: []string{ofCurrency}},
		{name: "corner", path: "/v1/analytics/rfm/customers", show: shown(printCorner), of: []string{
			"r=the `fifth` by the last purchase, 5 the latest", "f=the `fifth` by the number of purchases, 5 the most", "after=the last `id` of the page before",
			ofLimit, ofCurrency,
		}},
		{name: "survival", path: "/v1/analytics/survival", show: shown(printSurvival), of: []string{ofBy, ofSilence}},
		{name: "returns", path: "/v1/analytics/returns", show: shown(printReturns), of: []string{
			"within_days=within how many `days` they must buy again", ofFrom, ofTo, ofDays,
		}},
		{name: "lifecycle", path: "/v1/analytics/lifecycle", show: shown(printLifecycle), of: []string{ofCurrency, "months=how many `months` are told"}},
		{name: "contrast", path: "/v1/analytics/contrast", show: shown(printContrast), of: []string{ofLimit, ofLeave}},
		{name: "lookalikes", path: "/v1/analytics/lookalikes", show: shown(printLookalikes), body: lookalikesBody, of: []string{
			"prospects=the `segment` whose members are ranked; left out, everybody", ofLimit, ofLeave,
		}},
		{name: "trend", path: "/v1/analytics/trend", show: shown(printTrend), of: []string{
			"measure=the `measure`: revenue, orders, csat, …", "weeks=how many `weeks` back", "ahead=how many `weeks` are forecast", ofCurrency, ofBy, ofHours,
		}},
	}
}

// runAnalytics asks for figures.
func runAnalytics(ctx context.Context, e env, args []string) error {
	return askOne(ctx, e, "analytics", analyticsHelp, questions(), args)
}

// askOne finds the question that the first argument names, and asks it.
func askOne(ctx context.Context, e env, command, help string, all []question, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		fs := newFlags(e, command, help)
		if _, err := parseMixed(e, fs, args); err != nil {
			return err
		}
		return usageError{fmt.Errorf("which figures? there are %s", namesOf(all))}
	}
	for i := range all {
		if all[i].name == args[0] {
			return all[i].ask(ctx, e, command+" "+args[0], help, args[1:])
		}
	}
	return usageError{fmt.Errorf("what is %q? there are %s", args[0], namesOf(all))}
}

func namesOf(all []question) string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].name
	}
	return strings.Join(names, ", ")
}

// asking is what is asked of a c360.
type asking struct {
	api
	at      instantFlags
	segment string
	raw     bool
	values  url.Values
}

// ask reads the flags, calls, and shows the answer.
func (q *question) ask(ctx context.Context, e env, name, help string, args []string) error {
	a := asking{api: api{doer: http.DefaultClient, said: e.stderr}, values: url.Values{}}
	fs := newFlags(e, name, help)
	a.flags(fs)
	given := paramFlags(fs, q.of)
	rest, err := parseMixed(e, fs, args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return usageError{fmt.Errorf("what is %q? c360 %s takes flags only", rest[0], name)}
	}
	if a.values, err = a.at.query(); err != nil {
		return err
	}
	given(a.values)
	answer, err := a.answer(ctx, q)
	if err != nil {
		return err
	}
	if a.raw {
		return printRaw(e.stdout, answer)
	}
	return q.show(e.stdout, answer)
}

func (a *asking) flags(fs *flag.FlagSet) {
	fs.StringVar(&a.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 to ask")
	fs.StringVar(&a.at.asOf, "as-of", "", "what had happened by a `time`, whenever we heard of it; a day is its end")
	fs.StringVar(&a.at.zone, "zone", houseZone, "the time `zone` of days that are given without one")
	fs.StringVar(&a.segment, "segment", "", "only who is in this `segment` at that time")
	fs.BoolVar(&a.raw, "json", false, "print the answer of the API as it is")
}

// paramFlags makes a flag of each parameter; what it returns puts those that were given among the values of a call.
func paramFlags(fs *flag.FlagSet, of []string) func(url.Values) {
	texts := map[string]*string{}
	for _, one := range of {
		name, about, _ := strings.Cut(one, "=")
		texts[name] = fs.String(strings.ReplaceAll(name, "_", "-"), "", about)
	}
	return func(into url.Values) {
		for name, text := range texts {
			if *text != "" {
				into.Set(name, *text)
			}
		}
	}
}

func (a *asking) answer(ctx context.Context, q *question) (json.RawMessage, error) {
	method, path := http.MethodGet, q.path
	var body any
	if a.segment != "" {
		a.values.Set("segment", a.segment)
	}
	if q.body != nil {
		var err error
		if body, err = q.body(a.values); err != nil {
			return nil, err
		}
		method = http.MethodPost
		a.values = only(a.values, "as_of")
	}
	if len(a.values) > 0 {
		path += "?" + a.values.Encode()
	}
	var answer json.RawMessage
	err := a.call(ctx, method, path, body, &answer)
	return answer, err
}

// only keeps one value.
func only(values url.Values, name string) url.Values {
	kept := url.Values{}
	if v := values.Get(name); v != "" {
		kept.Set(name, v)
	}
	return kept
}

func printRaw(out io.Writer, answer []byte) error {
	var text bytes.Buffer
	if err := json.Indent(&text, answer, "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, text.String())
	return err
}

// shown decodes an answer and prints it as a table.
func shown[A any](table func(w io.Writer, a *A)) func(io.Writer, []byte) error {
	return func(out io.Writer, answer []byte) error {
		var a A
		if err := json.Unmarshal(answer, &a); err != nil {
			return errors.New("this c360 does not answer as this version does; --json shows what it says")
		}
		w := tabwriter.NewWriter(plain{out}, 0, 0, 2, ' ', 0)
		table(w, &a)
		return w.Flush()
	}
}
