package query

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// ParkedAnswer is a page of the events that could not be folded and wait, by fragment and in the order of the log.
type ParkedAnswer struct {
	Parked   []ParkedEvent   `json:"parked"`
	Next     string          `json:"next" doc:"cursor of the next page, empty on the last"`
	Position events.Position `json:"position"`
}

// ParkedEvent is one event that waits. GET /v1/events/{position} has the whole of it.
type ParkedEvent struct {
	Fragment   uuid.UUID       `json:"fragment" doc:"whose event it is; zeros for an event that names nobody. Give it to redrive"`
	Position   events.Position `json:"position"`
	Source     string          `json:"source"`
	Type       string          `json:"type"`
	Behind     bool            `json:"behind" doc:"it was never tried, because an earlier event of its fragment is parked"`
	Reason     string          `json:"reason" doc:"what the read model said; cut after 400 bytes"`
	RecordedAt time.Time       `json:"recorded_at"`
}

// RedriveAnswer says what became of the parked events of a fragment.
type RedriveAnswer struct {
	Fragment uuid.UUID       `json:"fragment"`
	Folded   int             `json:"folded" doc:"events that went in"`
	Waiting  int             `json:"waiting" doc:"events of the fragment that still wait"`
	First    *ParkedEvent    `json:"first" doc:"the first that still waits, and why; null if none does"`
	Position events.Position `json:"position"`
}

// ParkedQueueAnswer is what waits of one fragment.
type ParkedQueueAnswer struct {
	Fragment uuid.UUID       `json:"fragment"`
	Waiting  int             `json:"waiting" doc:"events of the fragment that wait"`
	Event    *EventAnswer    `json:"event" doc:"the first of them, whole"`
	Queue    []ParkedEvent   `json:"queue" doc:"the first events that wait, in the order of the log; the first says why"`
	Position events.Position `json:"position"`
}

// SkipRequest says which parked event is to be left out of the read models.
type SkipRequest struct {
	Position events.Position `json:"position" doc:"position of the parked event"`
	Reason   string          `json:"reason" doc:"why, in words; it stays in the log"`
}
