package projections_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// decide appends the decision to skip a position.
func (b *bundle) decide(t testing.TB, p events.Position) events.Position {
	t.Helper()
	e := event(0, "", projections.TypeSkipped)
	e.ID, e.Source = fmt.Sprintf("skip-%d-%d", p, b.head(t)), "c360"
	e.Data = fmt.Appendf(nil, `{"position":%d,"reason":"a test till","actor":"operator"}`, p)
	results, err := b.log.Append(t.Context(), events.Entry{Stream: projections.ParkedStream, Event: e})
	must(t, err)
	return results[0].Position
}

// whole is the digest of everything in a store, and what is parked and skipped to the letter.
func whole(t testing.TB, s projections.Store, rooms []projections.Room, withOrder bool) string {
	t.Helper()
	v, err := s.View(t.Context())
	must(t, err)
	defer v.Close()
	sums, err := projections.Digest(t.Context(), v, []*projections.Table{projections.ParkedTable, projections.SkippedTable}, withOrder)
	must(t, err)
	return digest(t, s, rooms, false) + sums.String()
}

// fresh folds a log up to a position into a new store and returns the digest of it.
func fresh(t testing.TB, o projections.Options, to events.Position, withOrder bool) string {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{
		Path: filepath.Join(t.TempDir(), "fresh.db"), Spec: projections.NewSpec(o.Rooms...),
	})
	must(t, err)
	o.Store = s
	e := projections.NewEngine(o)
	must(t, e.RunTo(t.Context(), to))
	e.Stop()
	defer func() { must(t, s.Close()) }()
	return whole(t, s, o.Rooms, withOrder)
}

// TestSkip: an event that is declared skipped leaves the queue, and what waited behind it goes in.
func TestSkip(t *testing.T) {
	t.Parallel()
	room := newTally()
	b := setup(t, room)
	all := poisoned()
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), b.add(t, all...)))
	s, err := e.Status(t.Context())
	must(t, err)
	if s.Parked != 7 || s.ParkedSeconds <= 0 {
		t.Errorf("status is %+v", s)
	}
	for _, c := range []struct {
		skip   events.Position
		parked string
	}{
		{11, "[21 23+ 31 33+]"}, // anna's queue goes in behind it
		{23, "[21 31 33+]"},     // one that only queues
		{21, "[31 33]"},         // what was behind it fails by itself
		{31, "[33]"},            // an event of nobody
		{33, "[]"},
		{33, "[]"}, // again
	} {
		must(t, e.Await(t.Context(), b.decide(t, c.skip)))
		if got := parkedText(t, e); got != c.parked {
			t.Errorf("after position %d was skipped, parked are %s, want %s", c.skip, got, c.parked)
		}
	}
	must(t, e.Await(t.Context(), b.add(t, event(1000, "ben", "page.viewed"))))
	if s, err = e.Status(t.Context()); err != nil || s.Parked != 0 || s.ParkedSeconds != 0 {
		t.Errorf("status is %+v, %v", s, err)
	}
	live := whole(t, b.store, b.opts.Rooms, true)
	if got := fresh(t, b.opts, b.head(t), true); got != live {
		t.Errorf("a rebuild has\n%swant\n%s", got, live)
	}
	room.mended.Store(true) // what could be folded by now is left out all the same
	if got := fresh(t, b.opts, b.head(t), true); got != live {
		t.Errorf("a rebuild with mended folds has\n%swant\n%s", got, live)
	}
}

// TestSkipLate: a store that has folded what was declared skipped afterwards says so instead of being wrong, and a
// rebuild is the way out. What is no decision does nothing.
func TestSkipLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	must(t, b.engine(t).RunTo(t.Context(), b.add(t, many(20, 3)...)))
	for _, p := range []events.Position{0, 22, 900} {
		must(t, b.engine(t).RunTo(t.Context(), b.decide(t, p)))
	}
	foreign := event(1, "", projections.TypeSkipped)
	foreign.ID, foreign.Data = "foreign", []byte(`{"position":4}`)
	must(t, b.engine(t).RunTo(t.Context(), b.add(t, foreign))) // in a stream of its source
	before := b.head(t)
	b.decide(t, 5)
	err := b.engine(t).RunTo(t.Context(), b.head(t))
	if !errors.Is(err, projections.ErrSkippedLate) || !errors.Is(err, projections.ErrFatal) {
		t.Errorf("a late decision gives %v", err)
	}
	if c := checkpointOf(t, b.store); c.Position != before {
		t.Errorf("the checkpoint is at %d, want %d", c.Position, before)
	}
	if fresh(t, b.opts, b.head(t), false) == fresh(t, b.opts, before, false) {
		t.Error("a rebuild did not leave the event out")
	}
}

