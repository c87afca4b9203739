package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Past answers what was so of a few customers as of an instant. For every question it makes a tiny generation: it
// finds the island of fragments that the customers hang together with, folds the events of the island that the instant
// holds through the rooms, as an [Engine] would, and hands out a view of that.
//
// The view is exact: of the customers asked about, it says what a store says that was fed nothing but the events the
// instant holds. That takes more than the customers' own events. Who is one customer follows from a graph, so the
// island is closed: it has every fragment that was tied to one of them then, and of what tied nobody (an identifier
// shared by too many) enough holders for the fold to see that they were too many.
//
//	fragment ──► its stream up to the instant ──► its identifiers then
//	    ▲                                              │ live store: who has them now (all who had them then, and more)
//	    └──── tied then? walk on ◄── their streams: who had them then ◄──┘
//
// The live store only says where to look. It must have folded as far as the instant knows; where the instant bounds
// nothing, the answer is true at the live store's position.
//
// It rests on what holds of every touchpoint: it lies in the stream of its fragment ([events.Event.Stream]). A decision
// to skip a parked event counts from its position on, on both clocks.
type Past struct {
	opts  PastOptions
	large chan struct{} // held by the one large island that may be read at a time
}

// PastOptions say what a Past folds and where it looks. Log, Rooms, Neighbours, Live and Store are required.
type PastOptions struct {
	Log   events.Log
	Rooms []Room
	// Neighbours is the one of the rooms that says who is one customer.
	Neighbours Neighbours
	// Live opens a view of the store that says where to look: [Live.View].
	Live func(ctx context.Context) (View, error)
	// Store makes an empty store for an island. It is closed with the view.
	Store func() (Store, error)
	// Dedupe is that of the engine.
	Dedupe bool
	// MaxFragments and MaxEvents bound what is read for one answer; 0 is 5,000 fragments and 100,000 events. Of answers
	// that take more than 10,000 events one is worked out at a time, so that many at once do not fill the memory.
	MaxFragments, MaxEvents int
}

// NewPast returns a Past. It may be used by many at once.
func NewPast(o PastOptions) *Past {
	if o.MaxFragments == 0 {
		o.MaxFragments = 5_000
	}
	if o.MaxEvents == 0 {
		o.MaxEvents = 100_000
	}
	return &Past{opts: o, large: make(chan struct{}, 1)}
}

// Neighbours is what Past has to know of the graph of fragments. Identifiers are told apart by kind and value; their
// grade is left at zero.
type Neighbours interface {
	// Holders returns the fragments known by each identifier that may link them, in the order of their ids.
	Holders(ctx context.Context, from Reader, of []events.Identifier) (map[events.Identifier]Holders, error)
	// Claimants returns up to limit fragments after a fragment that only claim an identifier, in the order of their ids.
	Claimants(ctx context.Context, from Reader, of events.Identifier, after uuid.UUID, limit int) ([]uuid.UUID, error)
	// Decided reports whether anybody ever decided about the fragment and another.
	Decided(ctx context.Context, from Reader, fragment uuid.UUID) (bool, error)
	// Decisions names the stream that decisions are in, and Pair returns the fragments that an event of it is about.
	Decisions() string
	Pair(r *events.Recorded) (a, b uuid.UUID, ok bool)
	// Limit is how many fragments an identifier may tie, 0 if it ties nobody; Crowd is how many identifiers a fragment
	// may share before nothing ties it.
	Limit(of events.Identifier) int
	Crowd() int
	// Suggests reports whether sharing such an identifier, when it is only claimed, is worth a suggestion.
	Suggests(of events.Identifier) bool
}

// Holders are fragments known by an identifier. Cut is set if there may be more, with greater ids.
type Holders struct {
	Fragments []uuid.UUID
	Cut       bool
}

// About says whom a question is about. Whoever is named is in the island with all of their customer.
type About struct {
	Fragments []uuid.UUID
	// Identifiers stand for the first 100 fragments that had each of them then, and then those that claimed it, up to 100 in all.
	Identifiers []events.Identifier
	// Suggestions takes in the customers who claimed what these had, and who had what these claimed.
	Suggestions bool
}

// BeyondError: an as-of of a few customers would not be exact, or would take too long.
type BeyondError struct{ What string }

func (e *BeyondError) Error() string {
	return "projections: " + e.What + "; make a generation of everybody as of that instant instead: " +
		"POST /v1/generations with kind \"as-of\", or c360 replay --known-at … --out …"
}

// ErrNotFolded: the live store has not folded what the instant knows yet.
var ErrNotFolded = errors.New("projections: the read store has not folded that position yet; wait for it and ask again")

// View returns what was so as of an instant. It must be closed. Errors: *BeyondError, ErrNotFolded, those of the log
// and of the stores.
func (p *Past) View(ctx context.Context, at Instant, about About) (*PastView, error) {
	w, err := p.gather(ctx, at, about)
	if err != nil {
		return nil, fmt.Errorf("as of an instant (%s): %w", at, err)
	}
	v, err := w.store.View(ctx)
	if err != nil {
		return nil, errors.Join(err, w.store.Close())
	}
	return &PastView{View: v, checkpoint: w.checkpoint, whole: w.whole, store: w.store}, nil
}

// PastView is a view of an island. Its checkpoint is the position that the answer is true at.
type PastView struct {
	View
	checkpoint Checkpoint
	whole      map[uuid.UUID]bool
	store      Store
}

// Checkpoint says what the view is true at.
func (v *PastView) Checkpoint() Checkpoint { return v.checkpoint }

// Whole reports whether the island has all there was of a fragment and of the customer it belonged to. Of others
// there may be traces, which say nothing.
func (v *PastView) Whole(fragment uuid.UUID) bool { return v.whole[fragment] }

// Close ends the view and forgets the island.
func (v *PastView) Close() {
	v.View.Close()
	_ = v.store.Close() // nothing was to be kept
}

// engine returns what folds an island: the Engine's own folder, which knows nothing of positions that must be dense.
// What is parked in an island was said of the live store already.
func (p *Past) engine(s Store) *Engine {
	return NewEngine(Options{
		Log: p.opts.Log, Store: s, Rooms: p.opts.Rooms, Dedupe: p.opts.Dedupe, Now: noClock, Logger: slog.New(slog.DiscardHandler),
	})
}
