package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// The lag at which imports slow down, and at which producers are asked to come back later: about half a second
// and five seconds of folding on two cores.
const (
	importLag   = 30_000
	producerLag = 300_000
)

// lagGate pushes back when the live generation falls behind the log: ingest and projection share one machine, or one
// read store.
type lagGate struct {
	log  events.Log
	live *projections.Live
}

// Imports returns the pause before an import's next chunk.
func (g lagGate) Imports() time.Duration {
	if g.lag() > importLag {
		return 20 * time.Millisecond
	}
	return 0
}

// Producers returns after how long a producer should try again.
func (g lagGate) Producers() time.Duration {
	if g.lag() > producerLag {
		return time.Second
	}
	return 0
}

func (g lagGate) lag() events.Position {
	head, err := g.log.Head(context.Background())
	at := g.live.Position()
	if err != nil || at == 0 && !g.known() {
		return 0
	}
	if at < head.Position {
		return head.Position - at
	}
	return 0
}

// known reports whether there is a generation to be behind. Whoever only takes in events and cannot see one lets them in.
func (g lagGate) known() bool {
	_, err := g.live.Generation()
	return err == nil
}

// lateGate lets everybody in until there is a gate.
type lateGate struct{ gate atomic.Pointer[lagGate] }

// Imports returns the pause before an import's next chunk.
func (l *lateGate) Imports() time.Duration {
	if g := l.gate.Load(); g != nil {
		return g.Imports()
	}
	return 0
}

// Producers returns after how long a producer should try again.
func (l *lateGate) Producers() time.Duration {
	if g := l.gate.Load(); g != nil {
		return g.Producers()
	}
	return 0
}

// gateEvery is how often a process that only ingests tries to see the read store that it does not need.
const gateEvery = 10 * time.Second

// watchLag opens the read store for the gate of a process that only ingests, again and again until it can: events are
// taken in while it is away. It returns when ctx ends.
func (a *app) watchLag(ctx context.Context, c *config, late *lateGate) {
	for ctx.Err() == nil {
		err := a.followLag(ctx, c, late)
		if err != nil && ctx.Err() == nil {
			a.logger.WarnContext(ctx, "the read store cannot be seen, so senders are not slowed down when it is behind; trying again",
				slog.Any("error", err), slog.Duration("in", gateEvery))
		}
		pauseFor(ctx, gateEvery)
	}
}

// followLag lets the gate see the read store until ctx ends.
func (a *app) followLag(ctx context.Context, c *config, late *lateGate) (err error) {
	h := &house{log: a.house.log}
	if h.factory, err = c.openFactory(ctx, a.logger); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.closeViews()) }()
	if err := h.openGenerations(c, a.logger); err != nil {
		return err
	}
	if err := h.generations.Follow(ctx); err != nil {
		return err
	}
	late.gate.Store(&lagGate{log: h.log, live: h.generations.Live()})
	<-ctx.Done()
	return nil
}

func pauseFor(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
