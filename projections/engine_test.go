package projections_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
)

// want is what the tally room must hold, worked out without an engine.
func want(t *testing.T, b *bundle) string {
	t.Helper()
	ref := setup(t)
	all, err := b.log.Read(t.Context(), 0, 1<<20)
	must(t, err)
	c := map[string]*count{}
	total := map[string]int64{}
	lines := projections.TableChanges{Table: tallyLines}
	for i := range all {
		x := projections.NewTouch(&all[i])
		k := string(x.Fragment[:])
		if c[k] == nil {
			c[k] = &count{}
		}
		*c[k] = count{c[k].events + 1, c[k].sum + int64(len(x.ID)), int64(x.Position)}
		if x.Type == "forget" {
			*c[k] = count{}
		}
		total[x.Type]++
		lines.Put = append(lines.Put, projections.Row{int64(x.Position), x.ID, x.Fragment[:]})
	}
	people, types := projections.TableChanges{Table: tallyFragments}, projections.TableChanges{Table: tallyTotals}
	for k, v := range c {
		if v.events > 0 {
			people.Put = append(people.Put, projections.Row{[]byte(k), v.events, v.sum, v.last})
		}
	}
	for k, n := range total {
		types.Put = append(types.Put, projections.Row{k, n})
	}
	must(t, ref.store.Commit(t.Context(), projections.Changes{Tables: []projections.TableChanges{people, types, lines}}))
	return ref.digest(t, true)
}

// TestBatches: however the log is cut into batches, and whether states are kept or read anew, the rows are the same.
func TestBatches(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 7, 64, 5000} {
		for _, cache := range []int{-1, 20_000, 0} {
			t.Run(fmt.Sprintf("%d events, cache %d", size, cache), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				last := b.add(t, many(500, 40)...)
				b.opts.BatchEvents, b.opts.CacheBytes = size, cache
				must(t, b.engine(t).RunTo(t.Context(), last))
				if got, want := b.digest(t, true), want(t, b); got != want {
					t.Errorf("got\n%swant\n%s", got, want)
				}
			})
		}
	}
}

