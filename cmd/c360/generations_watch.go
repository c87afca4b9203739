package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay/pace"
)

// watchEvery is how often a generation is asked how far it is.
const watchEvery = 250 * time.Millisecond

// watch shows the progress of a generation until it is ready or has failed.
func (g *generationsCommand) watch(ctx context.Context, id string) error {
	if err := g.until(ctx, id, func(x *query.GenerationState) bool { return x.State != "building" }); err != nil {
		return err
	}
	x, err := g.get(ctx, id)
	if err != nil {
		return err
	}
	switch x.State {
	case projections.GenerationFailed:
		return fmt.Errorf("generation %s: %w: %s", id, errFailedBuild, x.Error)
	case "interrupted":
		return fmt.Errorf("generation %s was interrupted at %d; create it again to go on with it", id, x.Position)
	}
	_, err = fmt.Fprintf(g.env.stdout, "generation %s is %s at position %d: %d events, %d rows, %d parked\n",
		id, x.State, x.Position, x.Events, x.Rows, x.Parked)
	return err
}

// until asks again and again, and shows what changes, until done says so.
func (g *generationsCommand) until(ctx context.Context, id string, done func(*query.GenerationState) bool) error {
	shown := ""
	for {
		x, err := g.get(ctx, id)
		if err != nil || done(x) {
			return err
		}
		if line := progressLine(id, x); line != shown {
			shown = line
			fmt.Fprintln(g.env.stderr, line)
		}
		if err := pace.Sleep(ctx, watchEvery); err != nil {
			return err
		}
	}
}

// progressLine says how far a build or a swap is.
func progressLine(id string, x *query.GenerationState) string {
	p := projections.Progress{
		Phase: x.Phase, Position: x.Position, Head: x.Target, Rate: x.Rate, Parked: x.Parked, Trouble: x.Trouble, Waits: x.Waits,
	}
	if x.ETASeconds != nil {
		p.Left = time.Duration(*x.ETASeconds * float64(time.Second))
	}
	return "generation " + id + ": " + toldProgress(&p)
}

// toldProgress is one line for people: phase, how far, how fast, how long yet, and what went wrong.
func toldProgress(p *projections.Progress) string {
	line := fmt.Sprintf("%s, %d of %d (%.0f %%)", p.Phase, p.Position, p.Head, 100*float64(p.Position)/float64(max(p.Head, 1)))
	if p.Rate > 0 {
		line += fmt.Sprintf(", %.0f/s", p.Rate)
	}
	if p.Left > 0 {
		line += ", " + p.Left.Round(time.Second).String() + " to go"
	}
	if p.Parked > 0 {
		line += fmt.Sprintf(", %d parked (%s)", p.Parked, p.Trouble)
	}
	if p.Waits != "" {
		line += "; waiting: " + p.Waits
	}
	return line
}

// fixed returns the instant of the flags as the API wants it: days are brought to times here, in the zone of --zone.
func (i instantFlags) fixed() (knownAt, asOf string, err error) {
	loc, err := i.location()
	if err != nil {
		return "", "", err
	}
	knownAt, asOf = i.knownAt, i.asOf
	for _, f := range [...]struct {
		name string
		text *string
	}{{"known-at", &knownAt}, {"as-of", &asOf}} {
		if _, err := strconv.ParseUint(*f.text, 10, 64); *f.text == "" || err == nil && f.name == "known-at" {
			continue
		}
		t, err := projections.ParseTime(*f.text, loc)
		if err != nil {
			return "", "", flagError(f.name, err)
		}
		*f.text = t.Format(time.RFC3339Nano)
	}
	return knownAt, asOf, nil
}
