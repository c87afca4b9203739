package pgstore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/projections/roomtest"
)

// lines is a table like a timeline, so that its rows are copied when they are new.
var lines = &projections.Table{
	Name: "lines", Doc: "For tests.", KeyLen: 1,
	Columns: []projections.Column{{Name: "n", Kind: projections.Int}, {Name: "text", Kind: projections.Text}},
}

// to changes n lines so that all say the position.
func to(p events.Position, n int) projections.Changes {
	c := projections.TableChanges{Table: lines}
	for i := range n {
		c.Put = append(c.Put, projections.Row{int64(i), time.Unix(int64(p), 0).UTC().String()})
	}
	return projections.Changes{Checkpoint: projections.Checkpoint{Position: p}, Tables: []projections.TableChanges{c}}
}

func openLines(t testing.TB, url string) *pgstore.Store {
	t.Helper()
	s, err := pgstore.Open(t.Context(), pgstore.StoreOptions{Options: options(url), Name: "lines", Spec: projections.Spec{Tables: []*projections.Table{lines}}})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// TestOneWriter: two who have the same store open never both write, and whoever takes over writes nothing that was made of
// rows that have changed since.
func TestOneWriter(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	a, b := openLines(t, url), openLines(t, url)
	must(t, a.Commit(t.Context(), to(1, 20)))
	if err := b.Commit(t.Context(), to(1, 20)); !errors.Is(err, pgstore.ErrTaken) {
		t.Errorf("the second writer: %v", err)
	}
	view(t, b).Close() // it folds from here
	must(t, a.Commit(t.Context(), to(2, 20)))
	must(t, a.Close())
	if err := b.Commit(t.Context(), to(2, 20)); !errors.Is(err, pgstore.ErrMoved) {
		t.Errorf("a commit made of old rows: %v", err)
	}
	if err := b.Commit(t.Context(), to(2, 20)); !errors.Is(err, pgstore.ErrMoved) {
		t.Errorf("without looking at the checkpoint: %v", err)
	}
	v := view(t, b)
	if v.Checkpoint().Position != 2 {
		t.Errorf("the store is at %d", v.Checkpoint().Position)
	}
	v.Close()
	must(t, b.Commit(t.Context(), to(3, 20)))
}

// TestHintsAreHints: rows that are said to be new and are not, or are there twice, end as if nobody had said anything.
func TestHintsAreHints(t *testing.T) {
	t.Parallel()
	s := openLines(t, server.NewDatabase(t))
	const rows = 100
	for p := range events.Position(4) {
		c := to(p+1, rows)
		c.Tables[0].New = rows
		if p == 2 {
			c.Tables[0].Put = append(to(99, rows).Tables[0].Put, c.Tables[0].Put...) // the later of two rows counts
		}
		must(t, s.Commit(t.Context(), c))
		v := view(t, s)
		got := scanLines(t, v)
		v.Close()
		if want := to(p+1, rows).Tables[0].Put; len(got) != rows || got[0][1] != want[0][1] || got[rows-1][1] != want[rows-1][1] {
			t.Fatalf("at %d there are %d rows, the first %v", p+1, len(got), got[0])
		}
	}
	if err := s.Commit(t.Context(), projections.Changes{Tables: []projections.TableChanges{{Table: lines, New: 1000, Put: to(9, 40).Tables[0].Put}}}); err != nil {
		t.Errorf("more new rows than there are: %v", err)
	}
}

// TestTwoProjectors: two engines are started on one store by mistake. One folds, one stands by, they are stopped in turn
// and begin again; nothing is doubled and nothing is lost.
func TestTwoProjectors(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	rooms := allRooms(t)
	log := logOf(t, roomtest.Entries(roomtest.Generate(11, roomtest.Options{People: 60, Events: 1600, Decisions: 20, Shared: 10})...))
	head, err := log.Head(t.Context())
	must(t, err)
	start := func() (*projections.Engine, func()) {
		s, err := pgstore.Open(t.Context(), pgstore.StoreOptions{Options: options(url), Name: "two", Spec: projections.NewSpec(rooms...)})
		must(t, err)
		o := engineOptions(log, s, rooms)
		o.BatchEvents, o.Linger = 50, time.Millisecond
		e := projections.NewEngine(o)
		must(t, e.Start(t.Context()))
		return e, func() {
			e.Stop()
			must(t, s.Close())
		}
	}
	old, stopOld := start()
	for goal := events.Position(300); goal < head.Position; goal += 400 {
		next, stopNext := start()
		awaitEither(t, goal, old, next)
		stopOld()
		old, stopOld = next, stopNext
	}
	must(t, await(t, old, head.Position))
	stopOld()
	lite := openSQLite(t, rooms)
	foldAll(t, engineOptions(log, lite, rooms))
	pg := openStore(t, url, "two", rooms)
	foldAll(t, engineOptions(log, pg, rooms))
	sameRows(t, pg, lite, rooms)
}

// await waits until an engine has folded a position.
func await(t testing.TB, e *projections.Engine, p events.Position) error {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return e.Await(ctx, p)
}

// awaitEither waits until one of two engines has.
func awaitEither(t testing.TB, p events.Position, engines ...*projections.Engine) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, len(engines))
	for _, e := range engines {
		go func() { done <- e.Await(ctx, p) }()
	}
	select {
	case err := <-done:
		must(t, err)
	case <-time.After(time.Minute):
		t.Fatalf("nobody folds up to %d", p)
	}
}

