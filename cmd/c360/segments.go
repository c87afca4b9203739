package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/segments"
)

const segmentsHelp = `
c360 segments works with the segments of a c360 that runs (--url): rules that say who belongs together. Who is in follows from what
customers did and from time that passes; nobody is put in by hand.

  c360 segments list                                  what there is, how many are in, who came and went
  c360 segments show NAME                             one segment with its rule and all its versions
  c360 segments put FILE [--name NAME] [--since DAY]  define segments, or change them from now on (or from a day on)
  c360 segments remove NAME                           nobody is in it any more; its history stays
  c360 segments members NAME [--as-of DAY]            who is in, those who came last first
  c360 segments history NAME                          who came and went, when and why
  c360 segments preview FILE [--exact]                who would be in, before it is put
  c360 segments backtest FILE|NAME [--from DAY] [--to DAY] [--horizon-days N]   what the rule would have done, month by month
  c360 segments why CUSTOMER [NAME] [--as-of DAY] [--known-at DAY|POSITION]     why a customer is in, or not, condition by condition

CUSTOMER is an identifier (phone:+821012345678) or an id. FILE holds a segment, a list of them, or for preview and backtest a rule alone:

  {"name": "gold-dormant-90d", "title": {"ko": "골드 90일 무구매", "en": "Gold, no purchase for 90 days"},
   "rule": {"all": [{"trait": "tier", "is": "gold"}, {"last": "order.completed", "ago": {">=": "90d"}}]}}

A condition is one of

  {"all": […]}  {"any": […]}  {"not": …}  {"segment": "vip"}
  {"trait": "tier", "in": ["gold", "vip"]}            is, is_not, in, not_in, contains, exists, <, <=, >, >=; age counts years
  {"event": "page.viewed", "where": [{"field": "category", "is": "lens"}], "count": {">=": 5}, "within": "30d"}
  {"event": "order.completed", "sum": "amount", ">=": 500000, "within": "1y"}
  {"last": "order.completed", "ago": {">=": "90d"}}   and first
  {"sequence": [{"event": "inquiry.opened"}, {"event": "inquiry.answered", "absent": true}], "same": "inquiry_id", "within": "2h"}
  {"identifier": "email", "grade": "asserted"}  {"consent": "marketing", "medium": "sms"}
  {"birthday": {"within": "7d"}}  {"anniversary": {"of": "joined_on", "within": "7d"}}

"c360 segments preview -" reads standard input.`

// segmentsCommand is what was asked of c360 segments.
type segmentsCommand struct {
	env
	api
	moment          instantFlags
	name, since     string
	from, to, order string
	horizon, limit  int
	exact, json     bool
}

func (c *segmentsCommand) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	fs.BoolVar(&c.json, "json", false, "print the answer of the API as it is")
	fs.StringVar(&c.name, "name", "", "put, preview: the `name` of the segment, if the file says none")
	fs.StringVar(&c.since, "since", "", "put: the `day` from which it holds, if that is not now; the past is judged anew from then on")
	fs.StringVar(&c.from, "from", "", "backtest: the first `day`; a year before the end if it is left out")
	fs.StringVar(&c.to, "to", "", "backtest: the last `day`; today if it is left out")
	fs.IntVar(&c.horizon, "horizon-days", 30, "backtest: how many `days` after a moment count as what happened next")
	fs.StringVar(&c.order, "order", "latest", "members: those who came `latest` first, or by id")
	fs.IntVar(&c.limit, "limit", 25, "members, history: how many")
	fs.BoolVar(&c.exact, "exact", false, "preview: look at everybody, not at a sample")
	c.moment.flags(fs)
}

// runSegments finds the verb and does it.
func runSegments(ctx context.Context, e env, args []string) error {
	c := segmentsCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	fs := newFlags(e, "segments", segmentsHelp)
	c.flags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	c.url = strings.TrimRight(c.url, "/")
	verbs := map[string]func(context.Context, string) error{
		"show": c.show, "put": c.put, "remove": c.remove, "members": c.members, "history": c.history, "preview": c.preview, "backtest": c.backtest,
	}
	switch {
	case len(rest) == 0 || len(rest) == 1 && rest[0] == "list":
		return c.list(ctx)
	case rest[0] == "why" && (len(rest) == 2 || len(rest) == 3):
		return c.why(ctx, rest[1], strings.Join(rest[2:], ""))
	case len(rest) == 2 && verbs[rest[0]] != nil:
		return verbs[rest[0]](ctx, rest[1])
	case verbs[rest[0]] != nil || rest[0] == "why":
		return usageError{fmt.Errorf("%s what? c360 segments --help shows how", rest[0])}
	}
	return usageError{errors.New("which? c360 segments list, show, put, remove, members, history, preview, backtest or why")}
}

