package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
)

const customerHelp = `
c360 customer IDENTIFIER|ID asks a c360 that runs about one customer: who they are, what they are known by, what they
did last. IDENTIFIER is kind:value, as phone:+821012345678, email:a@b.example or loyalty_id:LM-1.

With --known-at it says what c360 knew then, with --as-of what had happened by then, whenever that was heard of; with
both, what was known at the one moment of what had happened by the other. Who belongs together is told as it was.

  c360 customer phone:+821048217730 --known-at 2026-05-03
  c360 customer email:seoyeon.k@example.com --as-of 2026-05-03T18:00:00+09:00 --json`

// customerCommand is what was asked of c360 customer.
type customerCommand struct {
	env
	api
	moment url.Values
}

// runCustomer shows one customer, now or as of an instant.
func runCustomer(ctx context.Context, e env, args []string) error {
	c := customerCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	var at instantFlags
	fs := newFlags(e, "customer", customerHelp)
	at.flags(fs)
	fs.StringVar(&c.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 to ask")
	raw := fs.Bool("json", false, "print the answer of the API as it is")
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
	if *raw {
		return c.printRaw(ctx, id)
	}
	return c.print(ctx, id)
}

// query writes the moment the flags name as parameters of the API, which reads a day as one of Seoul.
func (i instantFlags) query() (url.Values, error) {
	loc, err := i.location()
	if err != nil {
		return nil, err
	}
	moment := url.Values{}
	for name, text := range map[string]string{"known_at": i.knownAt, "as_of": i.asOf} {
		if t, err := projections.ParseTime(text, loc); err == nil && i.zone != houseZone {
			text = t.Format(rfc3339Micro)
		}
		if text != "" {
			moment.Set(name, text)
		}
	}
	return moment, nil
}

const (
	houseZone    = "Asia/Seoul"
	rfc3339Micro = "2006-01-02T15:04:05.999999Z07:00"
)

// path adds the moment to a path, and what else is given.
func (c *customerCommand) path(path string, more url.Values) string {
	all := url.Values{}
	for _, values := range []url.Values{c.moment, more} {
		for name := range values {
			all.Set(name, values.Get(name))
		}
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

// find returns the id of the customer with a name: an id, or an identifier that one customer has.
func (c *customerCommand) find(ctx context.Context, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	if _, err := events.ParseIdentifier(name); err != nil {
		return uuid.UUID{}, usageError{err}
	}
	var a query.SearchAnswer
	if err := c.call(ctx, http.MethodGet, c.path("/v1/customers", url.Values{"identifier": {name}}), nil, &a); err != nil {
		return uuid.UUID{}, err
	}
	switch len(a.Customers) {
	case 0:
		return uuid.UUID{}, fmt.Errorf("nobody %s known by that identifier; try another one, or another moment", c.verb("is", "was"))
	case 1:
		return a.Customers[0].ID, nil
	}
	for i := range a.Customers {
		printHit(c.stdout, &a.Customers[i])
	}
	return uuid.UUID{}, fmt.Errorf("%d customers %s known by that identifier; give the id of one of them", len(a.Customers), c.verb("are", "were"))
}

// verb chooses the tense.
func (c *customerCommand) verb(now, then string) string {
	if len(c.moment) > 0 {
		return then
	}
	return now
}

func (c *customerCommand) printRaw(ctx context.Context, id uuid.UUID) error {
	var a json.RawMessage
	if err := c.call(ctx, http.MethodGet, c.path("/v1/customers/"+id.String(), nil), nil, &a); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.stdout, "%s\n", a)
	return err
}

// lastEvents is how many events the page of a customer ends with.
const lastEvents = "10"

func (c *customerCommand) print(ctx context.Context, id uuid.UUID) error {
	var a query.CustomerAnswer
	var did query.TimelineAnswer
	path := "/v1/customers/" + id.String()
	if err := c.call(ctx, http.MethodGet, c.path(path, nil), nil, &a); err != nil {
		return err
	}
	if err := c.call(ctx, http.MethodGet, c.path(path+"/timeline", url.Values{"limit": {lastEvents}}), nil, &did); err != nil {
		return err
	}
	printPage(c.stdout, &a, did.Events)
	return nil
}
