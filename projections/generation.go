package projections

import (
	"context"
	"encoding/json"
	"time"

	"github.com/c360hq/c360/events"
)

// Generation is a read store, what it was made by, and what it was made from.
type Generation struct {
	ID string `json:"id"`
	// Kind says why it was made: one of the Kind names.
	Kind string `json:"kind"`
	// State is "loading" until it can be used, then "ready"; "failed" has an Error and no rows; "dropping" has nothing.
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	// FinishedAt is when it was ready or failed; zero before, and of one made by an older program.
	FinishedAt time.Time `json:"finished_at,omitzero"`
	// Note is what its maker wanted to remember.
	Note string `json:"note,omitempty"`
	// Code is the version of the program that made it; empty if that did not say.
	Code string `json:"code,omitempty"`
	// Rooms are "name@version"; Rules is the hash of the rule set and RuleSet its JSON, empty if that was not
	// written down; Fingerprint is that of the whole Spec.
	Rooms       []string        `json:"rooms"`
	Rules       string          `json:"rules"`
	RuleSet     json.RawMessage `json:"rule_set,omitempty"`
	Fingerprint string          `json:"fingerprint"`
	// Head is the end of the log when the generation was begun, HeadHash the log's hash there.
	Head     events.Position `json:"head"`
	HeadHash events.Hash     `json:"head_hash"`
	// At is the instant it was asked for; the zero Instant is the head.
	At Instant `json:"at,omitzero"`
	// Folded is how far the generation was folded when that was last written down: when it was built, or when it
	// was swapped out; 0 if it never was. The live one goes on from there.
	Folded events.Position `json:"folded"`
	// Events is how many events up to Folded its instant holds, Parked how many of them could not be folded and wait,
	// and Rows how many rows its tables held, all when it was built.
	Events uint64 `json:"events,omitempty"`
	Rows   uint64 `json:"rows,omitempty"`
	Parked int    `json:"parked,omitempty"`
	// Error is why it failed, or why a sandbox stopped.
	Error string `json:"error,omitempty"`
	// Live is set on the one generation that answers.
	Live bool `json:"-"`
}

// The kinds of generations.
const (
	KindFirst   = "first"   // made with the data folder; it follows the log
	KindRebuild = "rebuild" // the whole log, folded anew; it follows the log once it is swapped in
	KindAsOf    = "as-of"   // what history was at an instant; it stands still for ever
	KindWhatIf  = "what-if" // history under another rule set; it stands still
	KindSandbox = "sandbox" // history up to an instant, then whatever is replayed to it
)

// The states of a generation.
const (
	GenerationLoading = "loading"
	GenerationReady   = "ready"
	GenerationFailed  = "failed"
	// GenerationDropping is one whose dropping began and, if it stays, was cut short; the next start ends it.
	GenerationDropping = "dropping"
)

// Follows reports whether the generation is one that goes on with the log and so may answer for all.
func (g *Generation) Follows() bool { return g.Kind == KindFirst || g.Kind == KindRebuild }

// until is the position that building it ends at.
func (g *Generation) until() events.Position {
	if g.At.Known > 0 {
		return g.At.Known
	}
	return g.Head
}

// Factory makes, finds and drops the stores of generations, and remembers which one is live. Drivers implement it.
type Factory interface {
	// NextID returns an id that no generation has or ever had, not even one that was dropped.
	NextID(ctx context.Context) (string, error)
	// Create makes an empty store for a new generation and writes down what it is.
	Create(ctx context.Context, g Generation, spec Spec, bulk bool) (Store, error)
	// Open opens the store of a generation that is ready.
	Open(ctx context.Context, id string, spec Spec) (Store, error)
	// Resume opens a store that was created for bulk loading and never described as ready, to go on where it is: at
	// the last checkpoint that a crash left whole, if there was one. What no trying again opens is ErrDamaged or ErrOtherVersion.
	Resume(ctx context.Context, id string, spec Spec) (Store, error)
	// Describe replaces what is written down about a generation.
	Describe(ctx context.Context, g Generation) error
	// List returns what is written down, by id; Live is set.
	List(ctx context.Context) ([]Generation, error)
	// SetLive makes a generation the live one, durably and in one step: after a crash either the old or the new one is live.
	SetLive(ctx context.Context, id string) error
	// Drop removes a generation for good. It may be called again after a crash.
	Drop(ctx context.Context, id string) error
}
