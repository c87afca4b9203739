package projections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// GenerationsOptions say what generations are folded from, and where they are kept.
type GenerationsOptions struct {
	// Engine is what every generation's engine is made with; its Store is left empty.
	Engine  Options
	Factory Factory
	// Rules names the rule set of Engine.Rooms, if they fold under one, and RuleSet is its JSON, to be written down.
	Rules   string
	RuleSet json.RawMessage
	// RoomsFor returns rooms that fold under another rule set, and the name of that set. It refuses what is no rule
	// set with an error that says why. Nil if there is only the one.
	RoomsFor func(ruleSet json.RawMessage) (rooms []Room, hash string, err error)
	// Code is the version of this program. What another version began to build is not gone on with.
	Code string
	// Hints gives something when another process may have committed, for one that reads; nil never does. A reader looks
	// every Poll anyway, 150 ms if 0.
	Hints <-chan struct{}
	Poll  time.Duration
}

// Generations keeps read stores side by side: one that is live, those being built, those before, and what was made to
// look at the past. There is one Generations a data folder.
type Generations struct {
	opts  GenerationsOptions
	spec  Spec
	live  *Live
	shelf *shelf

	changing lock       // held while generations are made, swapped and dropped
	pointing sync.Mutex // held while another generation is named live and readers move over; taken after changing
	ctx      context.Context

	mu       sync.Mutex
	progress *Progress
	building *building
	took     time.Duration // of the last build that was finished here
	post     post          // whether this process writes or reads

	failed chan error
}

// NewGenerations returns the generations that the factory keeps. None is open before Start.
func NewGenerations(o GenerationsOptions) *Generations {
	spec := NewSpec(o.Engine.Rooms...)
	spec.Rules = o.Rules
	return &Generations{opts: o, spec: spec, live: newLive(), shelf: newShelf(), changing: make(lock, 1), failed: make(chan error, 1)}
}

// Live is the generation that answers.
func (g *Generations) Live() *Live { return g.live }

// Start opens the live generation, making the first one if there is none, removes what nothing can be made of, and
// folds until Stop or ctx ends. After ErrOtherVersion or ErrDiverged, Rebuild and Swap make a generation that can be
// started. If another process writes the read stores, this one stands by: it reads as after Follow, and takes over
// when the other ends.
func (g *Generations) Start(ctx context.Context) error {
	if err := g.changing.take(ctx); err != nil {
		return err
	}
	defer g.changing.give()
	g.ctx = ctx
	err := g.mayWrite(ctx)
	if errors.Is(err, ErrHeld) {
		return g.standAside(ctx, true)
	}
	if err == nil {
		err = g.write(ctx)
	}
	if err == nil {
		g.attend(ctx, true)
	}
	return err
}

// write opens what there is as the one process that writes it, and folds.
func (g *Generations) write(ctx context.Context) error {
	all, err := g.sweep(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	i := slices.IndexFunc(all, func(x Generation) bool { return x.Live })
	if i < 0 {
		return g.first(ctx)
	}
	x := all[i]
	if x.State == GenerationLoading { // a crash in first, after it was named live
		x.State = GenerationReady
		if err := g.opts.Factory.Describe(ctx, x); err != nil {
			return err
		}
	}
	h, err := g.open(ctx, x)
	if err != nil {
		return err
	}
	return g.startLive(h)
}

// lock is held by one at a time. Who waits for it can give up: a build holds it for as long as it takes.
type lock chan struct{}

func (l lock) take(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lock) give() { <-l }

// startLive runs the engine of a handle and lets it answer.
func (g *Generations) startLive(h *handle) error {
	if err := h.engine.Start(g.ctx); err != nil {
		return errors.Join(err, h.store.Close())
	}
	g.live.turn(h).leave()
	g.watch(h)
	g.writes()
	return nil
}

// first makes the generation of a data folder that has none. It is loading until it is live, so that a crash in
// between leaves something that is swept.
func (g *Generations) first(ctx context.Context) error {
	k := g.production()
	x, err := g.draft(ctx, Plan{Kind: KindFirst}, k)
	if err != nil {
		return err
	}
	s, err := g.create(ctx, &x, k, false)
	if err != nil {
		return err
	}
	if err := g.opts.Factory.SetLive(ctx, x.ID); err != nil {
		return errors.Join(err, s.Close())
	}
	x.State, x.Live = GenerationReady, true
	if err := g.opts.Factory.Describe(ctx, x); err != nil {
		return errors.Join(err, s.Close())
	}
	return g.startLive(newHandle(x, s, g.engine(s, k.rooms)))
}

// List returns all generations, oldest first. Folded of those that go on folding is where they are now.
func (g *Generations) List(ctx context.Context) ([]Generation, error) {
	all, err := g.opts.Factory.List(ctx)
	for i := range all {
		g.bring(&all[i])
	}
	return all, err
}

// folding returns the handle of a generation that goes on folding; nil if it stands still.
func (g *Generations) folding(id string) *handle {
	if h := g.live.now(); h != nil && h.generation.ID == id {
		return h
	}
	return g.shelf.sandbox(id)
}

// ErrUnknownGeneration: there is no generation of that id.
var ErrUnknownGeneration = errors.New("there is no such generation; `c360 generations list` and GET /v1/generations name those there are")

// Get returns what List says of one generation, or ErrUnknownGeneration.
func (g *Generations) Get(ctx context.Context, id string) (Generation, error) {
	x, err := g.find(ctx, id)
	if err != nil {
		return x, err
	}
	g.bring(&x)
	return x, nil
}

// find reads what is written down about a generation.
func (g *Generations) find(ctx context.Context, id string) (Generation, error) {
	all, err := g.opts.Factory.List(ctx)
	if err != nil {
		return Generation{}, err
	}
	i := slices.IndexFunc(all, func(x Generation) bool { return x.ID == id })
	if i < 0 {
		return Generation{}, fmt.Errorf("generation %q: %w", id, ErrUnknownGeneration)
	}
	return all[i], nil
}

// bring brings what is written down about a generation that goes on folding up to now.
func (g *Generations) bring(x *Generation) {
	h := g.folding(x.ID)
	if h == nil {
		return
	}
	x.Folded = h.engine.Position()
	if err := h.engine.Err(); err != nil && !errors.Is(err, ErrClosed) {
		x.Error = err.Error()
	}
}

// Stop ends folding and closes every store, once the views that are open are closed.
func (g *Generations) Stop() error {
	g.relieve()
	g.changing <- struct{}{}
	defer g.changing.give()
	var errs []error
	for _, h := range append(g.shelf.clear(), g.live.turn(nil)) {
		if h == nil {
			continue
		}
		h.engine.Stop()
		errs = append(errs, h.remember())
		h.retire()
		<-h.closed
		errs = append(errs, h.err)
	}
	return errors.Join(append(errs, g.release())...)
}

// remember writes down how far a sandbox came.
func (h *handle) remember() error {
	if h.describe == nil {
		return nil
	}
	h.generation.Folded = h.engine.Position()
	return h.describe(h.generation)
}