// TestResume: engines that stop at any moment and others that go on leave the same rows as one that never stopped.
func TestResume(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opts.BatchEvents, b.opts.Linger = 10, time.Nanosecond
	last := b.add(t, many(3000, 100)...)
	engines := 0
	for p := events.Position(0); p < last; engines++ {
		e := projections.NewEngine(b.opts)
		must(t, e.Start(t.Context()))
		must(t, e.Await(t.Context(), min(last, p+100)))
		e.Stop()
		if !errors.Is(e.Err(), projections.ErrClosed) {
			t.Fatalf("a stopped engine says %v", e.Err())
		}
		must(t, b.store.Close())
		b.open(t)
		p = checkpointOf(t, b.store).Position
	}
	if engines < 3 {
		t.Errorf("only %d engines took part", engines)
	}
	if got, want := b.digest(t, true), want(t, b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func checkpointOf(t testing.TB, s projections.Store) projections.Checkpoint {
	t.Helper()
	v, err := s.View(t.Context())
	must(t, err)
	defer v.Close()
	return v.Checkpoint()
}

// TestFollow: an engine that runs folds what comes in, event by event, and tells.
func TestFollow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	news, end := e.Subscribe()
	defer end()
	for i, x := range many(50, 5) {
		p := b.add(t, x)
		must(t, e.Await(t.Context(), p))
		if got := checkpointOf(t, b.store).Position; got < p {
			t.Fatalf("awaited %d, the store is at %d", p, got)
		}
		if c := <-news; c.Position != p {
			t.Fatalf("event %d: told of position %d, want %d", i, c.Position, p)
		}
	}
	s, err := e.Status(t.Context())
	must(t, err)
	if s.Position != 50 || s.Head != 50 || s.LagEvents != 0 || s.LagSeconds != 0 || s.Gaps != 0 || s.Folded != 50 || s.Err != nil {
		t.Errorf("status is %+v", s)
	}
	if got, want := b.digest(t, true), want(t, b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAwaitEnds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Await(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("await with an ended context: %v", err)
	}
	waited := make(chan error)
	go func() { waited <- e.Await(context.Background(), 1) }()
	e.Stop()
	if err := <-waited; !errors.Is(err, projections.ErrClosed) {
		t.Errorf("await of a stopped engine: %v", err)
	}
	e.Stop()
	if err := e.Start(t.Context()); err == nil {
		t.Error("a stopped engine started")
	}
}

// TestDiverged: a log that is not the one the store was folded from is noticed at start.
func TestDiverged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	must(t, b.engine(t).RunTo(t.Context(), b.add(t, many(10, 3)...)))
	for name, n := range map[string]int{"other events": 10, "a lost tail": 9, "an empty log": 0} {
		other := memlog.New(time.Now)
		t.Cleanup(func() { must(t, other.Close()) })
		for _, x := range many(n, 4) {
			_, err := other.Append(t.Context(), events.Touchpoint(x))
			must(t, err)
		}
		o := b.opts
		o.Log = other
		e := projections.NewEngine(o)
		for what, err := range map[string]error{"start": e.Start(t.Context()), "run": e.RunTo(t.Context(), 20)} {
			if !errors.Is(err, projections.ErrDiverged) {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
		e.Stop()
	}
	if got := checkpointOf(t, b.store).Position; got != 10 {
		t.Errorf("the store moved to %d", got)
	}
}

// faulty is a log that leaves out or repeats what it is told to.
type faulty struct {
	events.Log
	read func([]events.Recorded) []events.Recorded
}

func (f faulty) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	page, err := f.Log.Read(ctx, after, limit)
	return f.read(page), err
}

// TestGap: an engine never goes past a position it did not see.
func TestGap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, many(10, 3)...)
	b.opts.Log = faulty{b.log, func(page []events.Recorded) []events.Recorded {
		var rest []events.Recorded
		for _, r := range page {
			if r.Position != 6 {
				rest = append(rest, r)
			}
		}
		return rest
	}}
	b.opts.BatchEvents = 5
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	<-e.Done()
	if !errors.Is(e.Err(), projections.ErrFatal) {
		t.Errorf("the engine says %v", e.Err())
	}
	if got := checkpointOf(t, b.store).Position; got > 5 {
		t.Errorf("the store is at %d, past the gap", got)
	}
	if s, err := e.Status(t.Context()); err != nil || s.Gaps != 1 {
		t.Errorf("status is %+v, %v", s, err)
	}
}

// flaky is a store whose first commits fail.
type flaky struct {
	projections.Store
	fails int
}

func (f *flaky) Commit(ctx context.Context, c projections.Changes) error {
	if f.fails > 0 {
		f.fails--
		return errors.New("no room left on the disk")
	}
	return f.Store.Commit(ctx, c)
}

// TestCommitFails: a full disk is waited out, and nothing is folded twice or lost over it.
func TestCommitFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opts.BatchEvents = 20
	b.opts.Store = &flaky{b.store, 2}
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), b.add(t, many(100, 10)...)))
	if got, want := b.digest(t, true), want(t, b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestSettleFails: what a room cannot derive stops the engine, before it is written.
func TestSettleFails(t *testing.T) {
	t.Parallel()
	room := newTally()
	room.unruly = true
	b := setup(t, room)
	b.opts.BatchEvents = 5
	b.add(t, many(5, 2)...)
	b.add(t, event(100, "a", "settle.fails"))
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	<-e.Done()
	if !errors.Is(e.Err(), projections.ErrFatal) {
		t.Errorf("the engine says %v", e.Err())
	}
	if got := checkpointOf(t, b.store).Position; got > 5 {
		t.Errorf("the store is at %d", got)
	}
}
