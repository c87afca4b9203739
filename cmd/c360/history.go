package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
)

// withHistory opens a data folder that no c360 runs on and calls use with all of history, brought up to date, or with
// history as of an instant: a generation that is folded for the purpose and dropped afterwards.
func withHistory(
	ctx context.Context, e env, c *config, flags instantFlags, use func(*dataset.Source, replay.Origin) error,
) (err error) {
	h, err := openHouse(ctx, c, silentLogger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	at, err := flags.parse(ctx, h.log)
	if err != nil {
		return err
	}
	s := &dataset.Source{Log: h.log, Identity: h.rooms.identity, Profile: h.rooms.profile, At: at}
	if at.Now() {
		return h.withLive(ctx, s, use)
	}
	return h.withPast(ctx, e, s, use)
}

// withLive brings the live generation up to the end of the log and shows it.
func (h *house) withLive(ctx context.Context, s *dataset.Source, use func(*dataset.Source, replay.Origin) error) error {
	if err := h.generations.Start(ctx); err != nil {
		return err
	}
	head, err := h.log.Head(ctx)
	if err != nil {
		return err
	}
	live := h.generations.Live()
	if err := live.Await(ctx, head.Position); err != nil {
		return fmt.Errorf("bring the read store up to date: %w", err)
	}
	v, err := live.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	g, err := live.Generation()
	if err != nil {
		return err
	}
	s.View = v
	return use(s, originOf(&g))
}

// withPast folds the events that the instant holds into a generation of their own and shows it. It goes when it was seen.
func (h *house) withPast(ctx context.Context, e env, s *dataset.Source, use func(*dataset.Source, replay.Origin) error) (err error) {
	p := newProgress(e.stderr, "fold", time.Now)
	g, err := h.generations.Build(ctx, projections.Plan{Kind: projections.KindAsOf, At: s.At, Note: "for an export"}, func(g projections.Progress) {
		p.at(uint64(g.Position), uint64(g.Head))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", s.At, err)
	}
	defer func() {
		err = errors.Join(err, h.generations.Drop(context.WithoutCancel(ctx), g.ID))
	}()
	v, err := h.generations.View(ctx, g.ID)
	if err != nil {
		return err
	}
	defer v.Close()
	s.View = v
	return use(s, originOf(&g))
}

func originOf(g *projections.Generation) replay.Origin {
	return replay.Origin{Code: version, Rules: g.Rules, Rooms: g.Rooms}
}

// exportProgress shows how far an export is: rate and time to go for what comes from the log, rows for the rest.
func exportProgress(e env, what string) func(replay.Progress) {
	var p *progress
	table := ""
	return func(now replay.Progress) {
		name := now.Table
		if now.Survey {
			name += ", looking through the log"
		}
		if name != table {
			table, p = name, newProgress(e.stderr, what+" "+name, time.Now)
		}
		if now.Total > 0 {
			p.at(uint64(now.Done), uint64(now.Total))
		} else {
			p.rows(uint64(now.Rows)) //nolint:gosec // a count
		}
	}
}

// rows is at for work whose end is not known.
func (p *progress) rows(done uint64) {
	now := p.now()
	if now.Sub(p.shown) < time.Second {
		return
	}
	p.shown = now
	fmt.Fprintf(p.out, "%s: %d rows, %.0f/s\n", p.what, done, float64(done)/now.Sub(p.began).Seconds())
}

// stopwatch begins now; what it returns says how long ago that was.
func stopwatch() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began).Round(10 * time.Millisecond) }
}
