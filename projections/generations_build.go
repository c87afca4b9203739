package projections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/c360hq/c360/events"
)

// Plan says what generation to build.
type Plan struct {
	// Kind is one of the Kind names but KindFirst.
	Kind string
	// At is the instant of an as-of, where a what-if ends, and where a sandbox begins; the zero Instant is the head
	// of the log at the start. A rebuild has none.
	At Instant
	// Rules is the rule set of a what-if, an as-of or a sandbox, as GenerationsOptions.RoomsFor reads it; empty is the
	// one in use.
	Rules json.RawMessage
	// Log is what a sandbox folds after At, until it is dropped: the same events, given out at another pace. With the
	// zero At it begins with the first event of Log. Nil stands still.
	Log events.Log
	// Note is written down with the generation.
	Note string
}

// until is the position that building ends at.
func (p *Plan) until(x *Generation) events.Position {
	if p.Kind == KindSandbox && p.Log != nil && p.At.Now() {
		return 0
	}
	return x.until()
}

// PlanError says what is wrong with a plan, and what to do about it.
type PlanError struct {
	// Field is "kind", "at" or "rules".
	Field string
	Err   error
}

func (e *PlanError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *PlanError) Unwrap() error { return e.Err }

func wrongPlan(field, format string, args ...any) error {
	return &PlanError{Field: field, Err: fmt.Errorf(format, args...)}
}

// Build makes a generation beside the live one, which goes on answering. A build that is interrupted (ctx, or the end
// of the process) is gone on with by the next Build of the same plan; one that fails leaves its record, with the
// reason, and no rows. A rebuild stands by for Compare and Swap; what is built can be read with View.
func (g *Generations) Build(ctx context.Context, p Plan, report Report) (Generation, error) {
	if err := g.changing.take(ctx); err != nil {
		return Generation{}, err
	}
	defer g.changing.give()
	defer g.tell(nil, nil)
	if err := g.mayWrite(ctx); err != nil {
		return Generation{}, err
	}
	began := g.opts.Engine.Now()
	k, err := g.kitFor(ctx, &p)
	if err != nil {
		return Generation{}, err
	}
	ctx, end, err := g.begin(ctx)
	if err != nil {
		return Generation{}, err
	}
	defer end()
	h, err := g.beginOrResume(ctx, &p, k)
	if err != nil {
		return Generation{}, err
	}
	if err := g.loadPatiently(ctx, h, p.until(&h.generation), report); err != nil {
		return h.generation, fmt.Errorf("build generation %s: %w", h.generation.ID, g.abandon(ctx, h, err))
	}
	if err := g.play(ctx, h, &p, k); err != nil {
		return h.generation, errors.Join(err, h.store.Close())
	}
	g.shelf.put(h)
	g.tookFor(g.opts.Engine.Now().Sub(began))
	return h.generation, nil
}

// kit is what a generation is folded with.
type kit struct {
	rooms   []Room
	spec    Spec
	ruleSet json.RawMessage
}

// production is the kit of the generations that may answer.
func (g *Generations) production() kit {
	return kit{g.opts.Engine.Rooms, g.spec, g.opts.RuleSet}
}

// kitFor checks a plan and returns what it is folded with.
func (g *Generations) kitFor(ctx context.Context, p *Plan) (kit, error) {
	switch p.Kind {
	case KindRebuild:
		return g.production(), g.checkRebuild(p)
	case KindAsOf:
		if p.At.Now() {
			return kit{}, wrongPlan("at", "an as-of needs an instant: give known_at, as_of or both")
		}
	case KindWhatIf:
		if len(p.Rules) == 0 {
			return kit{}, wrongPlan("rules", "a what-if needs a rule set; give rules, or build an as-of for the one in use")
		}
	case KindSandbox:
	default:
		return kit{}, wrongPlan("kind", "kind may be %s, %s, %s or %s", KindRebuild, KindAsOf, KindWhatIf, KindSandbox)
	}
	if err := g.checkInstant(ctx, p.At); err != nil {
		return kit{}, err
	}
	return g.under(p.Rules)
}

