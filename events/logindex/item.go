package logindex

import (
	"cmp"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// Place is where an engine keeps an event: two numbers that mean something to the engine alone, but grow along the log.
// The zero Place is before the first event.
type Place struct{ Major, Minor uint64 }

// Compare orders places: by Major, then by Minor.
func (p Place) Compare(other Place) int {
	return cmp.Or(cmp.Compare(p.Major, other.Major), cmp.Compare(p.Minor, other.Minor))
}

// String returns both numbers.
func (p Place) String() string { return fmt.Sprintf("%d.%d", p.Major, p.Minor) }

// Entry is what the index knows of one event.
type Entry struct {
	Position   events.Position
	Place      Place
	Hash       events.Hash
	RecordedAt time.Time
	// Revision is the engine's own number of the event in its stream, as Item or Placed gave it.
	Revision uint64
}

// End is how far an index has come: its last event, and how far the engine was followed, which may be further.
type End struct {
	events.Head
	RecordedAt time.Time // of the last event, zero if there is none
	Place      Place
}

// Item is an event as the engine holds it, not yet judged.
type Item struct {
	Place  Place
	ID     keys.ID
	Stream keys.Stream
	// Record is the event's record. Add stamps position and recorded time into it and hashes it; it keeps nothing.
	Record []byte
	// RecordedAt is what the writer stamped. Add takes it, or the recorded time of the event before if that is later.
	RecordedAt time.Time
	// Revision is the engine's own number of the event in its stream; zero if it has none.
	Revision uint64
}

// NewItem returns the item of an event at a place, with its record.
func NewItem(place Place, r *events.Recorded) Item {
	return Item{
		Place: place, ID: keys.NewID(r.Source, r.ID), Stream: keys.NewStream(r.Stream),
		Record: events.AppendRecord(nil, r), RecordedAt: r.RecordedAt,
	}
}

// Given is what Add gave to an Item: an entry of its own, or, for a repeat, the entry of the event that came first.
type Given struct {
	Entry
	Repeat bool
}

// Placed is an event whose position, hash and recorded time are decided.
type Placed struct {
	Entry
	ID     keys.ID
	Stream keys.Stream
}
