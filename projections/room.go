package projections

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Room is one read model: a set of tables and the pure fold that fills them. A room sees no clock, no
// randomness, no network and no other room; what it writes depends on the set of events and never on their
// order (columns marked Order excepted).
//
// For every batch the engine calls Want for each touch, loads all wanted rows with one query a table, calls Fold
// for each touch in log order, and Settle once.
type Room interface {
	// Name is the room's name and the prefix of its tables.
	Name() string
	// Version rises when the fold or the tables change; a store of another version must be rebuilt.
	Version() int
	Tables() []*Table
	// Want names the rows Fold will ask for.
	Want(b *Batch, t *Touch)
	// Fold takes one event in. An error parks the event and everything later of its fragment.
	Fold(b *Batch, t *Touch) error
	// Settle derives what depends on several fragments, once per batch. An error stops the engine.
	Settle(b *Batch) error
}

// Touch is one event on its way through the rooms, decoded once, ahead of the fold.
type Touch struct {
	*events.Recorded
	// Fragment is whose event it is; Somebody is false for an event that names nobody.
	Fragment uuid.UUID
	Somebody bool
	// Body holds the fields of Data that the catalogue knows.
	Body events.Body
	// Stale is why the event could not be brought up to the schema this program knows. The engine parks it.
	Stale error
}

// NewTouch brings a recorded event up to date, in place, and decodes it for the rooms. Data that does not decode
// leaves an empty Body.
func NewTouch(r *events.Recorded) Touch {
	t := Touch{Recorded: r, Stale: events.Upcast(r)}
	t.Body = events.DecodeBody(r.Data)
	t.Fragment, t.Somebody = r.Fragment()
	return t
}
