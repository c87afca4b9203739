package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

const parkedHelp = `
c360 parked works with the events that could not be folded, of a c360 that runs (--url). Such an event waits, and what
comes later of the same fragment queues behind it in order; everything else flows.

  c360 parked list                                      what waits
  c360 parked show FRAGMENT                             what is in the way, why, and what queues behind it
  c360 parked redrive FRAGMENT                          try again, after an upgrade that mended the fold
  c360 parked skip FRAGMENT --position N --reason TEXT  leave that event out of the read models for good

skip is a decision that is appended to the log, with who made it: rebuilds keep to it, even if they could fold the
event. The event itself stays in the log. Events that name nobody wait under the fragment ` + nobody + `.`

// nobody is what events without a fragment are parked under.
const nobody = "00000000-0000-0000-0000-000000000000"

// parkedCommand is c360 parked with its flags.
type parkedCommand struct {
	api      api
	out      io.Writer
	position uint64
	reason   string
	json     bool
}

func (p *parkedCommand) flags(fs *flag.FlagSet) {
	fs.StringVar(&p.api.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	fs.Uint64Var(&p.position, "position", 0, "skip: the `position` of the parked event")
	fs.StringVar(&p.reason, "reason", "", "skip: `why`, in words; it stays in the log")
	fs.BoolVar(&p.json, "json", false, "print what the API answers; of show that is the whole event, personal data included")
}

// runParked finds the verb and does it.
func runParked(ctx context.Context, e env, args []string) error {
	p := parkedCommand{out: e.stdout, api: api{doer: http.DefaultClient, said: e.stderr}}
	fs := newFlags(e, "parked", parkedHelp)
	p.flags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	p.api.url = strings.TrimRight(p.api.url, "/")
	if len(rest) == 1 && rest[0] == "list" {
		return p.list(ctx)
	}
	verbs := map[string]func(context.Context, string) error{"show": p.show, "redrive": p.redrive, "skip": p.skip}
	if len(rest) == 0 || verbs[rest[0]] == nil {
		return usageError{errors.New("which? c360 parked list, show FRAGMENT, redrive FRAGMENT or skip FRAGMENT")}
	}
	if len(rest) != 2 || uuid.Validate(rest[1]) != nil {
		return usageError{fmt.Errorf("whose? c360 parked %s FRAGMENT, as c360 parked list says it", rest[0])}
	}
	return verbs[rest[0]](ctx, rest[1])
}

// list prints every event that waits.
func (p *parkedCommand) list(ctx context.Context) error {
	total, cursor := 0, ""
	for {
		var page query.ParkedAnswer
		if err := p.api.call(ctx, http.MethodGet, "/v1/parked?limit=200&cursor="+cursor, nil, &page); err != nil {
			return err
		}
		if p.json {
			if err := printJSON(p.out, page); err != nil {
				return err
			}
		} else {
			p.rows(page.Parked)
		}
		total += len(page.Parked)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if p.json {
		return nil
	}
	_, err := fmt.Fprintf(p.out, "%d parked\n", total)
	return err
}

func (p *parkedCommand) rows(all []query.ParkedEvent) {
	for i := range all {
		x := &all[i]
		why := x.Reason
		if x.Behind {
			why = "behind it"
		}
		fmt.Fprintf(plain{p.out}, "%s  %10d  %s  %-24s  %s\n", x.Fragment, x.Position, x.RecordedAt.Format(time.RFC3339), x.Type, why)
	}
}

// show prints what is in the way of a fragment, without what the event says.
func (p *parkedCommand) show(ctx context.Context, fragment string) error {
	var q query.ParkedQueueAnswer
	if err := p.api.call(ctx, http.MethodGet, "/v1/parked/"+fragment, nil, &q); err != nil {
		return err
	}
	if p.json {
		return printJSON(p.out, q)
	}
	fmt.Fprintf(plain{p.out}, "%d events of %s wait; in the way is\n  position  %d\n  type      %s (schema %d)\n  source    %s\n  time      %s\n  why       %s\n",
		q.Waiting, q.Fragment, q.Event.Position, q.Event.Type, q.Event.Schema, q.Event.Source, q.Event.Time.Format(time.RFC3339), q.Queue[0].Reason)
	p.rows(q.Queue)
	_, err := fmt.Fprintf(p.out, "mend the fold and c360 parked redrive %s, or c360 parked skip %s --position %d --reason …\n",
		q.Fragment, q.Fragment, q.Event.Position)
	return err
}

// redrive folds what is parked as far as it goes.
func (p *parkedCommand) redrive(ctx context.Context, fragment string) error {
	var a query.RedriveAnswer
	if err := p.api.call(ctx, http.MethodPost, "/v1/parked/"+fragment+"/redrive", struct{}{}, &a); err != nil {
		return err
	}
	if p.json {
		return printJSON(p.out, a)
	}
	fmt.Fprintf(p.out, "%d folded, %d still wait\n", a.Folded, a.Waiting)
	if a.First != nil {
		fmt.Fprintf(plain{p.out}, "in the way is position %d: %s\n", a.First.Position, a.First.Reason)
	}
	return nil
}

// skip leaves an event out, and waits until what queued behind it is folded.
func (p *parkedCommand) skip(ctx context.Context, fragment string) error {
	if p.position == 0 || p.reason == "" {
		return usageError{errors.New("skip needs --position, as c360 parked show says it, and --reason")}
	}
	body := query.SkipRequest{Position: events.Position(p.position), Reason: p.reason}
	var a query.AcceptedAnswer
	if err := p.api.call(ctx, http.MethodPost, "/v1/parked/"+fragment+"/skip", body, &a); err != nil {
		return err
	}
	var after query.ParkedAnswer
	wait := "/v1/parked?limit=1&wait=" + strconv.FormatUint(uint64(a.Position), 10)
	if err := p.api.call(ctx, http.MethodGet, wait, nil, &after); err != nil {
		return fmt.Errorf("it is decided, at position %d, and will be folded: %w", a.Position, err)
	}
	_, err := fmt.Fprintf(p.out, "position %d is left out, as decided at position %d\n", p.position, a.Position)
	return err
}
