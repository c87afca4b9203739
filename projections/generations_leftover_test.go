package projections_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/c360hq/c360/projections"
)

// TestALeftoverThatStays: what cannot be dropped just now keeps nobody from folding and building, and is dropped later.
func TestALeftoverThatStays(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Stop())
	left := projections.Generation{ID: "000002", Kind: projections.KindSandbox, State: projections.GenerationDropping}
	must(t, h.factory(t).Describe(t.Context(), left))
	inTheWay := filepath.Join(h.dir, "000002.db-journal")
	must(t, os.MkdirAll(filepath.Join(inTheWay, "cannot be removed"), 0o750))
	must(t, h.restart(t))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, event(1, "anna", "page.viewed"))))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	if x, err := h.gens.Get(t.Context(), left.ID); err != nil || x.State != projections.GenerationDropping {
		t.Errorf("the leftover is %+v, %v", x, err)
	}
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	must(t, os.RemoveAll(inTheWay))
	must(t, h.restart(t))
	if _, err := h.gens.Get(t.Context(), left.ID); !errors.Is(err, projections.ErrUnknownGeneration) {
		t.Errorf("the leftover is there: %v", err)
	}
}

// heard is a factory that says when the generations were listed.
type heard struct {
	projections.Factory
	mu     sync.Mutex
	listed func()
}

func (f *heard) List(ctx context.Context) ([]projections.Generation, error) {
	all, err := f.Factory.List(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listed != nil {
		f.listed()
		f.listed = nil
	}
	return all, err
}

// TestDropWhatBecameLive: a generation that another process has named live while this one waited for its readers is not
// dropped.
func TestDropWhatBecameLive(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	f := &heard{Factory: h.factory(t)}
	h.gens = projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: f})
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(30, 3)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	v, err := h.gens.View(t.Context(), g.ID)
	must(t, err)
	looked := make(chan struct{})
	f.mu.Lock()
	f.listed = func() { close(looked) }
	f.mu.Unlock()
	dropped := make(chan error, 1)
	go func() { dropped <- h.gens.Drop(t.Context(), g.ID) }()
	<-looked
	must(t, f.SetLive(t.Context(), g.ID))
	v.Close()
	if err := <-dropped; !errors.Is(err, projections.ErrLive) {
		t.Errorf("it was dropped: %v", err)
	}
	must(t, h.restart(t))
	if h.liveID(t) != g.ID {
		t.Errorf("live is %s", h.liveID(t))
	}
}