func (g *Generations) checkRebuild(p *Plan) error {
	if !p.At.Now() {
		return wrongPlan("at", "a rebuild folds all there is and takes no instant; build an %s instead", KindAsOf)
	}
	if len(p.Rules) > 0 {
		return wrongPlan("rules", "a rebuild folds under the rules in use; build a %s instead", KindWhatIf)
	}
	return nil
}

func (g *Generations) checkInstant(ctx context.Context, at Instant) error {
	head, err := g.opts.Engine.Log.Head(ctx)
	if err == nil && at.Known > head.Position {
		return wrongPlan("at", "position %d is beyond the log, which ends at %d; give one up to that", at.Known, head.Position)
	}
	return err
}

// under returns the kit of a rule set.
func (g *Generations) under(ruleSet json.RawMessage) (kit, error) {
	if len(ruleSet) == 0 {
		return g.production(), nil
	}
	if g.opts.RoomsFor == nil {
		return kit{}, wrongPlan("rules", "this c360 folds under one rule set only; leave rules out")
	}
	rooms, hash, err := g.opts.RoomsFor(ruleSet)
	if err != nil {
		return kit{}, &PlanError{Field: "rules", Err: err}
	}
	spec := NewSpec(rooms...)
	spec.Rules = hash
	return kit{rooms, spec, ruleSet}, nil
}

// kitOf returns the kit of a generation that is there. Those that may answer are always of the rules in use.
func (g *Generations) kitOf(x *Generation) (kit, error) {
	if x.Follows() || x.Rules == g.spec.Rules {
		return g.production(), nil
	}
	return g.under(x.RuleSet)
}

// draft describes a generation that is not there yet.
func (g *Generations) draft(ctx context.Context, p Plan, k kit) (Generation, error) {
	head, err := g.opts.Engine.Log.Head(ctx)
	if err != nil {
		return Generation{}, err
	}
	return Generation{
		Kind: p.Kind, State: GenerationLoading, CreatedAt: g.opts.Engine.Now().UTC(), Note: p.Note, Code: g.opts.Code,
		Rooms: k.spec.Rooms, Rules: k.spec.Rules, RuleSet: k.ruleSet, Fingerprint: k.spec.Fingerprint(),
		Head: head.Position, HeadHash: head.Hash, At: p.At,
	}, nil
}

// create gives a generation its id and an empty store.
func (g *Generations) create(ctx context.Context, x *Generation, k kit, bulk bool) (Store, error) {
	id, err := g.opts.Factory.NextID(ctx)
	if err != nil {
		return nil, err
	}
	x.ID = id
	s, err := g.opts.Factory.Create(ctx, *x, k.spec, bulk)
	if err != nil {
		return nil, fmt.Errorf("create generation %s: %w", id, err)
	}
	return s, nil
}

// engine returns one that does not run yet.
func (g *Generations) engine(s Store, rooms []Room) *Engine {
	o := g.opts.Engine
	o.Store, o.Rooms = s, rooms
	return NewEngine(o)
}

// abandon ends a build that came to nothing: one that was dropped is gone, one that was interrupted waits to be gone
// on with, and of one that failed the reason stays.
func (g *Generations) abandon(ctx context.Context, h *handle, why error) error {
	clean := context.WithoutCancel(ctx)
	x := &h.generation
	why = errors.Join(why, h.store.Close())
	if errors.Is(context.Cause(ctx), ErrClaimLost) {
		why = ErrClaimLost
	}
	switch {
	case errors.Is(context.Cause(ctx), ErrDropped):
		return errors.Join(ErrDropped, g.opts.Factory.Drop(clean, x.ID))
	case x.resumable() && (ctx.Err() != nil || !isFatal(why)):
		g.opts.Engine.Logger.InfoContext(clean, "a build was interrupted; the next one of the same plan goes on with it",
			slog.String("generation", x.ID), slog.Uint64("position", uint64(h.engine.Position())))
		return why
	case ctx.Err() != nil:
		return errors.Join(why, g.opts.Factory.Drop(clean, x.ID))
	}
	if err := g.opts.Factory.Drop(clean, x.ID); err != nil {
		return errors.Join(why, err)
	}
	x.State, x.Error, x.FinishedAt = GenerationFailed, why.Error(), g.opts.Engine.Now().UTC()
	return errors.Join(why, g.opts.Factory.Describe(clean, *x))
}
