package projections_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// forgetful is a factory that names the live generation, and then the answer is lost.
type forgetful struct{ *sqlitestore.Factory }

var errLost = errors.New("the answer is lost")

func (f forgetful) SetLive(ctx context.Context, id string) error {
	return errors.Join(f.Factory.SetLive(ctx, id), errLost)
}

// TestTheAnswerIsLost: a generation that was named live although nobody heard so is the one that this process folds, within a
// moment, since it is the one that all others read.
func TestTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(30, 3)...)))
	must(t, h.gens.Stop())
	f, ok := h.factory(t).(*sqlitestore.Factory)
	if !ok {
		t.Fatal("another factory")
	}
	g := projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: forgetful{f}})
	t.Cleanup(func() { must(t, g.Stop()) })
	must(t, g.Start(t.Context()))
	x, err := g.Rebuild(t.Context(), nil)
	must(t, err)
	if err := g.Swap(t.Context(), x.ID, nil); !errors.Is(err, errLost) {
		t.Errorf("the swap ended with %v", err)
	}
	folds(t, g, x.ID)
	must(t, g.Live().Await(t.Context(), h.add(t, event(901, "anna", "page.viewed"))))
}

// folds waits until a process folds a generation.
func folds(t testing.TB, g *projections.Generations, id string) {
	t.Helper()
	becomes(t, g, func(p projections.Post) bool {
		now, err := g.Live().Generation()
		return err == nil && now.ID == id && p.Writes
	})
}

// TestAnotherIsNamed: when another process has named a generation live, the one that folds goes over to it, also while it
// builds: that is interrupted and can be gone on with.
func TestAnotherIsNamed(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(500, 10)...)))
	x, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Stop())
	f := h.factory(t)
	stuck := &stuckFactory{Shared: f.(projections.Shared), Factory: f}
	g := h.beside(t, func(o *projections.GenerationsOptions) { o.Factory = stuck })
	must(t, g.Start(t.Context()))
	built := make(chan error, 1)
	go func() {
		_, err := g.Rebuild(t.Context(), nil)
		built <- err
	}()
	must(t, h.factory(t).SetLive(t.Context(), x.ID))
	if err := <-built; !errors.Is(err, projections.ErrClaimLost) {
		t.Errorf("the build ended with %v", err)
	}
	folds(t, g, x.ID)
	must(t, g.Live().Await(t.Context(), h.add(t, event(901, "anna", "page.viewed"))))
}

// stuckFactory is a factory whose bulk loads do not get on until they are interrupted.
type stuckFactory struct {
	projections.Shared
	projections.Factory
	begun func() // called by a bulk load, if not nil
}

func (f *stuckFactory) Create(ctx context.Context, g projections.Generation, spec projections.Spec, bulk bool) (projections.Store, error) {
	s, err := f.Factory.Create(ctx, g, spec, bulk)
	if err != nil || !bulk {
		return s, err
	}
	return &stuckStore{s, f}, nil
}

type stuckStore struct {
	projections.Store
	f *stuckFactory
}

// Commit waits to be interrupted, but not for ever.
func (s *stuckStore) Commit(ctx context.Context, _ projections.Changes) error {
	if s.f.begun != nil {
		s.f.begun()
	}
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	<-bounded.Done()
	if ctx.Err() == nil {
		return fmt.Errorf("it was not interrupted: %w", projections.ErrFatal)
	}
	return ctx.Err()
}
