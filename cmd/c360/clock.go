package main

import (
	"context"
	"errors"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/clock"
)

// tickEvery is how often serve looks whether something is due.
const tickEvery = 15 * time.Second

// ticker returns the clock of the log.
func (a *app) ticker() *clock.Ticker {
	return clock.New(clock.Config{Log: a.house.log, Due: a.house.due, Now: time.Now, Every: tickEvery, Logger: a.logger})
}

// due returns when something is due next under any rule, and how far the clock has come for all.
func (h *house) due(ctx context.Context) (next, come int64, err error) {
	v, err := h.generations.Live().View(ctx)
	if errors.Is(err, projections.ErrNoGeneration) {
		return standing.Never, 0, nil
	}
	if err != nil {
		return standing.Never, 0, err
	}
	defer v.Close()
	next, come = standing.Never, standing.Never
	for _, room := range []*standing.Room{h.rooms.segment, h.rooms.churn} {
		due, err := room.NextDue(ctx, v)
		if err != nil {
			return standing.Never, 0, err
		}
		at, err := room.Clock(ctx, v)
		if err != nil {
			return standing.Never, 0, err
		}
		next, come = min(next, due), min(come, at)
	}
	return next, come, nil
}
