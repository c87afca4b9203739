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
the folder; while it runs, POST /v1/generations does the same without stopping anything.

The old read store is kept, so that you can look at it, until the next rebuild. Nothing is sent to anybody.`

// runRebuild rebuilds the read models of a data folder and swaps them in.
func runRebuild(ctx context.Context, e env, args []string) error {
	var c config
	fs := newFlags(e, "rebuild", rebuildHelp)
	c.dataFlags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := errors.Join(c.check(), mustExist(c.logDir())); err != nil {
		return err
	}
	h, err := openHouse(ctx, &c, silentLogger())
	if err != nil {
		return err
	}
	began := time.Now()
	built, err := h.rebuild(ctx, e.stderr)
	if err := errors.Join(err, h.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "rebuilt %d events in %s; generation %s serves from now on\n",
		built.Head, time.Since(began).Round(10*time.Millisecond), built.ID)
	return err
}

func (h *house) rebuild(ctx context.Context, out io.Writer) (projections.Generation, error) {
	report := func(p projections.Progress) {
		fmt.Fprintf(out, "rebuild: %s, %d of %d, %.0f/s, %s to go\n", p.Phase, p.Position, p.Head, p.Rate, p.Left.Round(time.Second))
	}
	built, err := h.generations.Rebuild(ctx, report)
	if err != nil {
		return built, err
	}
	return built, h.generations.Swap(ctx, built.ID, report)
}
