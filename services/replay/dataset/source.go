package dataset

import (
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
)

// Source is where rows come from: one view of a generation, the rooms that folded it, and the log it was folded from.
type Source struct {
	View     projections.View
	Log      events.Log
	Identity *identity.Room
	Profile  *profile.Room
	// At is the instant the generation stands for; the zero Instant for one that holds everything up to its checkpoint.
	At projections.Instant
}

// Until is the last position that the rows may come from.
func (s *Source) Until() events.Position { return s.View.Checkpoint().Position }

// Moment is when "today" is: when what the source holds had happened, or when its last event was recorded. It reads
// no clock, so an export of the same history is the same at any time.
func (s *Source) Moment() time.Time {
	if !s.At.Occurred.IsZero() {
		return s.At.Occurred
	}
	return s.View.Checkpoint().RecordedAt
}

// Query selects rows that come from the log; the zero Query selects all.
type Query struct {
	// From and To bound the time at which it happened, both inclusive; zero is no bound.
	From, To time.Time
	// Types and Channels select; none selects all.
	Types    []string
	Channels []events.Channel
	// Spans are the stretches of the log to read; nil is all of it.
	Spans []Span
}

// Span is the stretch of the log after After, up to and including To.
type Span struct{ After, To events.Position }

// All reports whether the query leaves out nothing.
func (q *Query) All() bool {
	return q.From.IsZero() && q.To.IsZero() && len(q.Types) == 0 && len(q.Channels) == 0
}

// Holds reports whether the event is among the rows.
func (q *Query) Holds(r *events.Recorded) bool {
	return (q.From.IsZero() || !r.Time.Before(q.From)) && (q.To.IsZero() || !r.Time.After(q.To)) &&
		(len(q.Types) == 0 || slices.Contains(q.Types, r.Type)) &&
		(len(q.Channels) == 0 || slices.Contains(q.Channels, r.Channel))
}
