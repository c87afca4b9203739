package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/services/query/churns"
)

const churnHelp = `
c360 churn says who is slipping away, of a c360 that runs (--url), and why. Who is flagged follows from a policy: silence that is long
for this customer, fewer visits or purchases than before, or a model of when customers buy again. Every policy is shown with what it was
measured to be worth on past days, beside plain recency: as many flags by days since the last visit alone.

  c360 churn list [--policy NAME] [--limit N] [--order risk|since]   who is flagged, the highest risk first
  c360 churn why CUSTOMER [--as-of DAY] [--known-at DAY|POSITION]    one customer: risk, reasons, the events behind them, past flags
  c360 churn policies                                                the policies there are, and what they are worth
  c360 churn put FILE [--name NAME] [--since DAY]                    define a policy, or change it from now on
  c360 churn remove NAME                                             nobody is flagged by it any more; its history stays
  c360 churn backtest [FILE] [--policy NAME] [--months N]            what a policy would have been worth; --budget and --precision
                                                                     choose a threshold, --out writes the policy that has it
  c360 churn calibrate [--share 0.1] [--apply]                       find the policy that fits the data; --apply makes it "default"

CUSTOMER is an identifier (phone:+821012345678) or an id. FILE holds a policy, or {"name":…, "title":{"ko":…,"en":…}, "rule":POLICY}; - is
standard input. A policy in full is in /docs; the shortest that works is

  {"version":1, "rhythm":{"factor":2.5}}

A c360 that has no policy finds one by itself, some minutes after it starts, once there is enough data.`

// churnCommand is what was asked of c360 churn.
type churnCommand struct {
	env
	api
	moment                     instantFlags
	policy, order, name, since string
	limit                      int
	json                       bool
	test                       backtestFlags
	apply                      bool
	share                      float64
}

func (c *churnCommand) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	fs.BoolVar(&c.json, "json", false, "print the answer of the API as it is")
	fs.StringVar(&c.policy, "policy", "", "list, why, backtest: the policy of this `name`")
	fs.StringVar(&c.order, "order", "risk", "list: the highest `risk` first, or the latest flag (since)")
	fs.IntVar(&c.limit, "limit", 25, "list: how many customers")
	fs.StringVar(&c.name, "name", "", "put: the `name` of the policy, if the file says none")
	fs.StringVar(&c.since, "since", "", "put: the `day` from which it holds, if that is not now; an earlier one restates the past")
	fs.BoolVar(&c.apply, "apply", false, "calibrate: make what was found the policy called default")
	fs.Float64Var(&c.share, "share", 0, "calibrate: the largest `share` of the customers that may be flagged at once; 0.1 if not given")
	c.moment.flags(fs)
	c.test.flags(fs)
}

// runChurn finds the verb and does it.
func runChurn(ctx context.Context, e env, args []string) error {
	c := churnCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	fs := newFlags(e, "churn", churnHelp)
	c.flags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	c.url = strings.TrimRight(c.url, "/")
	none := map[string]func(context.Context) error{"list": c.list, "policies": c.policies, "calibrate": c.calibrate}
	one := map[string]func(context.Context, string) error{"why": c.why, "put": c.put, "remove": c.remove, "backtest": c.backtest}
	switch {
	case len(rest) == 1 && none[rest[0]] != nil:
		return none[rest[0]](ctx)
	case len(rest) == 1 && rest[0] == "backtest":
		return c.backtest(ctx, "")
	case len(rest) == 2 && one[rest[0]] != nil:
		return one[rest[0]](ctx, rest[1])
	case len(rest) == 1 && one[rest[0]] != nil:
		return usageError{fmt.Errorf("%s what? c360 churn --help shows how", rest[0])}
	}
	return usageError{errors.New("which? c360 churn list, why CUSTOMER, policies, put FILE, remove NAME, backtest [FILE] or calibrate")}
}

// show calls and prints the answer, as it is or for people.
func show[A any](ctx context.Context, c *churnCommand, method, path string, body any, people func(*A)) error {
	return printAnswer(ctx, &c.api, c.env, c.json, method, path, body, people)
}

