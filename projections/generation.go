package projections

import (
	"context"
	"time"

	"github.com/c360hq/c360/events"
)

// Generation is a read store, what it was made by, and what it was made from.
type Generation struct {
	ID string `json:"id"`
	// Kind says why it was made: "first" or "rebuild".
	Kind string `json:"kind"`
	// State is "loading" until it can be used, then "ready".
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	// Rooms are "name@version"; Rules names the rule set; Fingerprint is that of the whole Spec.
	Rooms       []string `json:"rooms"`
	Rules       string   `json:"rules"`
	Fingerprint string   `json:"fingerprint"`
	// Head is the end of the log when the generation was begun, HeadHash the log's hash there.
	Head     events.Position `json:"head"`
	HeadHash events.Hash     `json:"head_hash"`
	// Folded is how far the generation was folded when that was last written down: when it was built, or when it
	// was swapped out; 0 if it never was. The live one goes on from there.
	Folded events.Position `json:"folded"`
	// Live is set on the one generation that answers.
	Live bool `json:"-"`
}

// The states of a generation.
const (
	GenerationLoading = "loading"
	GenerationReady   = "ready"
)

// Factory makes, finds and drops the stores of generations, and remembers which one is live. Drivers implement it.
type Factory interface {
	// Create makes an empty store for a new generation and writes down what it is.
	Create(ctx context.Context, g Generation, spec Spec, bulk bool) (Store, error)
	// Open opens the store of a generation that is ready.
	Open(ctx context.Context, id string, spec Spec) (Store, error)
	// Describe replaces what is written down about a generation.
	Describe(ctx context.Context, g Generation) error
	// List returns what is written down, by id; Live is set.
	List(ctx context.Context) ([]Generation, error)
	// SetLive makes a generation the live one, durably and in one step: after a crash either the old or the new one is live.
	SetLive(ctx context.Context, id string) error
	// Drop removes a generation for good. It may be called again after a crash.
	Drop(ctx context.Context, id string) error
}
