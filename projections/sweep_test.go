package projections_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// judging are rooms that sweep, and those they need. Parts are how many customers one sweep judges.
func judging(t testing.TB, parts int) (list []projections.Room, segments *standing.Room) {
	t.Helper()
	who, err := identity.New(identity.DefaultRules())
	must(t, err)
	segments = standing.New(standing.Config{
		Tables: standing.NewTables("segment"), Version: 1, Stream: segment.Stream, Defined: segment.Defined, Removed: segment.Removed,
		Read: standing.ReadWritten(segment.Stream), Parse: segment.ParseDefinition, Groups: who, Sweep: parts,
	})
	return []projections.Room{who, segments, churn.NewRoom(who), history.New()}, segments
}

// segmentRules are one of each sort: of the person, of a window, of a silence, of an order, of another segment, of an
// identifier.
var segmentRules = []string{
	`{"trait":"tier","in":["gold"]}`,
	`{"event":"page.viewed","count":{">=":3},"within":"30d"}`,
	`{"last":"order.completed","ago":{">=":"60d"}}`,
	`{"event":"order.completed","sum":"amount",">=":50000,"within":"1y"}`,
	`{"all":[{"segment":"s0"},{"not":{"segment":"s2"}}]}`,
	`{"identifier":"phone","grade":"asserted"}`,
	`{"sequence":[{"event":"order.refunded"},{"event":"order.completed","absent":true}],"ago":{">=":"14d","<=":"180d"}}`,
	`{"consent":"marketing","medium":"sms"}`,
	`{"first":"order.completed","ago":{"<=":"30d"}}`,
	`{"any":[{"segment":"s3"},{"event":"call.ended","within":"90d"}]}`,
}

// lived is when generated lives begin.
var lived = time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)

func written(id, stream, kind string, hours int, rule string) events.Entry {
	return events.Entry{Stream: stream, Event: events.Event{
		ID: id, Source: "c360", Type: kind, Channel: events.ChannelOther, Time: lived.Add(time.Duration(hours) * time.Hour),
		Data: fmt.Appendf(nil, `{"rule":%s}`, rule),
	}}
}

func defined(id string, place, hours int) events.Entry {
	return written(id, fmt.Sprint(segment.Stream, "s", place), segment.Defined, hours, segmentRules[place])
}

func ticked(id string, hours int) events.Entry {
	return written(id, standing.ClockStream, standing.ClockTicked, hours, "0")
}

func (h *house) append(t testing.TB, entries ...events.Entry) events.Position {
	t.Helper()
	results, err := h.log.Append(t.Context(), entries...)
	must(t, err)
	return results[len(results)-1].Position
}

// swept waits until the live generation has folded a position and has nothing left for later.
func (h *house) swept(t testing.TB, to events.Position) {
	t.Helper()
	live := h.gens.Live()
	commits, end := live.Subscribe()
	defer end()
	must(t, live.Await(t.Context(), to))
	for leftIn(t, live, h.opts.Rooms) {
		select {
		case <-commits:
		case <-time.After(20 * time.Second):
			t.Fatal("there is something left to sweep, and nobody does")
		}
	}
}

func leftIn(t testing.TB, from interface {
	View(ctx context.Context) (projections.View, error)
}, rooms []projections.Room,
) bool {
	t.Helper()
	v, err := from.View(t.Context())
	must(t, err)
	defer v.Close()
	b := projections.NewBatch(t.Context(), v)
	for _, room := range rooms {
		if s, ok := room.(projections.Sweeper); ok && s.Unswept(b) {
			return true
		}
	}
	must(t, b.Err())
	return false
}

// TestRebuildSweeps: a rebuild judges everybody before it is ready, is the live generation over again, and goes on judging
// when it is live itself; so does what comes in while it stands by.
func TestRebuildSweeps(t *testing.T) {
	t.Parallel()
	rooms, segments := judging(t, 7)
	h := setupHouse(t, rooms...)
	must(t, h.gens.Start(t.Context()))
	list := roomtest.Generate(11, roomtest.Options{People: 60, Events: 2000, Decisions: 20, Shared: 10})
	h.add(t, list[:1200]...)
	for i := range segmentRules {
		h.append(t, defined(fmt.Sprint("d", i), i, 24*i))
	}
	h.add(t, list[1200:]...)
	h.swept(t, h.append(t, ticked("t1", 24*390)))

	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	v, err := h.gens.View(t.Context(), g.ID)
	must(t, err)
	if n, err := segments.Count(t.Context(), v, "s0"); err != nil || n == 0 {
		t.Errorf("%d members in a generation that is ready: %v", n, err)
	}
	v.Close()
	h.append(t, defined("again", 1, 24*100), ticked("t2", 24*420))
	d, err := h.gens.Compare(t.Context(), g.ID, nil)
	must(t, err)
	for _, table := range d.Tables {
		if !table.Same {
			t.Errorf("%+v", table)
		}
	}
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	h.swept(t, h.append(t, defined("later", 8, 24*200), ticked("t3", 24*500)))
}