func (c *churnCommand) list(ctx context.Context) error {
	q := url.Values{"order": {c.order}, "limit": {strconv.Itoa(c.limit)}}
	if c.policy != "" {
		q.Set("policy", c.policy)
	}
	return show(ctx, c, http.MethodGet, "/v1/churn?"+q.Encode(), nil, func(a *churns.FlagsAnswer) { printFlags(c.stdout, a) })
}

func (c *churnCommand) why(ctx context.Context, name string) error {
	moment, err := c.moment.query()
	if err != nil {
		return err
	}
	who := customerCommand{env: c.env, api: c.api, moment: moment}
	id, err := who.find(ctx, name)
	if err != nil {
		return err
	}
	more := url.Values{}
	if c.policy != "" {
		more.Set("policy", c.policy)
	}
	path := who.path("/v1/customers/"+id.String()+"/churn", more)
	return show(ctx, c, http.MethodGet, path, nil, func(a *churns.CustomerFlags) { printWhy(c.stdout, a) })
}

func (c *churnCommand) policies(ctx context.Context) error {
	return show(ctx, c, http.MethodGet, "/v1/churn/policies", nil, func(a *churns.PoliciesAnswer) { printPolicies(c.stdout, a) })
}

// policyFile is what a file of a policy may hold.
type policyFile struct {
	Name string `json:"name"`
	churns.PolicyRequest
}

// readPolicy reads a file: a policy, or one with its name and title.
func readPolicy(name string) (f policyFile, err error) {
	var text []byte
	if name == "-" {
		name = "/dev/stdin"
	}
	if text, err = os.ReadFile(name); err != nil { // #nosec G304 G703 -- the file that was asked for
		return f, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return f, fmt.Errorf("%s is not a JSON object: %w", name, err)
	}
	if _, whole := members["rule"]; !whole {
		f.Rule = text
		return f, nil
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func (c *churnCommand) put(ctx context.Context, file string) error {
	f, err := readPolicy(file)
	if err != nil {
		return err
	}
	if c.name != "" {
		f.Name = c.name
	}
	if c.since != "" {
		f.Since = c.since
	}
	if f.Name == "" {
		return usageError{errors.New("what is the policy called? --name NAME, or \"name\" in the file")}
	}
	return c.change(ctx, http.MethodPut, f.Name, f.PolicyRequest, func(a *churns.PolicyAccepted) error {
		fmt.Fprintf(c.stdout, "%s holds from position %d on\n", a.Name, a.Position)
		return c.judged(ctx, a)
	})
}

func (c *churnCommand) remove(ctx context.Context, name string) error {
	return c.change(ctx, http.MethodDelete, name, nil, func(a *churns.PolicyAccepted) error {
		_, err := fmt.Fprintf(c.stdout, "%s is removed from position %d on\n", a.Name, a.Position)
		return err
	})
}

// change writes about a policy, and goes on if that changed anything.
func (c *churnCommand) change(ctx context.Context, method, name string, body any, then func(*churns.PolicyAccepted) error) (err error) {
	asked := show(ctx, c, method, "/v1/churn/policies/"+escaped(name), body, func(a *churns.PolicyAccepted) {
		if a.Changed {
			err = then(a)
			return
		}
		fmt.Fprintf(c.stdout, "%s was so already, position %d\n", a.Name, a.Position)
	})
	return errors.Join(asked, err)
}

const (
	judgedWithin = time.Minute
	judgedEvery  = 100 * time.Millisecond
)

// judged waits until everybody has been judged under a policy, and says how many are flagged.
func (c *churnCommand) judged(ctx context.Context, a *churns.PolicyAccepted) error {
	ctx, cancel := context.WithTimeout(ctx, judgedWithin)
	defer cancel()
	for {
		var p churns.PolicyAnswer
		path := fmt.Sprintf("/v1/churn/policies/%s?wait=%d", escaped(a.Name), a.Position)
		if err := c.call(ctx, http.MethodGet, path, nil, &p); err != nil {
			return err
		}
		if p.Judging == nil {
			_, err := fmt.Fprintf(c.stdout, "%d flagged\n", p.Flagged)
			return err
		}
		select {
		case <-time.After(judgedEvery):
		case <-ctx.Done():
			_, err := fmt.Fprintf(c.stdout, "everybody is being judged, %d fragments so far; see c360 churn policies\n", p.Judging.Done)
			return err
		}
	}
}
