package pgstore_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/projections/roomtest"
)

// lived is a c360 on a server that may go away.
type lived struct {
	*projections.Generations
	log   *memlog.Log
	rooms []projections.Room
}

// live starts generations over a database and has them fold n events.
func live(t *testing.T, factory projections.Factory, n int) *lived {
	t.Helper()
	rooms := allRooms(t)
	l := &lived{log: logOf(t, roomtest.Entries(roomtest.Generate(7, roomtest.Options{People: 50, Events: n, Decisions: 10, Shared: 10})...)), rooms: rooms}
	l.Generations = l.another(t, factory)
	must(t, l.folded(t))
	return l
}

// another starts generations of another process.
func (l *lived) another(t *testing.T, factory projections.Factory) *projections.Generations {
	t.Helper()
	o := engineOptions(l.log, nil, l.rooms)
	o.BatchEvents = 100
	g := projections.NewGenerations(projections.GenerationsOptions{Engine: o, Factory: factory})
	must(t, g.Start(t.Context()))
	t.Cleanup(func() { must(t, g.Stop()) })
	return g
}

// folded waits until everything is folded.
func (l *lived) folded(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	head, err := l.log.Head(ctx)
	must(t, err)
	return l.Live().Await(ctx, head.Position)
}

// more appends one event.
func (l *lived) more(t *testing.T) {
	t.Helper()
	_, err := l.log.Append(t.Context(), events.Touchpoint(events.Event{
		ID: time.Now().String(), Source: "test", Type: "page.viewed", Time: time.Now(), Channel: events.ChannelWeb, Received: time.Now(),
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "anna", Grade: events.Asserted}},
	}))
	must(t, err)
}

// crashing is a factory whose server goes away in the middle of a bulk load.
type crashing struct {
	*pgstore.Factory
	at    events.Position
	crash func()
}

func (f *crashing) Create(ctx context.Context, g projections.Generation, spec projections.Spec, bulk bool) (projections.Store, error) {
	s, err := f.Factory.Create(ctx, g, spec, bulk)
	if err != nil || !bulk {
		return s, err
	}
	return &crashingStore{s, f}, nil
}

type crashingStore struct {
	projections.Store
	f *crashing
}

func (s *crashingStore) Commit(ctx context.Context, c projections.Changes) error {
	if c.Checkpoint.Position > s.f.at {
		s.f.crash()
	}
	return s.Store.Commit(ctx, c)
}

// TestRebuildOutlivesTheServer: a rebuild under which the server crashes while it loads, and is stopped when indexes are
// to be built and when it is to catch up, says that it waits and goes on by itself when the server is back; it is what a rebuild without that is.
func TestRebuildOutlivesTheServer(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	f := &crashing{Factory: openFactory(t, s.NewDatabase(t)), at: 1000}
	var stops int
	once := func(mode string) func() {
		return sync.OnceFunc(func() {
			stops++
			must(t, s.Stop(mode))
		})
	}
	f.crash = once(pgtest.Immediate)
	l := live(t, f, 2000)
	at := map[string]func(){projections.PhaseIndexing: once(pgtest.Fast), projections.PhaseCatchingUp: once(pgtest.Fast)}
	waited := 0
	g, err := l.Rebuild(t.Context(), func(p projections.Progress) {
		if p.Waits != "" {
			waited++
			if err := s.Start(); err != nil && waited == 1 {
				t.Error(err)
			}
		} else if stop := at[p.Phase]; stop != nil {
			stop()
		}
	})
	must(t, err)
	if stops != 3 || waited < 3 || g.ID != "000002" {
		t.Errorf("the server stopped %d times, the rebuild of %s waited %d times", stops, g.ID, waited)
	}
	must(t, l.folded(t))
	d, err := l.Compare(t.Context(), g.ID, nil)
	must(t, err)
	if !d.Same() {
		t.Errorf("compared: %+v", d)
	}
}

// TestSwapWhileTheServerIsAway: a swap fails, and folding goes on when the server is back.
func TestSwapWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	l := live(t, openFactory(t, s.NewDatabase(t)), 200)
	g, err := l.Rebuild(t.Context(), nil)
	must(t, err)
	err = l.Swap(t.Context(), g.ID, func(p projections.Progress) {
		if p.Phase == projections.PhaseSwapping {
			must(t, s.Stop(pgtest.Fast))
		}
	})
	if err == nil {
		t.Error("it was swapped in")
	}
	must(t, s.Start())
	l.more(t)
	must(t, l.folded(t))
	select {
	case err := <-l.Failed():
		t.Errorf("folding has failed: %v", err)
	default:
	}
	err = l.Swap(t.Context(), g.ID, nil)
	for broken := 3; err != nil && broken > 0; broken-- { // the writer's connection and the factory's two: a try each finds out
		err = l.Swap(t.Context(), g.ID, nil)
	}
	must(t, err)
}

// losing is a factory whose first claim can be lost. The second is told.
type losing struct {
	*pgstore.Factory
	first *lostClaim
	again chan struct{}
}

type lostClaim struct {
	projections.Claim
	lost chan struct{}
}

func (c *lostClaim) Lost() <-chan struct{} { return c.lost }

func (f *losing) Claim(ctx context.Context) (projections.Claim, error) {
	c, err := f.Factory.Claim(ctx)
	if err == nil && f.first != nil {
		close(f.again)
	}
	if err != nil || f.first != nil {
		return c, err
	}
	f.first = &lostClaim{c, make(chan struct{})}
	return f.first, nil
}

// TestAViewKeepsNobodyFromFolding: whoever steps down lets go of what he wrote, of what is live and of what he has built
// beside it, although somebody goes on reading it.
func TestAViewKeepsNobodyFromFolding(t *testing.T) {
	t.Parallel()
	f := &losing{Factory: openFactory(t, server.NewDatabase(t)), again: make(chan struct{})}
	l := live(t, f, 100)
	g, err := l.Rebuild(t.Context(), nil)
	must(t, err)
	var open []projections.View
	for _, id := range []string{"000001", g.ID} {
		v, err := l.View(t.Context(), id)
		must(t, err)
		defer v.Close()
		open = append(open, v)
	}
	close(f.first.lost)
	<-f.again
	l.more(t)
	must(t, l.folded(t))
	must(t, l.Swap(t.Context(), g.ID, nil))
	l.more(t)
	must(t, l.folded(t))
	for _, v := range open {
		if err := v.Scan(t.Context(), projections.ParkedTable, projections.Range{}, func(projections.Row) (bool, error) { return true, nil }); err != nil {
			t.Errorf("a view that was open: %v", err)
		}
	}
}

// TestTakingOverFromSilence: a process that stands by takes over although what it asks the server, which generation is live or
// for the lock, is never answered once: such are the connections of a network that was cut without a word.
func TestTakingOverFromSilence(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]struct{ before, next string }{
		"while it looks": {before: "coalesce(live"}, "while it asks for the lock": {next: "pg_try_advisory_lock"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := server.NewDatabase(t)
			l := live(t, openFactory(t, url), 100)
			between := newValve(t, url)
			second := l.another(t, openFactory(t, between.url))
			defer between.cut()
			if p := second.Post(); !p.Waits {
				t.Fatalf("the second says it is %+v", p)
			}
			between.silence(says.before, says.next)
			between.asksInVain(t)
			must(t, l.Stop())
			l.Generations = second
			l.more(t)
			must(t, l.folded(t))
			if p := second.Post(); !p.Writes {
				t.Errorf("it is %+v", p)
			}
		})
	}
}
