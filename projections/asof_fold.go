package projections

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
)

// noClock stands for the clock of an engine: an island has no lag and no rate.
func noClock() time.Time { return time.Time{} }

// gather finds the island of a question. An event that a room refuses, and all that queues behind it, says nothing
// about who hangs together, and only folding shows which those are: when some turn up, the island is found once more.
func (p *Past) gather(ctx context.Context, at Instant, about About) (*island, error) {
	stops := map[uuid.UUID]events.Position{}
	for {
		w, err := p.find(ctx, at, about, stops)
		if err != nil {
			return nil, err
		}
		more, err := p.fold(ctx, w, stops)
		w.release()
		if err != nil || !more {
			return w, err
		}
	}
}

// fold folds an island and notes where parking begins, in which fragments. It reports whether any of that is news.
func (p *Past) fold(ctx context.Context, w *island, stops map[uuid.UUID]events.Position) (news bool, err error) {
	if w.store, err = p.opts.Store(); err != nil {
		return false, err
	}
	defer func() {
		if err != nil || news {
			err = errors.Join(err, w.store.Close())
		}
	}()
	if err := foldAll(ctx, p.engine(w.store), w.at.Known, w.events()); err != nil {
		return false, err
	}
	v, err := w.store.View(ctx)
	if err != nil {
		return false, err
	}
	defer v.Close()
	parked, err := ReadParked(ctx, v, ParkedPlace{}, 0)
	for _, x := range slices.Backward(parked) {
		if had, ok := stops[x.Fragment]; !ok || x.Position < had {
			stops[x.Fragment], news = x.Position, true
		}
	}
	return news, err
}

// foldAll runs the last two stages of an engine over some events. Decisions to skip count up to the position known.
func foldAll(ctx context.Context, e *Engine, known events.Position, all []events.Recorded) error {
	if len(all) == 0 {
		return nil
	}
	g, ctx := errgroup.WithContext(ctx)
	pages, batches := make(chan []Touch, 1), make(chan committing)
	f, err := newFolder(ctx, e, 0, known, pages, batches)
	if err != nil {
		return err
	}
	pages <- decode(all)
	close(pages)
	g.Go(func() error { return f.run(ctx) })
	g.Go(func() error { return e.commitAll(ctx, batches) })
	return g.Wait()
}
