package main

import (
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/memstore"
)

// past returns what answers as of an instant about a few customers: out of the log, in a store in memory that is made
// for the one answer.
func (h *house) past() *projections.Past {
	rooms := h.rooms.all()
	spec := projections.NewSpec(rooms...)
	return projections.NewPast(projections.PastOptions{
		Log: h.log, Rooms: rooms, Neighbours: h.rooms.identity, Live: h.generations.Live().View,
		Store: func() (projections.Store, error) { return memstore.New(spec) },
	})
}
