package projections_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// becomes waits until a process is what is wanted.
func becomes(t testing.TB, g *projections.Generations, want func(projections.Post) bool) {
	t.Helper()
	for range 3000 {
		if want(g.Post()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it stays %+v", g.Post())
}

func writing(p projections.Post) bool { return p.Writes }

// TestTwoProjectors: of two processes that were both started to fold one does, and the other shows what it does, takes
// over when it ends, and goes on where it was.
func TestTwoProjectors(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	second := h.beside(t)
	must(t, second.Start(t.Context()))
	if p := second.Post(); p.Writes || !p.Waits {
		t.Errorf("the second says it is %+v", p)
	}
	must(t, second.Live().Await(t.Context(), h.add(t, many(100, 10)...)))
	if _, err := second.Rebuild(t.Context(), nil); !errors.Is(err, projections.ErrHeld) {
		t.Errorf("the second was asked for a rebuild: %v", err)
	}
	if _, err := second.Live().Redrive(t.Context(), uuid.UUID{}); !errors.Is(err, projections.ErrHeld) {
		t.Errorf("the second was asked to try again what is parked: %v", err)
	}
	must(t, h.gens.Stop())
	becomes(t, second, writing)
	must(t, second.Live().Await(t.Context(), h.add(t, many(300, 10)[100:]...)))
	if got, want := digest(t, second.Live(), h.opts.Rooms, true), want(t, h.bundle); got != want {
		t.Errorf("after it took over\n%swant\n%s", got, want)
	}
	g, err := second.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, second.Swap(t.Context(), g.ID, nil))
}

// losing is a factory whose claims can be lost.
type losing struct {
	projections.Shared
	projections.Factory
	mu   sync.Mutex
	last *lostClaim
	away bool
}

type lostClaim struct {
	projections.Claim
	lost chan struct{}
}

func (c *lostClaim) Lost() <-chan struct{} { return c.lost }

func (l *losing) Claim(ctx context.Context) (projections.Claim, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		return nil, errors.New("the engine is away")
	}
	c, err := l.Shared.Claim(ctx)
	if err != nil {
		return nil, err
	}
	l.last = &lostClaim{c, make(chan struct{})}
	return l.last, nil
}

// lose is what happens when the connection that holds the claim breaks.
func (l *losing) lose(t testing.TB, away bool) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
	must(t, l.last.Release())
	close(l.last.lost)
}

func (l *losing) back() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = false
}

func (h *house) losing(t testing.TB) (*projections.Generations, *losing) {
	t.Helper()
	f := h.factory(t)
	l := &losing{Shared: f.(projections.Shared), Factory: f}
	return h.beside(t, func(o *projections.GenerationsOptions) { o.Factory = l }), l
}

// TestClaimLost: a process that is no longer the one that writes stops at once, shows what another one folds, and
// folds again when it may. Whoever waits for a position goes on waiting.
func TestClaimLost(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	first, engine := h.losing(t)
	must(t, first.Start(t.Context()))
	must(t, first.Live().Await(t.Context(), h.add(t, many(100, 10)...)))
	engine.lose(t, true)
	becomes(t, first, func(p projections.Post) bool { return p.Waits })
	second := h.beside(t)
	must(t, second.Start(t.Context()))
	if !second.Post().Writes {
		t.Fatal("the second process may write and does not")
	}
	last := h.add(t, many(200, 10)[100:]...)
	must(t, first.Live().Await(t.Context(), last))
	must(t, second.Stop())
	waited := make(chan error, 1)
	next := h.add(t, many(300, 10)[200:]...)
	go func() { waited <- first.Live().Await(t.Context(), next) }()
	engine.back()
	must(t, <-waited)
	becomes(t, first, func(p projections.Post) bool { return p.Writes })
	if got, want := digest(t, first.Live(), h.opts.Rooms, true), want(t, h.bundle); got != want {
		t.Errorf("after it came back\n%swant\n%s", got, want)
	}
}

// TestClaimLostWhileBuilding: a build is interrupted, also in a process that was started for it alone and folds nothing, and
// gone on with when the process writes again.
func TestClaimLostWhileBuilding(t *testing.T) {
	t.Parallel()
	for _, folds := range []bool{true, false} {
		t.Run(fmt.Sprintf("folds %v", folds), func(t *testing.T) {
			t.Parallel()
			h := setupHouse(t)
			must(t, h.gens.Start(t.Context()))
			must(t, h.gens.Live().Await(t.Context(), h.add(t, many(2000, 10)...)))
			must(t, h.gens.Stop())
			f := h.factory(t)
			engine := &losing{Shared: f.(projections.Shared), Factory: f}
			stuck := &stuckFactory{Shared: engine, Factory: f}
			var once sync.Once
			stuck.begun = func() { once.Do(func() { engine.lose(t, true) }) }
			gens := h.beside(t, func(o *projections.GenerationsOptions) { o.Factory = stuck })
			if folds {
				must(t, gens.Start(t.Context()))
			}
			if _, err := gens.Rebuild(t.Context(), nil); !errors.Is(err, projections.ErrClaimLost) {
				t.Errorf("the build ended with %v", err)
			}
			if folds {
				becomes(t, gens, func(p projections.Post) bool { return p.Waits })
			} else {
				must(t, gens.Stop())
				gens = h.beside(t)
				must(t, gens.Start(t.Context()))
			}
			engine.back()
			becomes(t, gens, writing)
			g, err := gens.Rebuild(t.Context(), nil)
			must(t, err)
			if g.ID != "000002" || g.Events != 2000 {
				t.Errorf("the generation says %+v", g)
			}
			must(t, gens.Swap(t.Context(), g.ID, nil))
		})
	}
}

// TestSteppingDownBeforeABuildBegins: a build that was allowed and has not begun when this process stops writing does not begin.
func TestSteppingDownBeforeABuildBegins(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(100, 10)...)))
	x, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Stop())
	var g *projections.Generations
	g = h.beside(t, func(o *projections.GenerationsOptions) {
		o.RoomsFor = func(json.RawMessage) ([]projections.Room, string, error) { // asked between the two
			must(t, h.factory(t).SetLive(t.Context(), x.ID))
			becomes(t, g, func(p projections.Post) bool { return p.Waits })
			return h.opts.Rooms, "other", nil
		}
	})
	must(t, g.Start(t.Context()))
	plan := projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Known: 50}, Rules: json.RawMessage(`{}`)}
	if _, err := g.Build(t.Context(), plan, nil); !errors.Is(err, projections.ErrHeld) {
		t.Errorf("the build ended with %v", err)
	}
	folds(t, g, x.ID)
}
