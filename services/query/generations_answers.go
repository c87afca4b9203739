package query

import (
	"encoding/json"
	"time"

	"github.com/c360hq/c360/events"
)

// GenerationsAnswer lists the generations there are.
type GenerationsAnswer struct {
	Generations []GenerationState `json:"generations"`
}

// GenerationState is everything that is known about one generation.
type GenerationState struct {
	ID          string          `json:"id"`
	Kind        string          `json:"kind" doc:"why it was made: first, rebuild, as-of, what-if or sandbox"`
	State       string          `json:"state" doc:"serving, building, interrupted, ready or failed; an interrupted one is gone on with by the same request"`
	Phase       string          `json:"phase" doc:"what building is at: folding, indexing, catching up, …; empty when it is not being built"`
	Position    events.Position `json:"position" doc:"the last event folded; of a generation that does not serve, when it was built or last served; 0 if that is not known"`
	Target      events.Position `json:"target" doc:"where building ends; 0 when it is not being built"`
	Rate        float64         `json:"rate" doc:"events folded in a second, lately"`
	ETASeconds  *float64        `json:"eta_seconds"`
	Parked      int             `json:"parked" doc:"events that could not be folded and wait: so far, if it is being built"`
	Trouble     string          `json:"trouble" doc:"which event was parked last while it is being built, and by which room; empty if none was"`
	Waits       string          `json:"waits" doc:"what building waits for before it goes on by itself, an engine that is away for example; empty if it does not wait"`
	CreatedAt   *time.Time      `json:"created_at"`
	FinishedAt  *time.Time      `json:"finished_at" doc:"when it was ready or failed"`
	Note        string          `json:"note"`
	Code        string          `json:"code" doc:"the version of c360 that made it"`
	Rooms       []string        `json:"rooms" doc:"the read models in it, name@version"`
	Rules       string          `json:"rules" doc:"hash of the identity rules it was folded under"`
	RuleSet     json.RawMessage `json:"rule_set" doc:"those rules; null if they were not written down"`
	Fingerprint string          `json:"fingerprint" doc:"hash of tables, read models and rules"`
	Head        events.Position `json:"head" doc:"the end of the log when it was begun"`
	HeadHash    string          `json:"head_hash" doc:"the hash of the log there, in hexadecimal"`
	KnownAt     events.Position `json:"known_at" doc:"it holds what the log held at this position; 0 is head"`
	AsOf        *time.Time      `json:"as_of" doc:"it holds what had happened by then; null is everything"`
	Events      uint64          `json:"events" doc:"events it was folded from when it was built"`
	Rows        uint64          `json:"rows" doc:"rows in its tables when it was built"`
	Error       string          `json:"error" doc:"why it failed; empty if it did not"`
}

// The states of a generation in an answer, beside ready and failed.
const (
	stateServing     = "serving"
	stateBuilding    = "building"
	stateInterrupted = "interrupted"
)

// GenerationRequest asks for a new generation.
type GenerationRequest struct {
	Kind    string          `json:"kind" enum:"rebuild,as-of,what-if,sandbox" doc:"rebuild: the whole log anew, to be swapped in; as-of: what history was at an instant; what-if: history under other rules; sandbox: a copy to play with"`
	KnownAt string          `json:"known_at,omitempty" doc:"what the log held: a position (\"120000\") or a time; a day is its end in Asia/Seoul"`
	AsOf    string          `json:"as_of,omitempty" doc:"what had happened by a time, whenever it was recorded"`
	Rules   json.RawMessage `json:"rules,omitempty" doc:"identity rules, as GET /v1/identity/rules shows them; what is left out is as in the default"`
	Speed   string          `json:"speed,omitempty" doc:"for a sandbox: what came after known_at happens in it again, so many times as fast as it was recorded (10x); 0 is as fast as it goes. Left out, it stands still"`
	Note    string          `json:"note,omitempty" doc:"anything worth remembering about it"`
}

// GenerationAccepted names the generation that is being built, serves now, or is gone.
type GenerationAccepted struct {
	ID string `json:"id"`
}
