package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
)

// GenerationsOptions say what generations are folded from, and where they are kept.
type GenerationsOptions struct {
	// Engine is what every generation's engine is made with; its Store is left empty.
	Engine  Options
	Factory Factory
	// Rules names the rule set, if the rooms fold under one.
	Rules string
}

// Generations keeps read stores side by side: one that is live, one that is being rebuilt, those before. There is
// one Generations a data folder.
type Generations struct {
	opts GenerationsOptions
	spec Spec
	live *Live

	changing sync.Mutex // held while generations are made, swapped and dropped
	ctx      context.Context
	standby  *handle // rebuilt and caught up, not live

	mu       sync.Mutex
	progress *Progress

	failed chan error
}

// NewGenerations returns the generations that the factory keeps. None is open before Start.
func NewGenerations(o GenerationsOptions) *Generations {
	spec := NewSpec(o.Engine.Rooms...)
	spec.Rules = o.Rules
	return &Generations{opts: o, spec: spec, live: newLive(), failed: make(chan error, 1)}
}

// Live is the generation that answers.
func (g *Generations) Live() *Live { return g.live }

// Start opens the live generation, making the first one if there is none, removes what an interrupted rebuild left
// behind, and folds until Stop or ctx ends. After ErrOtherVersion or ErrDiverged, Rebuild and Swap make a generation
// that can be started.
func (g *Generations) Start(ctx context.Context) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	all, err := g.sweep(ctx)
	if err != nil {
		return err
	}
	g.ctx = ctx
	i := slices.IndexFunc(all, func(x Generation) bool { return x.Live })
	if i < 0 {
		return g.first(ctx)
	}
	h, err := g.open(ctx, all[i])
	if err != nil {
		return err
	}
	return g.startLive(h)
}

// open opens a generation with an engine that does not run yet.
func (g *Generations) open(ctx context.Context, x Generation) (*handle, error) {
	s, err := g.opts.Factory.Open(ctx, x.ID, g.spec)
	if err != nil {
		return nil, fmt.Errorf("open generation %s: %w", x.ID, err)
	}
	return newHandle(x, s, g.engine(s)), nil
}

func (g *Generations) engine(s Store) *Engine {
	o := g.opts.Engine
	o.Store = s
	return NewEngine(o)
}

// startLive runs the engine of a handle and lets it answer.
func (g *Generations) startLive(h *handle) error {
	if err := h.engine.Start(g.ctx); err != nil {
		return errors.Join(err, h.store.Close())
	}
	g.live.turn(h)
	g.watch(h)
	return nil
}

// first makes the generation of a data folder that has none. It is loading until it is live, so that a crash in
// between leaves something that is swept.
func (g *Generations) first(ctx context.Context) error {
	x, s, err := g.create(ctx, "first", false)
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
	return g.startLive(newHandle(x, s, g.engine(s)))
}

func (g *Generations) create(ctx context.Context, kind string, bulk bool) (Generation, Store, error) {
	head, err := g.opts.Engine.Log.Head(ctx)
	if err != nil {
		return Generation{}, nil, err
	}
	id, err := g.nextID(ctx)
	if err != nil {
		return Generation{}, nil, err
	}
	x := Generation{
		ID: id, Kind: kind, State: GenerationLoading, CreatedAt: g.opts.Engine.Now().UTC(),
		Rooms: g.spec.Rooms, Rules: g.spec.Rules, Fingerprint: g.spec.Fingerprint(), Head: head.Position, HeadHash: head.Hash,
	}
	s, err := g.opts.Factory.Create(ctx, x, g.spec, bulk)
	if err != nil {
		return x, nil, fmt.Errorf("create generation %s: %w", id, err)
	}
	return x, s, nil
}

func (g *Generations) nextID(ctx context.Context) (string, error) {
	all, err := g.opts.Factory.List(ctx)
	if err != nil {
		return "", err
	}
	n := 0
	for _, x := range all {
		var i int
		if _, err := fmt.Sscanf(x.ID, "%d", &i); err == nil {
			n = max(n, i)
		}
	}
	return fmt.Sprintf("%06d", n+1), nil
}

// sweep drops what is neither ready nor live: the leavings of a rebuild that was interrupted.
func (g *Generations) sweep(ctx context.Context) ([]Generation, error) {
	all, err := g.opts.Factory.List(ctx)
	if err != nil {
		return nil, err
	}
	var kept []Generation
	for _, x := range all {
		if x.Live || x.State == GenerationReady {
			kept = append(kept, x)
			continue
		}
		g.opts.Engine.Logger.InfoContext(ctx, "dropping an unfinished generation", slog.String("generation", x.ID))
		if err := g.opts.Factory.Drop(ctx, x.ID); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// List returns all generations, oldest first. Folded of the live one is where it is now.
func (g *Generations) List(ctx context.Context) ([]Generation, error) {
	all, err := g.opts.Factory.List(ctx)
	if h := g.live.now(); h != nil {
		for i := range all {
			if all[i].ID == h.generation.ID {
				all[i].Folded = h.engine.Position()
			}
		}
	}
	return all, err
}

// Drop removes a generation that is not live, for good.
func (g *Generations) Drop(ctx context.Context, id string) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	if _, err := g.find(ctx, id); err != nil {
		return err
	}
	if now, err := g.live.Generation(); err == nil && now.ID == id {
		return fmt.Errorf("generation %s is live; swap to another one first", id)
	}
	if err := g.dropStandby(id); err != nil {
		return err
	}
	return g.opts.Factory.Drop(ctx, id)
}

func (g *Generations) dropStandby(id string) error {
	if g.standby == nil || g.standby.generation.ID != id {
		return nil
	}
	h := g.standby
	g.standby = nil
	h.engine.Stop()
	h.retire()
	<-h.closed
	return h.err
}

func (g *Generations) find(ctx context.Context, id string) (Generation, error) {
	all, err := g.opts.Factory.List(ctx)
	if err != nil {
		return Generation{}, err
	}
	i := slices.IndexFunc(all, func(x Generation) bool { return x.ID == id })
	if i < 0 {
		return Generation{}, fmt.Errorf("there is no generation %q; `GET /v1/generations` lists them", id)
	}
	return all[i], nil
}

// Stop ends folding and closes every store, once the views that are open are closed.
func (g *Generations) Stop() error {
	g.changing.Lock()
	defer g.changing.Unlock()
	var errs []error
	for _, h := range []*handle{g.standby, g.live.turn(nil)} {
		if h == nil {
			continue
		}
		h.engine.Stop()
		h.retire()
		<-h.closed
		errs = append(errs, h.err)
	}
	g.standby = nil
	return errors.Join(errs...)
}
