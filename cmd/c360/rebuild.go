package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/c360hq/c360/projections"
)

const rebuildHelp = `
c360 rebuild folds the whole log into a fresh read store beside the one in use and swaps it in: after an upgrade
that changed a read model, or when c360 said that a read store and the log disagree. c360 must not be running on
the folder; while it runs, "c360 generations create rebuild" does the same without stopping anything.

It can be stopped at any time, by Ctrl-C, a kill or a power cut: run it again and it goes on where it was. What it
was cannot be in doubt: if store and log do not agree, or another version of c360 began it, it begins anew.

The old read store is kept, so that you can look at it or swap back to it, until you drop it ("c360 generations").
Nothing is sent to anybody.`

// runRebuild rebuilds the read models of a data folder and swaps them in.
func runRebuild(ctx context.Context, e env, args []string) error {
	var c config
	fs := newFlags(e, "rebuild", rebuildHelp)
	c.dataFlags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := errors.Join(c.check(), c.mustHaveLog()); err != nil {
		return err
	}
	tuneRuntime(e)
	h, err := openHouse(ctx, &c, silentLogger())
	if err != nil {
		return err
	}
	began := time.Now()
	built, err := h.rebuild(ctx, e.stderr)
	closed := h.close()
	if errors.Is(err, context.Canceled) {
		return errors.Join(fmt.Errorf("stopped; c360 rebuild --data %s goes on where it was", c.data), closed)
	}
	if err := errors.Join(err, closed); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "rebuilt %d events in %s; generation %s serves from now on\n",
		built.Folded, time.Since(began).Round(10*time.Millisecond), built.ID)
	return err
}

func (h *house) rebuild(ctx context.Context, out io.Writer) (projections.Generation, error) {
	resumed := false
	report := func(p projections.Progress) {
		if p.Phase == projections.PhaseFolding && p.Position > 0 && p.Rate == 0 && !resumed {
			resumed = true
			fmt.Fprintf(out, "rebuild: going on with generation %s at %d of %d\n", p.Generation, p.Position, p.Head)
			return
		}
		fmt.Fprintln(out, "rebuild: "+toldProgress(&p))
	}
	built, err := h.generations.Rebuild(ctx, report)
	if err != nil {
		return built, err
	}
	return built, h.generations.Swap(ctx, built.ID, report)
}
