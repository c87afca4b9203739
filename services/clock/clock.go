// Package clock makes time pass for folds, which never read a clock: it appends clock.ticked to the log when something is
// due, and only then.
//
// It decides nothing about what is due; the rooms of projections/standing say when somebody's standing may change next
// ([Due]). It sends nothing to anybody.
//
//	read store ──► Due: the next time ──► has it come? ──► clock.ticked ──► log ──► fold ──► those who were due
//
// A replay finds the ticks in the log and makes none, so it sees time pass as it passed.
package clock

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/standing"
)

// source is who the ticks come from: c360 itself.
const source = "c360"

// Due says when something is due next, and how far the clock has come for whoever says so. Both are Unix microseconds; next
// is standing.Never if nothing ever is.
type Due func(ctx context.Context) (next, clock int64, err error)

// Config is what a Ticker needs. All but Logger are required.
type Config struct {
	Log events.Log
	Due Due
	Now func() time.Time
	// Every is how often it looks whether something is due, and so the most that a change which time alone makes is late by.
	Every  time.Duration
	Logger *slog.Logger
}

// Ticker appends ticks.
type Ticker struct {
	c    Config
	last int64 // the last tick it appended, Unix microseconds
}

// New returns a ticker.
func New(c Config) *Ticker {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Ticker{c: c}
}

// Run looks again and again, until ctx ends. What goes wrong is said once a time and tried again.
func (t *Ticker) Run(ctx context.Context) {
	every := time.NewTicker(t.c.Every)
	defer every.Stop()
	for {
		if err := t.Tick(ctx); err != nil && ctx.Err() == nil {
			t.c.Logger.WarnContext(ctx, "the clock could not tick, trying again", slog.Any("error", err), slog.Duration("in", t.c.Every))
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// Tick appends a tick if something is due. It does not if the tick before has not been folded yet.
func (t *Ticker) Tick(ctx context.Context) error {
	next, clock, err := t.c.Due(ctx)
	now := t.c.Now().UTC()
	if err != nil || next == standing.Never || next > now.UnixMicro() || clock < t.last || clock >= now.UnixMicro() {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an event id: %w", err)
	}
	_, err = t.c.Log.Append(ctx, events.Entry{Stream: standing.ClockStream, Event: events.Event{
		ID: id.String(), Source: source, Type: standing.ClockTicked, Time: now, Received: now, Channel: events.ChannelOther,
	}})
	if err != nil {
		return fmt.Errorf("append a tick: %w", err)
	}
	t.last = now.UnixMicro()
	return nil
}
