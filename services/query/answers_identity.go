package query

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// IdentityAnswer says why these fragments are one customer.
type IdentityAnswer struct {
	ID          uuid.UUID            `json:"id"`
	Fragments   []uuid.UUID          `json:"fragments"`
	Identifiers []IdentifierEvidence `json:"identifiers"`
	Links       []Link               `json:"links"`
	Decisions   []Decision           `json:"decisions"`
	Suggestions []Suggestion         `json:"suggestions"`
	Position    events.Position      `json:"position"`
	Moment
}

// IdentifierEvidence is an identifier with every source that said it.
type IdentifierEvidence struct {
	Kind     string     `json:"kind"`
	Value    string     `json:"value"`
	Grade    string     `json:"grade"`
	Inert    bool       `json:"inert"`
	Evidence []Evidence `json:"evidence"`
}

// Evidence is one saying of an identifier: who, for which fragment, first in which event.
type Evidence struct {
	Fragment uuid.UUID  `json:"fragment"`
	Grade    string     `json:"grade"`
	Source   string     `json:"source"`
	EventID  string     `json:"event_id"`
	Time     *time.Time `json:"time"`
}

// Link ties two fragments together.
type Link struct {
	A       uuid.UUID  `json:"a"`
	B       uuid.UUID  `json:"b"`
	Because string     `json:"because" doc:"the shared identifier as kind:value, or decision"`
	Grade   string     `json:"grade"`
	Time    *time.Time `json:"time"`
	Source  string     `json:"source"`
	EventID string     `json:"event_id"`
}

// Decision is what a person or a rule decided about two fragments.
type Decision struct {
	A       uuid.UUID  `json:"a"`
	B       uuid.UUID  `json:"b"`
	Linked  bool       `json:"linked" doc:"true: linked, false: kept apart"`
	Reason  string     `json:"reason"`
	Actor   string     `json:"actor"`
	Time    *time.Time `json:"time"`
	Source  string     `json:"source"`
	EventID string     `json:"event_id"`
}

// Suggestion is another customer who may be the same person, and why nobody linked them.
type Suggestion struct {
	Customer uuid.UUID `json:"customer"`
	Because  string    `json:"because" doc:"claimed email:…"`
}

// LinkRequest asks to link two fragments, or to keep them apart.
type LinkRequest struct {
	A      uuid.UUID `json:"a" doc:"any fragment of the one customer"`
	B      uuid.UUID `json:"b" doc:"any fragment of the other"`
	Reason string    `json:"reason,omitempty" doc:"why, in words; shown with the evidence; at most 500 bytes"`
	// Position guards against deciding on what is no longer so.
	Position events.Position `json:"position,omitempty" doc:"position of the answer you decide on; if somebody has decided about the same two since, the call answers 409"`
}

// AcceptedAnswer says where the log took a decision; give the position as wait= to read what follows from it.
type AcceptedAnswer struct {
	Position events.Position `json:"position"`
}