// TestSkipAgreesWithRebuild: whatever is parked, skipped and tried again, whenever, and however often the engine is
// restarted: a rebuild is what the live generation is, under the same folds and under mended ones; and a generation
// that ends earlier is one of a log that ends there.
func TestSkipAgreesWithRebuild(t *testing.T) {
	t.Parallel()
	seeds := uint64(10)
	if more, err := strconv.ParseUint(os.Getenv("C360_SKIPS"), 10, 64); err == nil {
		seeds = more
	}
	for seed := range seeds {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			w := &world{T: t, dice: rand.New(rand.NewPCG(seed, 360)), room: newTally()}
			w.bundle = setup(t, w.room)
			w.opts.BatchEvents = 1 + w.dice.IntN(40)
			w.live()
			live := whole(t, w.store, w.opts.Rooms, true)
			head := w.head(t)
			if got := fresh(t, w.opts, head, true); got != live {
				t.Errorf("a rebuild has\n%swant\n%s", got, live)
			}
			for range 3 {
				to := 1 + events.Position(w.dice.IntN(int(head)))
				o := w.opts
				o.Log = w.prefix(to)
				if got, want := fresh(t, w.opts, to, false), fresh(t, o, to, false); got != want {
					t.Errorf("at %d a generation has\n%swant\n%s", to, got, want)
				}
			}
			w.mend()
			live = whole(t, w.store, w.opts.Rooms, true)
			if got := fresh(t, w.opts, w.head(t), true); got != live {
				t.Errorf("a rebuild with mended folds has\n%swant\n%s", got, live)
			}
		})
	}
}

// world is a log, an engine and an operator who throws dice.
type world struct {
	*testing.T
	*bundle
	dice *rand.Rand
	room tally
	n    int
	e    *projections.Engine
}

// live lets things happen.
func (w *world) live() {
	w.restart()
	for range 40 {
		switch w.dice.IntN(6) {
		case 0:
			w.skipSome()
		case 1:
			w.try(w.dice.IntN(5))
		case 2:
			w.e.Stop()
			w.some()
			w.skipSome() // decisions that nobody has folded when the engine starts
			w.restart()
		default:
			w.some()
		}
		if w.dice.IntN(2) == 0 {
			must(w.T, w.e.Await(w.Context(), w.head(w.T)))
		}
	}
	must(w.T, w.e.Await(w.Context(), w.head(w.T)))
}

func (w *world) restart() {
	w.e = w.engine(w.T)
	must(w.T, w.e.Start(w.Context()))
}

// some appends a few events, some of which cannot be folded.
func (w *world) some() {
	var all []events.Event
	for range 1 + w.dice.IntN(12) {
		w.n++
		kind := []string{"page.viewed", "order.completed", "call.ended", "fold.fails", "fold.panics", "want.panics"}[min(w.dice.IntN(18), w.dice.IntN(18))%6]
		all = append(all, event(w.n, []string{"anna", "ben", "carl", "dora", ""}[w.dice.IntN(5)], kind))
	}
	w.add(w.T, all...)
}

// skipSome declares up to three parked events skipped, as an operator does who looks at what is parked now.
func (w *world) skipSome() {
	parked, err := w.e.Parked(w.Context())
	must(w.T, err)
	for range min(len(parked), 1+w.dice.IntN(3)) {
		p := parked[w.dice.IntN(len(parked))]
		if w.e.Err() != nil {
			w.decide(w.T, p.Position)
			continue
		}
		_, err := w.e.Skip(w.Context(), projections.ParkedPlace{Fragment: p.Fragment, Position: p.Position},
			func() (events.Position, error) { return w.decide(w.T, p.Position), nil })
		if err != nil && !errors.Is(err, projections.ErrNotParked) {
			w.Fatal(err)
		}
	}
}

// try redrives the fragment of somebody.
func (w *world) try(who int) {
	f := fragmentOf(event(0, []string{"anna", "ben", "carl", "dora", ""}[who], ""))
	if _, err := w.e.Redrive(w.Context(), f); err != nil && !errors.Is(err, projections.ErrParked) {
		w.Fatal(err)
	}
}

// mend lets everything be folded and folds what waits.
func (w *world) mend() {
	w.room.mended.Store(true)
	for who := range 5 {
		w.try(who)
	}
	w.some()
	must(w.T, w.e.Await(w.Context(), w.head(w.T)))
	if got := parkedText(w.T, w.e); got != "[]" {
		w.Errorf("still parked: %s", got)
	}
}

// prefix is a log that ends at a position.
func (w *world) prefix(to events.Position) *memlog.Log {
	log := memlog.New(time.Now)
	w.Cleanup(func() { must(w.T, log.Close()) })
	all, err := w.log.Read(w.Context(), 0, int(to))
	must(w.T, err)
	for i := range all {
		_, err := log.Append(w.Context(), events.Entry{Stream: all[i].Stream, Event: all[i].Event})
		must(w.T, err)
	}
	return log
}

// TestSkipBesideTheEngine: the tables of what is parked and skipped answer the questions of an operator.
func TestSkipBesideTheEngine(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), b.add(t, poisoned()...)))
	decision := b.decide(t, 11)
	must(t, e.Await(t.Context(), decision))
	v, err := b.store.View(t.Context())
	must(t, err)
	defer v.Close()
	for position, want := range map[events.Position]events.Position{11: decision, 12: 0} {
		if got, err := projections.ReadSkipped(t.Context(), v, position); err != nil || got != want {
			t.Errorf("position %d was skipped by %d, %v, want %d", position, got, err, want)
		}
	}
	since, parked, err := projections.ParkedSince(t.Context(), v)
	at, atErr := b.log.At(t.Context(), 21)
	must(t, atErr)
	if err != nil || !parked || !since.Equal(at[0].RecordedAt.Truncate(time.Microsecond)) {
		t.Errorf("parked since %v, %v, %v, want %v", since, parked, err, at[0].RecordedAt)
	}
}
