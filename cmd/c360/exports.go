package main

import (
	"time"

	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/replay"
)

// openExport makes the service that streams tables of the live generation.
func (a *app) openExport() (*replay.Service, error) {
	h := a.house
	return replay.New(replay.Config{
		Live: h.generations.Live(), Log: h.log, Identity: h.rooms.identity, Profile: h.rooms.profile,
		Guard: a.config.guard(), Now: time.Now, Logger: a.logger,
	})
}

// exportCalls describes its calls for the API document, which query serves.
func exportCalls() []openapi.Operation {
	var all []openapi.Operation
	for _, c := range replay.Calls() {
		all = append(all, openapi.Operation{
			Method: c.Method, Path: c.Path, ID: c.ID, Tag: "replay", Summary: c.Summary, Doc: c.Doc,
			Params: c.Params, Status: c.Status, Media: c.Media, Problems: c.Problems,
		})
	}
	return all
}
