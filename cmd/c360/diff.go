package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay/pace"
)

const diffHelp = `
c360 diff ID [WITH] says how two generations of a c360 that runs differ, and for which customers: WITH before, ID
after. Without WITH it is the generation that serves. Two that follow the log are compared at one position; one that
stands still (as-of, what-if) is compared as it is. "c360 generations list" names them.

  c360 diff 000004            what the generation 000004 would change
  c360 diff 000004 000003     000003 against 000004

Nothing is changed by it. --out writes every customer that differs, one JSON object a line.`

// report says what is shown of a difference.
type report struct {
	json  bool
	out   string
	shown int
}

func (r *report) flags(fs *flag.FlagSet) {
	fs.BoolVar(&r.json, "json", false, "print the difference as JSON, with the customers that are shown")
	fs.StringVar(&r.out, "out", "", "the `file` that every customer that differs is written to, one JSON object a line")
	fs.IntVar(&r.shown, "limit", 10, "how many customers to show")
}

func (r *report) check() error {
	if r.shown < 0 || r.shown > 500 {
		return usageError{fmt.Errorf("--limit %d: give 0 to 500; --out writes all of them", r.shown)}
	}
	return nil
}

// runDiff compares two generations.
func runDiff(ctx context.Context, e env, args []string) error {
	var r report
	fs := newFlags(e, "diff", diffHelp)
	r.flags(fs)
	url := fs.String("url", defaultURL, "where c360 listens")
	ids, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if len(ids) < 1 || len(ids) > 2 {
		return usageError{errors.New(`which generations? c360 diff ID [WITH]; "c360 generations list" names them`)}
	}
	if err := r.check(); err != nil {
		return err
	}
	with := ""
	if len(ids) == 2 {
		with = ids[1]
	}
	a := &api{url: *url, doer: http.DefaultClient, said: e.stderr}
	return r.compare(ctx, e.stdout, a, ids[0], with)
}

// compare waits for the comparison and shows it.
func (r *report) compare(ctx context.Context, out io.Writer, a *api, id, with string) error {
	d, err := a.difference(ctx, id, with, max(r.shown, 1))
	if err != nil {
		return err
	}
	if r.out != "" {
		if err := a.writeAll(ctx, r.out, id, d); err != nil {
			return err
		}
	}
	d.Customers = d.Customers[:min(len(d.Customers), r.shown)]
	if r.json {
		return printJSON(out, d)
	}
	return printDifference(out, d)
}

// difference asks until the comparison is done, and returns its first page.
func (a *api) difference(ctx context.Context, id, with string, limit int) (*query.DifferenceAnswer, error) {
	path := fmt.Sprintf("/v1/generations/%s/diff?limit=%d", escaped(id), limit)
	ask := path
	if with != "" {
		ask += "&with=" + escaped(with)
	}
	for {
		d := &query.DifferenceAnswer{}
		if err := a.call(ctx, http.MethodGet, ask, nil, d); err != nil {
			return nil, err
		}
		if d.Progress == nil {
			return d, nil
		}
		fmt.Fprintf(a.said, "diff: %s %s %d of %d\n", d.Progress.Phase, d.Progress.Table, d.Progress.Done, d.Progress.Of)
		ask = path + "&cursor=" + d.Next
		if err := pace.Sleep(ctx, time.Second); err != nil {
			return nil, err
		}
	}
}

// writeAll writes every customer of a comparison to a file, which gets its name when it is whole.
func (a *api) writeAll(ctx context.Context, path, id string, d *query.DifferenceAnswer) error {
	unfinished := path + ".tmp"
	f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the file that was asked for
	if err != nil {
		return err
	}
	if err := errors.Join(a.writePages(ctx, f, id, d), f.Close()); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	return os.Rename(unfinished, path)
}

// writePages writes every customer, page after page.
func (a *api) writePages(ctx context.Context, out io.Writer, id string, d *query.DifferenceAnswer) error {
	to := json.NewEncoder(out)
	to.SetEscapeHTML(false)
	for {
		for i := range d.Customers {
			if err := to.Encode(&d.Customers[i]); err != nil {
				return err
			}
		}
		if d.Next == "" {
			return nil
		}
		next := d.Next
		d = &query.DifferenceAnswer{}
		if err := a.call(ctx, http.MethodGet, "/v1/generations/"+escaped(id)+"/diff?limit=500&cursor="+next, nil, d); err != nil {
			return err
		}
	}
}