// TestCommitDuringShutdown: a context that ends at any moment of a commit leaves all of it or nothing, and a store that can
// be written to.
func TestCommitDuringShutdown(t *testing.T) {
	t.Parallel()
	s := openLines(t, server.NewDatabase(t))
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	const rows = 3000
	must(t, s.Commit(t.Context(), to(1, rows)))
	began := time.Now()
	must(t, s.Commit(t.Context(), to(2, rows)))
	takes := time.Since(began)
	done, cut := events.Position(2), 0
	for range 30 {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(time.Duration(chance.Int64N(int64(2*takes))), cancel)
		err := s.Commit(ctx, to(done+1, rows))
		timer.Stop()
		cancel()
		v := view(t, s)
		at := v.Checkpoint().Position
		if err == nil && at != done+1 || at != done && at != done+1 {
			t.Fatalf("after %v the store is at %d, it was at %d", err, at, done)
		}
		if want, got := to(at, rows).Tables[0].Put, scanLines(t, v); len(got) != rows || got[0][1] != want[0][1] || got[rows-1][1] != want[rows-1][1] {
			t.Fatalf("at %d there are %d rows, the first %v", at, len(got), got[0])
		}
		v.Close()
		if err != nil {
			cut++
		}
		done = at
	}
	if cut == 0 {
		t.Errorf("%d commits were cut short, %d went through", cut, done)
	}
}

func scanLines(t testing.TB, v projections.Reader) (rows []projections.Row) {
	t.Helper()
	must(t, v.Scan(t.Context(), lines, projections.Range{}, func(r projections.Row) (bool, error) {
		rows = append(rows, r)
		return true, nil
	}))
	return rows
}

// TestLock: of two who want to write one does; the other's turn comes when the first lets go.
func TestLock(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	first, second := openFactory(t, url), openFactory(t, url)
	lost, release, err := first.Lock(t.Context())
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, _, err := second.Lock(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second lock: %v", err)
	}
	if _, err := second.Claim(t.Context()); !errors.Is(err, projections.ErrHeld) {
		t.Errorf("a second claim: %v", err)
	}
	select {
	case <-lost:
		t.Error("the first is lost")
	default:
	}
	release()
	claim, err := second.Claim(t.Context())
	must(t, err)
	must(t, claim.Release())
	must(t, claim.Release())
}

// TestLockAfterCrash: when the server crashes under the lock, its holder has it again, or another has and the holder hears
// of it. Never both, never nobody.
func TestLockAfterCrash(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	url := s.NewDatabase(t)
	first, second := openFactory(t, url), openFactory(t, url)
	lost, release, err := first.Lock(t.Context())
	must(t, err)
	must(t, s.Stop(pgtest.Immediate))
	must(t, s.Start())
	type turn struct {
		lost    <-chan struct{}
		release func()
		err     error
	}
	taken := make(chan turn, 1)
	go func() {
		var x turn
		x.lost, x.release, x.err = second.Lock(t.Context())
		taken <- x
	}()
	var other turn
	for other.release == nil { // whoever has it, the session that holds it is ended, until the second was quicker
		s.Exec(t, "test_1", `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted`)
		select {
		case other = <-taken:
			must(t, other.err)
		case <-time.After(100 * time.Millisecond): // they try three times a second
		}
	}
	select {
	case <-lost:
	case <-other.lost: // its session was ended once more before the first looked
	case <-time.After(time.Minute):
		t.Error("both have the lock")
	}
	other.release()
	release()
	_, release, err = first.Lock(t.Context())
	must(t, err)
	release()
}