// TestAsOfSweeps: a generation of the past that stands still has everybody judged.
func TestAsOfSweeps(t *testing.T) {
	t.Parallel()
	rooms, segments := judging(t, 7)
	h := setupHouse(t, rooms...)
	must(t, h.gens.Start(t.Context()))
	h.append(t, defined("d", 0, 0))
	at := h.add(t, roomtest.Generate(12, roomtest.Options{People: 30, Events: 500})...)
	h.swept(t, at)
	live, err := h.gens.Live().View(t.Context())
	must(t, err)
	want, err := segments.Count(t.Context(), live, "s0")
	must(t, err)
	live.Close()
	h.append(t, written("r", segment.Stream+"s0", segment.Removed, 24*380, "0"))
	g, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Known: at}}, nil)
	must(t, err)
	v, err := h.gens.View(t.Context(), g.ID)
	must(t, err)
	defer v.Close()
	if n, err := segments.Count(t.Context(), v, "s0"); err != nil || n != want || n == 0 {
		t.Errorf("%d members then, %d in the generation: %v", want, n, err)
	}
}

// interrupted is a factory whose stores call stop in the middle of the sweeps that follow a bulk load.
type interrupted struct {
	projections.Factory
	after int
	stop  func()
}

func (f *interrupted) Create(ctx context.Context, g projections.Generation, s projections.Spec, bulk bool) (projections.Store, error) {
	store, err := f.Factory.Create(ctx, g, s, bulk)
	if err != nil || !bulk {
		return store, err
	}
	return &interruptedStore{Store: store, f: f}, nil
}

type interruptedStore struct {
	projections.Store
	f        *interrupted
	finished bool
}

func (s *interruptedStore) Finish(ctx context.Context) error {
	s.finished = true
	return s.Store.Finish(ctx)
}

func (s *interruptedStore) Commit(ctx context.Context, c projections.Changes) error {
	if s.finished {
		if s.f.after--; s.f.after == 0 {
			s.f.stop()
		}
	}
	return s.Store.Commit(ctx, c)
}

// TestRebuildStoppedWhileSweeping: a rebuild that is interrupted between two parts of a sweep is gone on with, and is the
// live generation over again.
func TestRebuildStoppedWhileSweeping(t *testing.T) {
	t.Parallel()
	rooms, _ := judging(t, 7)
	h := setupHouse(t, rooms...)
	ctx, cancel := context.WithCancel(t.Context())
	h.gens = h.oftenDurable(t, func(o *projections.GenerationsOptions) { o.Factory = &interrupted{o.Factory, 5, cancel} })
	must(t, h.gens.Start(t.Context()))
	for i := range segmentRules {
		h.append(t, defined(fmt.Sprint("d", i), i, 24*i))
	}
	h.swept(t, h.add(t, roomtest.Generate(13, roomtest.Options{People: 60, Events: 1500, Decisions: 20, Shared: 10})...))
	if g, err := h.gens.Rebuild(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted rebuild said %v: %+v", err, g)
	}
	must(t, h.gens.Stop())
	h.gens = h.oftenDurable(t)
	must(t, h.gens.Start(t.Context()))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	if g.ID != "000002" {
		t.Errorf("generation %s was begun anew", g.ID)
	}
	d, err := h.gens.Compare(t.Context(), g.ID, nil)
	must(t, err)
	for _, table := range d.Tables {
		if !table.Same {
			t.Errorf("%+v", table)
		}
	}
}

// mortal is a store that dies at a commit: before it is written, or just after.
type mortal struct {
	projections.Store
	commits int
	after   bool
}

var errDied = errors.New("died")

func (m *mortal) Commit(ctx context.Context, c projections.Changes) error {
	if m.commits--; m.commits > 0 {
		return m.Store.Commit(ctx, c)
	}
	if m.commits == 0 && m.after {
		_ = m.Store.Commit(ctx, c)
	}
	return fmt.Errorf("%w: %w", errDied, projections.ErrFatal)
}

