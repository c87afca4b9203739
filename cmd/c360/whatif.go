package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay/pace"
)

const whatifHelp = `
c360 whatif --rules FILE folds history under other identity rules and says who would be somebody else: how many
customers there would be, who is merged and who is split, and what the page would say of each.

The rules are JSON. What is left out is as it is by default; "curl URL/v1/identity/rules" prints those in force.

  {"limits": {"phone": 5, "email": null}, "blocked": ["phone:+821000000000"], "max_component": 100}

It asks a c360 that runs (--url), or opens the folder of one that is stopped (--data). What serves is not touched: the
rules are folded into a generation beside it, which is dropped afterwards unless --keep is given. With --known-at or
--as-of history ends there on both sides.`

// whatIf is what is asked.
type whatIf struct {
	report
	instantFlags
	folder config
	url    string
	rules  string
	keep   bool
	made   []string // generations made for it
}

func (w *whatIf) flags(fs *flag.FlagSet) {
	w.report.flags(fs)
	w.instantFlags.flags(fs)
	w.folder.dataFlags(fs)
	data := fs.Lookup("data")
	w.folder.data, data.DefValue = "", ""
	data.Usage = "the `folder` of a c360 that is stopped, instead of --url"
	fs.StringVar(&w.url, "url", "", "where c360 listens; "+defaultURL+" unless --data is given")
	fs.StringVar(&w.rules, "rules", "", "the `file` of the identity rules to try")
	fs.BoolVar(&w.keep, "keep", false, "keep the generations that were made, to look at them")
}

// runWhatIf folds history under other rules and reports the difference.
func runWhatIf(ctx context.Context, e env, args []string) error {
	var w whatIf
	fs := newFlags(e, "whatif", whatifHelp)
	w.flags(fs)
	if err := errors.Join(parseOnly(e, fs, args), folderOrURL(args, &w.url)); err != nil {
		return err
	}
	if w.rules == "" {
		return usageError{errors.New("which rules? give a file with --rules; c360 whatif --help shows one")}
	}
	rules, err := readRules(w.rules)
	if err := errors.Join(err, w.check()); err != nil {
		return err
	}
	if w.knownAt, w.asOf, err = w.fixed(); err != nil {
		return err
	}
	return w.ask(ctx, e, func(a *api) error {
		return errors.Join(w.try(ctx, e.stdout, a, rules), w.clear(ctx, a))
	})
}

// try builds history under the rules and compares it with history under those in force, at one position.
func (w *whatIf) try(ctx context.Context, out io.Writer, a *api, rules json.RawMessage) error {
	what, err := w.build(ctx, a, w.plan(projections.KindWhatIf, rules))
	if err != nil {
		return err
	}
	with, err := w.against(ctx, a, what)
	if err != nil {
		return err
	}
	return w.compare(ctx, out, a, what.ID, with)
}

// against returns the generation to compare with: the one that serves if it is at the same position, else one that is
// built under the rules in force.
func (w *whatIf) against(ctx context.Context, a *api, what *query.GenerationState) (string, error) {
	if !w.given() {
		var now query.ProjectionsAnswer
		if err := a.call(ctx, http.MethodGet, "/v1/projections", nil, &now); err != nil {
			return "", err
		}
		if now.Position == what.Position {
			return now.Generation, nil
		}
	}
	p := w.plan(projections.KindAsOf, nil)
	if p.KnownAt == "" {
		p.KnownAt = fmt.Sprint(what.Position)
	}
	as, err := w.build(ctx, a, p)
	if err != nil {
		return "", err
	}
	return as.ID, nil
}

// plan says what generation to build, at the instant of the flags.
func (w *whatIf) plan(kind string, rules json.RawMessage) query.GenerationRequest {
	return query.GenerationRequest{Kind: kind, Rules: rules, KnownAt: w.knownAt, AsOf: w.asOf, Note: "c360 whatif"}
}

// build builds a generation and waits until it is ready.
func (w *whatIf) build(ctx context.Context, a *api, p query.GenerationRequest) (*query.GenerationState, error) {
	var accepted query.GenerationAccepted
	if err := a.call(ctx, http.MethodPost, "/v1/generations", p, &accepted); err != nil {
		return nil, err
	}
	w.made = append(w.made, accepted.ID)
	for {
		var g query.GenerationState
		if err := a.call(ctx, http.MethodGet, "/v1/generations/"+escaped(accepted.ID), nil, &g); err != nil {
			return nil, err
		}
		switch {
		case g.State == projections.GenerationReady:
			return &g, nil
		case g.Error != "":
			return nil, fmt.Errorf("generation %s was not built: %s", g.ID, g.Error)
		}
		fmt.Fprintf(a.said, "%s: %s\n", p.Kind, progressLine(g.ID, &g))
		if err := pace.Sleep(ctx, watchEvery); err != nil {
			return nil, err
		}
	}
}

// clear drops what was made for the question, also when it was interrupted.
func (w *whatIf) clear(ctx context.Context, a *api) error {
	if w.keep {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	var errs []error
	for _, id := range w.made {
		errs = append(errs, a.call(ctx, http.MethodDelete, "/v1/generations/"+escaped(id), nil, nil))
	}
	return errors.Join(errs...)
}
