package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/replay/pace"
)

// openReplay opens the service that tells history again to who may read.
func (a *app) openReplay(now func() time.Time) (err error) {
	h := a.house
	a.replay, err = pace.New(pace.Config{
		Log: h.log, Guard: a.config.guard(), Now: now, Zone: profile.Zone, Logger: a.logger,
		Fragments: func(ctx context.Context, id uuid.UUID) ([]uuid.UUID, error) {
			v, err := h.generations.Live().View(ctx)
			if err != nil {
				return nil, err
			}
			defer v.Close()
			return h.rooms.fragmentsOf(ctx, v, id)
		},
		Members: func(ctx context.Context, segment string) (map[uuid.UUID]bool, error) {
			v, err := h.generations.Live().View(ctx)
			if err != nil {
				return nil, err
			}
			defer v.Close()
			return h.rooms.membersOf(ctx, v, segment)
		},
	})
	return err
}

// replayCalls describes the call of replay for the API document, which query serves.
func replayCalls() []openapi.Operation {
	r := pace.Call
	return []openapi.Operation{{
		Method: r.Method, Path: r.Path, ID: r.ID, Tag: "timeline", Summary: r.Summary, Doc: r.Doc,
		Params: r.Params, Status: r.Status, Media: r.Media, Problems: r.Problems,
	}}
}

// rehearse shows the log as if it grew again from a position on.
func (h *house) rehearse(now func() time.Time) func(context.Context, events.Position, string) (query.Rehearsal, error) {
	return func(ctx context.Context, after events.Position, speed string) (query.Rehearsal, error) {
		times, err := pace.ParseSpeed(speed)
		if err != nil {
			return nil, err
		}
		return pace.NewLog(ctx, h.log, pace.Options{From: after + 1, Speed: times, Now: now, MaxGap: rehearsalGap})
	}
}

// rehearsalGap is the longest silence in a sandbox, as it is waited: nobody learns anything from a night without calls.
const rehearsalGap = time.Minute
