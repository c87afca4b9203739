package projections

import (
	"context"
	"errors"
	"log/slog"
)

// resumable reports whether a build of this kind can be gone on with. What a sandbox was to follow is gone with its
// process, and the first generation is made in a moment.
func (g *Generation) resumable() bool {
	return g.Kind == KindRebuild || g.Kind == KindAsOf || g.Kind == KindWhatIf
}

// same reports whether going on with g makes what a build of x would.
func (g *Generation) same(x *Generation) bool {
	return g.Kind == x.Kind && g.Fingerprint == x.Fingerprint && g.Rules == x.Rules && g.Code == x.Code &&
		g.At.Known == x.At.Known && g.At.Occurred.Equal(x.At.Occurred)
}

// sweep drops what nothing can be made of: what was being built by another version of this program or under other
// rules, and what is not gone on with. What cannot be dropped now is dropped the next time: nobody needs it gone.
func (g *Generations) sweep(ctx context.Context) ([]Generation, error) {
	asking, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	all, err := g.opts.Factory.List(asking)
	if err != nil {
		return nil, err
	}
	var kept []Generation
	for _, x := range all {
		if x.Live || g.keeps(&x) {
			kept = append(kept, x)
			continue
		}
		g.sweepOne(ctx, &x, nil)
	}
	return kept, ctx.Err()
}

// keeps reports whether something can be made of a generation that is not live.
func (g *Generations) keeps(x *Generation) bool {
	switch x.State {
	case GenerationReady, GenerationFailed:
		return true
	case GenerationLoading:
		return x.resumable() && x.Code == g.opts.Code && (x.Kind != KindRebuild || x.Fingerprint == g.spec.Fingerprint())
	}
	return false
}

func (g *Generations) sweepOne(ctx context.Context, x *Generation, why error) {
	g.opts.Engine.Logger.InfoContext(ctx, "dropping an unfinished generation", slog.String("generation", x.ID), slog.Any("why", why))
	if err := g.opts.Factory.Drop(ctx, x.ID); err != nil {
		g.opts.Engine.Logger.WarnContext(ctx, "an unfinished generation is left until the next time",
			slog.String("generation", x.ID), slog.Any("error", err))
	}
}

// beginOrResume returns the handle of an empty generation, or of one that was begun by the same plan.
func (g *Generations) beginOrResume(ctx context.Context, p *Plan, k kit) (*handle, error) {
	x, err := g.draft(ctx, *p, k)
	if err != nil {
		return nil, err
	}
	all, err := g.sweep(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].State == GenerationFailed && all[i].Kind == x.Kind {
			if err := g.opts.Factory.Drop(ctx, all[i].ID); err != nil {
				return nil, err
			}
		}
		if all[i].State == GenerationLoading && all[i].same(&x) {
			h, err := g.resumeBuild(ctx, x, &all[i], k)
			if h != nil || err != nil {
				return h, err
			}
		}
	}
	s, err := g.create(ctx, &x, k, true)
	if err != nil {
		return nil, err
	}
	return g.loadingHandle(x, s, k), nil
}

// resumeBuild opens an unfinished generation, if store and log agree on where it is. Else it is dropped and the handle
// is nil: what is in doubt is folded anew.
func (g *Generations) resumeBuild(ctx context.Context, x Generation, old *Generation, k kit) (*handle, error) {
	s, err := g.opts.Factory.Resume(ctx, old.ID, k.spec)
	if err != nil && !isFatal(err) {
		return nil, err // an engine is away: that says nothing about what was built
	}
	if err != nil {
		return nil, g.doubt(ctx, old, err)
	}
	x.ID, x.CreatedAt = old.ID, old.CreatedAt // the head may be further by now, and the end with it
	h := g.loadingHandle(x, s, k)
	c, err := h.engine.check(ctx)
	if err == nil && c.Position > x.until() && x.At.Known > 0 {
		err = ErrDiverged
	}
	if err != nil && !isFatal(err) {
		return nil, errors.Join(err, s.Close())
	}
	if err != nil {
		return nil, errors.Join(s.Close(), g.doubt(ctx, old, err))
	}
	g.opts.Engine.Logger.InfoContext(ctx, "going on with an interrupted build",
		slog.String("generation", x.ID), slog.Uint64("position", uint64(c.Position)))
	if err := g.opts.Factory.Describe(ctx, x); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return h, nil
}

// doubt drops a generation that cannot be gone on with, unless it is the caller who gave up.
func (g *Generations) doubt(ctx context.Context, x *Generation, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.sweepOne(ctx, x, why)
	return nil
}

// loadingHandle returns the handle of a generation that is to be built.
func (g *Generations) loadingHandle(x Generation, s Store, k kit) *handle {
	h := newHandle(x, s, nil)
	h.engine = g.engine(s, loadingRooms(k.rooms, h.trouble))
	h.engine.opts.instant = Instant{Occurred: x.At.Occurred}
	g.named(x.ID)
	return h
}
