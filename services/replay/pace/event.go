package pace

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Event is a whole event as a replay tells it: what the log holds, with data brought up to today's schema. It holds
// personal data.
type Event struct {
	Position    events.Position `json:"position"`
	RecordedAt  time.Time       `json:"recorded_at"`
	ID          string          `json:"id"`
	Source      string          `json:"source"`
	Type        string          `json:"type"`
	Schema      int             `json:"schema"`
	Subject     string          `json:"subject,omitempty"`
	Channel     events.Channel  `json:"channel"`
	Time        time.Time       `json:"time"`
	Received    *time.Time      `json:"received,omitempty"`
	Sent        *time.Time      `json:"sent,omitempty"`
	Original    *time.Time      `json:"original,omitempty"`
	Stream      string          `json:"stream"`
	Fragment    *uuid.UUID      `json:"fragment"`
	Identifiers []Identifier    `json:"identifiers"`
	TraceParent string          `json:"traceparent,omitempty"`
	Data        json.RawMessage `json:"data"`
}

// Identifier is one identifier of an event.
type Identifier struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Grade string `json:"grade"`
}

// Tell returns an event in the form in which a replay tells it. Data of a schema that this version cannot read stays
// as the log holds it.
func Tell(r *events.Recorded) Event {
	_ = events.Upcast(r) // on an error nothing has changed, and Schema says which version it is
	e := Event{
		Position: r.Position, RecordedAt: r.RecordedAt.UTC(), ID: r.ID, Source: r.Source, Type: r.Type, Schema: max(r.Schema, 1),
		Subject: r.Subject, Channel: r.Channel, Time: r.Time.UTC(), Received: given(r.Received), Sent: given(r.Sent),
		Original: given(r.Original), Stream: r.Stream, Identifiers: make([]Identifier, 0, len(r.Identifiers)),
		TraceParent: r.TraceParent, Data: json.RawMessage(r.Data),
	}
	if len(r.Data) == 0 {
		e.Data = json.RawMessage("null")
	}
	if f, ok := r.Fragment(); ok {
		e.Fragment = &f
	}
	for _, id := range r.Identifiers {
		e.Identifiers = append(e.Identifiers, Identifier{Kind: id.Kind, Value: id.Value, Grade: id.Grade.String()})
	}
	return e
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
