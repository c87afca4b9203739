package query

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/headline"
)

// TimelineAnswer is one page of a customer's timeline, newest first.
type TimelineAnswer struct {
	Events   []TimelineRow   `json:"events"`
	Next     string          `json:"next" doc:"cursor for before=, empty at the beginning of the story"`
	Newer    string          `json:"newer" doc:"cursor for after=: what is newer than this page; empty on an empty page"`
	Position events.Position `json:"position"`
	Moment
}

// TimelineRow is one event, or a run of like events, in a timeline.
type TimelineRow struct {
	Position   events.Position   `json:"position"`
	ID         string            `json:"id"`
	Source     string            `json:"source"`
	Type       string            `json:"type"`
	Channel    string            `json:"channel"`
	Time       time.Time         `json:"time"`
	RecordedAt *time.Time        `json:"recorded_at"`
	Fragment   uuid.UUID         `json:"fragment"`
	Headline   headline.Text     `json:"headline"`
	Detail     headline.Text     `json:"detail"`
	Data       headline.Facts    `json:"data"`
	Tone       headline.Tone     `json:"tone" enum:"plain,good,bad"`
	Count      int               `json:"count" doc:"how many events the row stands for"`
	Until      *time.Time        `json:"until" doc:"time of the oldest event of a run; null for a single event"`
	Known      bool              `json:"known" doc:"whether the catalogue knows the type"`
	Group      []events.Position `json:"group,omitempty" doc:"the events of a run, newest first"`
}

// MonthsAnswer counts a customer's events per month and channel, newest first: the index for a jump to a date.
type MonthsAnswer struct {
	Months   []Month         `json:"months"`
	Position events.Position `json:"position"`
	Moment
}

// Month is one channel of one month.
type Month struct {
	Month   string `json:"month" doc:"YYYY-MM"`
	Channel string `json:"channel"`
	Count   int64  `json:"count"`
	Cursor  string `json:"cursor" doc:"for before=: the page that begins with the newest event of this month"`
}

// EventAnswer is one event as the log holds it.
type EventAnswer struct {
	Position    events.Position   `json:"position"`
	ID          string            `json:"id"`
	Source      string            `json:"source"`
	Type        string            `json:"type"`
	Schema      int               `json:"schema"`
	Subject     string            `json:"subject"`
	Channel     string            `json:"channel"`
	Time        time.Time         `json:"time"`
	Received    *time.Time        `json:"received"`
	Sent        *time.Time        `json:"sent"`
	Original    *time.Time        `json:"original"`
	RecordedAt  time.Time         `json:"recorded_at"`
	Stream      string            `json:"stream"`
	Fragment    *uuid.UUID        `json:"fragment" doc:"null if the event names nobody"`
	Identifiers []NamedIdentifier `json:"identifiers"`
	Headline    headline.Text     `json:"headline"`
	Detail      headline.Text     `json:"detail"`
	Known       bool              `json:"known"`
	TraceParent string            `json:"trace_parent"`
	Data        json.RawMessage   `json:"data" doc:"exactly as received; null if there was none"`
}

// NamedIdentifier is an identifier as an event carries it.
type NamedIdentifier struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Grade string `json:"grade"`
}