// told calls and prints the answer, as it is or for people.
func told[A any](ctx context.Context, c *segmentsCommand, method, path string, body any, people func(io.Writer, *A) error) error {
	var broken error
	err := printAnswer(ctx, &c.api, c.env, c.json, method, path, body, func(a *A) { broken = people(plain{c.stdout}, a) })
	return errors.Join(err, broken)
}

func (c *segmentsCommand) list(ctx context.Context) error {
	return told(ctx, c, http.MethodGet, "/v1/segments", nil, printSegments)
}

func (c *segmentsCommand) show(ctx context.Context, name string) error {
	return told(ctx, c, http.MethodGet, "/v1/segments/"+escaped(name), nil, printSegment)
}

// put defines every segment of a file.
func (c *segmentsCommand) put(ctx context.Context, file string) error {
	f, err := readSegments(file)
	if err != nil {
		return err
	}
	for i := range f.all {
		d := &f.all[i]
		if d.Name == "" {
			d.Name = c.name
		}
		if d.Name == "" {
			return usageError{fmt.Errorf("%s: what is the segment called? write \"name\" into the file or give --name", f.place(d.at))}
		}
		if d.Since == "" {
			d.Since = c.since
		}
		if err := told(ctx, c, http.MethodPut, "/v1/segments/"+escaped(d.Name), d.SegmentRequest, printAccepted); err != nil {
			return f.refused(d.at, err)
		}
	}
	return nil
}

func (c *segmentsCommand) remove(ctx context.Context, name string) error {
	return told(ctx, c, http.MethodDelete, "/v1/segments/"+escaped(name), nil, func(w io.Writer, a *segments.SegmentAccepted) error {
		_, err := fmt.Fprintf(w, "%s is removed as of position %d\n", a.Name, a.Position)
		return err
	})
}

func (c *segmentsCommand) members(ctx context.Context, name string) error {
	q := url.Values{"limit": {strconv.Itoa(c.limit)}, "order": {c.order}}
	if c.moment.knownAt != "" {
		return usageError{errors.New("members are told as of a day (--as-of), by what is known today; c360 segments why takes --known-at")}
	}
	moment, err := c.moment.query()
	if err != nil {
		return err
	}
	if at := moment.Get("as_of"); at != "" {
		q.Set("as_of", at)
	}
	return told(ctx, c, http.MethodGet, "/v1/segments/"+escaped(name)+"/members?"+q.Encode(), nil, printMembers)
}

func (c *segmentsCommand) history(ctx context.Context, name string) error {
	q := url.Values{"limit": {strconv.Itoa(c.limit)}}
	return told(ctx, c, http.MethodGet, "/v1/segments/"+escaped(name)+"/history?"+q.Encode(), nil, printSegmentHistory)
}

// preview says who would be in by the rule of a file.
func (c *segmentsCommand) preview(ctx context.Context, file string) error {
	f, d, err := readOne(file)
	if err != nil {
		return err
	}
	path := "/v1/segments/preview"
	if c.exact {
		path += "?exact=1"
	}
	q := segments.SegmentPreviewRequest{Rule: d.Rule, Name: c.name}
	if q.Name == "" {
		q.Name = d.Name
	}
	return f.refused(d.at, told(ctx, c, http.MethodPost, path, q, printPreview))
}

// backtest says what the rule of a file, or of a segment, would have done.
func (c *segmentsCommand) backtest(ctx context.Context, what string) error {
	q := segments.SegmentBacktestRequest{From: c.from, To: c.to, HorizonDays: c.horizon}
	if segments.ValidName(what) && !exists(what) {
		q.Name = what
		return told(ctx, c, http.MethodPost, "/v1/segments/backtest", q, printSegmentBacktest)
	}
	f, d, err := readOne(what)
	if err != nil {
		return err
	}
	q.Rule, q.Name = d.Rule, d.Name
	return f.refused(d.at, told(ctx, c, http.MethodPost, "/v1/segments/backtest", q, printSegmentBacktest))
}

// why says why a customer is in a segment or not; in each, without a name.
func (c *segmentsCommand) why(ctx context.Context, customer, name string) error {
	moment, err := c.moment.query()
	if err != nil {
		return err
	}
	who := customerCommand{env: c.env, api: c.api, moment: moment}
	id, err := who.find(ctx, customer)
	if err != nil {
		return err
	}
	more := url.Values{}
	if name != "" {
		more.Set("name", name)
	}
	path := who.path("/v1/customers/"+id.String()+"/segments", more)
	return told(ctx, c, http.MethodGet, path, nil, func(w io.Writer, a *query.CustomerSegmentsAnswer) error {
		return printSegmentsWhy(w, a, name != "")
	})
}