// TestKilledWhileSweeping: an engine that follows a log with touchpoints, links, definitions and ticks, and dies at any
// commit, of a batch or of a part of a sweep, goes on and ends with the rows of a fold in one go.
func TestKilledWhileSweeping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		rooms, _ := judging(t, rapid.SampledFrom([]int{1, 5, 1000}).Draw(r, "parts"))
		log := memlog.New(time.Now)
		defer func() { must(t, log.Close()) }()
		script := story(r)
		o := options(log, rooms...)
		o.BatchEvents = rapid.SampledFrom([]int{1, 7, 60}).Draw(r, "batch")
		o.CacheBytes = rapid.SampledFrom([]int{-1, 20_000, 0}).Draw(r, "cache")
		o.Linger = time.Microsecond
		store := newMemory(t, rooms)
		for len(script) > 0 {
			n := min(len(script), rapid.IntRange(1, 120).Draw(r, "appended"))
			_, err := log.Append(t.Context(), script[:n]...)
			must(t, err)
			script = script[n:]
			o.Store = &mortal{store, rapid.IntRange(1, 12).Draw(r, "commits"), rapid.Bool().Draw(r, "after")}
			runs(t, o, log)
		}
		o.Store = store
		last := projections.NewEngine(o)
		must(t, last.Start(t.Context()))
		settled(t, last, o, log)
		last.Stop()

		whole := options(log, rooms...)
		whole.Store = newMemory(t, rooms)
		e := projections.NewEngine(whole)
		head, err := log.Head(t.Context())
		must(t, err)
		must(t, errors.Join(e.RunTo(t.Context(), head.Position), e.SweepAll(t.Context())))
		e.Stop()
		if got, want := digest(t, store, rooms, false), digest(t, whole.Store, rooms, false); got != want {
			r.Fatalf("killed\n%sin one go\n%s", got, want)
		}
	})
}

// story is what happens, and what is decided meanwhile, in some order.
func story(r *rapid.T) []events.Entry {
	happened := roomtest.Generate(rapid.Uint64().Draw(r, "events"), roomtest.Options{People: 10, Events: 150, Decisions: 8, Shared: 20})
	all := roomtest.Entries(roomtest.Shuffle(rapid.Uint64().Draw(r, "order"), happened)...)
	for i := range rapid.IntRange(1, 8).Draw(r, "decisions") {
		hours, place := rapid.IntRange(-24, 24*500).Draw(r, "at"), rapid.IntRange(0, len(segmentRules)-1).Draw(r, "rule")
		x := ticked(fmt.Sprint("x", i), hours)
		switch rapid.IntRange(0, 4).Draw(r, "what") {
		case 0:
			x = written(fmt.Sprint("x", i), fmt.Sprint(segment.Stream, "s", place), segment.Removed, hours, "0")
		case 1:
			policy := place % len(churnPolicies)
			x = written(fmt.Sprint("x", i), fmt.Sprint(churn.Stream, "p", policy), churn.Defined, hours, churnPolicies[policy])
		case 2, 3:
			x = defined(fmt.Sprint("x", i), place, hours)
		}
		at := rapid.IntRange(0, len(all)).Draw(r, "place")
		all = append(all[:at:at], append([]events.Entry{x}, all[at:]...)...)
	}
	return all
}

func newMemory(t testing.TB, rooms []projections.Room) projections.Store {
	t.Helper()
	s, err := memstore.New(projections.NewSpec(rooms...))
	must(t, err)
	return s
}

// runs folds until there is nothing left to do, or the store dies.
func runs(t *testing.T, o projections.Options, log *memlog.Log) {
	t.Helper()
	e := projections.NewEngine(o)
	defer e.Stop()
	must(t, e.Start(t.Context()))
	settled(t, e, o, log)
}

// settled waits until an engine has folded all there is and swept, or has stopped.
func settled(t *testing.T, e *projections.Engine, o projections.Options, log *memlog.Log) {
	t.Helper()
	commits, end := e.Subscribe()
	defer end()
	head, err := log.Head(t.Context())
	must(t, err)
	if err := e.Await(t.Context(), head.Position); err != nil && !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	for e.Err() == nil && leftIn(t, o.Store, o.Rooms) {
		select {
		case <-commits:
		case <-e.Done():
		case <-time.After(20 * time.Second):
			t.Fatal("there is something left to sweep, and nobody does")
		}
	}
}
