package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/services/query"
)

const generationsHelp = `
c360 generations works with the generations of a c360 that runs (--url). A generation is a read store with what it was
folded from: the one that serves, one that was rebuilt beside it, history as of a day, history under other rules.

  c360 generations list                              what there is
  c360 generations show ID                           everything about one
  c360 generations create rebuild                    fold the whole log anew, to be swapped in
  c360 generations create as-of --known-at 2011-06-30   what c360 knew at the end of that day
  c360 generations create as-of --as-of 2011-06-30      what had happened by then, whenever it was recorded
  c360 generations create what-if --rules FILE       history under other identity rules
  c360 generations create sandbox                    a copy to play with
  c360 generations create sandbox --known-at 2026-05-03 --speed 10x   the days after that one again, to train people on
  c360 generations watch ID                          its progress, until it is ready
  c360 generations swap ID                           let it serve; the one before is kept, swap back to roll back
  c360 generations drop ID                           remove it, or end its building

create waits and shows the progress; Ctrl-C then drops what is being built, --detach does not wait. Serving goes on
throughout. What was built is looked at with ?generation=ID in the API and compared with c360 diff.`

// generationsCommand is c360 generations with its flags.
type generationsCommand struct {
	instantFlags
	api    api
	env    env
	rules  string
	note   string
	speed  string
	detach bool
	json   bool
}

func (g *generationsCommand) flags(fs *flag.FlagSet) {
	fs.StringVar(&g.api.url, "url", "http://127.0.0.1:3600", "the `address` of the c360 that runs")
	g.instantFlags.flags(fs)
	fs.StringVar(&g.rules, "rules", "", "create: the `file` of the identity rules to fold under; curl URL/v1/identity/rules shows those in force")
	fs.StringVar(&g.speed, "speed", "", "create sandbox: how many `times` as fast as it was recorded what came after --known-at happens in it again")
	fs.StringVar(&g.note, "note", "", "create: a `text` to remember it by")
	fs.BoolVar(&g.detach, "detach", false, "create: do not wait until it is built")
	fs.BoolVar(&g.json, "json", false, "list, show: print what the API answers")
}

// runGenerations finds the verb and does it.
func runGenerations(ctx context.Context, e env, args []string) error {
	g := generationsCommand{env: e, api: api{doer: http.DefaultClient, said: e.stderr}}
	fs := newFlags(e, "generations", generationsHelp)
	g.flags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	g.api.url = strings.TrimSuffix(g.api.url, "/")
	if len(rest) == 0 {
		rest = []string{"list"}
	}
	verbs := map[string]func(context.Context, string) error{
		"show": g.show, "create": g.create, "watch": g.watch, "swap": g.swap, "drop": g.drop,
	}
	do, ok := verbs[rest[0]]
	switch {
	case rest[0] == "list" && len(rest) == 1:
		return g.list(ctx)
	case !ok:
		return usageError{fmt.Errorf("what is %q? give list, show, create, watch, swap or drop", rest[0])}
	case len(rest) != 2:
		return usageError{fmt.Errorf("%s takes one argument: %s", rest[0], map[bool]string{
			true: "rebuild, as-of, what-if or sandbox", false: "the id of a generation; c360 generations list names them",
		}[rest[0] == "create"])}
	}
	return do(ctx, rest[1])
}

func (g *generationsCommand) list(ctx context.Context) error {
	var all query.GenerationsAnswer
	if err := g.api.call(ctx, http.MethodGet, "/v1/generations", nil, &all); err != nil {
		return err
	}
	if g.json {
		return printJSON(g.env.stdout, all)
	}
	return printGenerations(g.env.stdout, all.Generations)
}

func (g *generationsCommand) show(ctx context.Context, id string) error {
	x, err := g.get(ctx, id)
	if err != nil {
		return err
	}
	if g.json {
		return printJSON(g.env.stdout, x)
	}
	return printGeneration(g.env.stdout, x)
}

func (g *generationsCommand) get(ctx context.Context, id string) (*query.GenerationState, error) {
	var x query.GenerationState
	return &x, g.api.call(ctx, http.MethodGet, "/v1/generations/"+escaped(id), nil, &x)
}

// create has a generation built and waits for it. Who gives up waiting gives up the generation.
func (g *generationsCommand) create(ctx context.Context, kind string) error {
	ask := query.GenerationRequest{Kind: kind, Note: g.note, Speed: g.speed}
	var err error
	if ask.KnownAt, ask.AsOf, err = g.fixed(); err != nil {
		return err
	}
	if ask.Rules, err = readRules(g.rules); err != nil {
		return err
	}
	var made query.GenerationAccepted
	if err := g.api.call(ctx, http.MethodPost, "/v1/generations", ask, &made); err != nil {
		return err
	}
	if g.detach {
		_, err := fmt.Fprintf(g.env.stdout, "generation %s is being built; c360 generations watch %s shows how far it is\n", made.ID, made.ID)
		return err
	}
	err = g.watch(ctx, made.ID)
	if ctx.Err() != nil {
		return g.giveUp(context.WithoutCancel(ctx), made.ID)
	}
	return err
}

func (g *generationsCommand) giveUp(ctx context.Context, id string) error {
	if err := g.api.call(ctx, http.MethodDelete, "/v1/generations/"+escaped(id), nil, nil); err != nil {
		return fmt.Errorf("generation %s is still being built, it could not be dropped: %w", id, err)
	}
	return fmt.Errorf("given up; generation %s is dropped", id)
}

func (g *generationsCommand) swap(ctx context.Context, id string) error {
	if err := g.api.call(ctx, http.MethodPost, "/v1/generations/"+escaped(id)+"/swap", nil, nil); err != nil {
		return err
	}
	if err := g.until(ctx, id, func(x *query.GenerationState) bool { return x.State == "serving" }); err != nil {
		return err
	}
	_, err := fmt.Fprintf(g.env.stdout, "generation %s serves from now on; the one before is kept\n", id)
	return err
}

func (g *generationsCommand) drop(ctx context.Context, id string) error {
	if err := g.api.call(ctx, http.MethodDelete, "/v1/generations/"+escaped(id), nil, nil); err != nil {
		return err
	}
	_, err := fmt.Fprintf(g.env.stdout, "generation %s is gone\n", id)
	return err
}

// readRules reads a file of identity rules and writes them out in full; the empty name is none.
func readRules(file string) (json.RawMessage, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // G304: the operator's own file
	if err != nil {
		return nil, usageError{fmt.Errorf("--rules: %w", err)}
	}
	rules, err := identity.ParseRules(text)
	if err != nil {
		return nil, usageError{fmt.Errorf("--rules %s: %w", file, err)}
	}
	return rules.MarshalJSON()
}

var errFailedBuild = errors.New("the generation could not be built")
