package projections_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

func fragmentOf(e events.Event) uuid.UUID {
	f, _ := e.Fragment()
	return f
}

// poisoned is a log in which two people and an event of nobody cannot be folded.
func poisoned() []events.Event {
	all := many(60, 12)
	all[10].Type = "fold.fails"
	all[10].Identifiers[0].Value = "anna"
	all[20].Type = "fold.panics"
	all[20].Identifiers[0].Value = "ben"
	all[21].Identifiers[0].Value = "anna"
	all[22].Identifiers[0].Value = "ben"
	all[30].Type, all[30].Identifiers = "want.panics", nil
	all[31].Identifiers = nil
	all[32].Type = "fold.fails"
	all[32].Identifiers[0].Value = "ben"
	all[33].Identifiers[0].Value = "anna"
	return all
}

// positions of the parked events, with a mark on those that only queue.
func parkedText(t testing.TB, e *projections.Engine) string {
	t.Helper()
	all, err := e.Parked(t.Context())
	must(t, err)
	var out []string
	for _, p := range all {
		mark := ""
		if p.Behind {
			mark = "+"
		}
		if p.Reason == "" || p.Source != "test" || p.Type == "" || p.RecordedAt.IsZero() {
			t.Errorf("a parked event says too little: %+v", p)
		}
		out = append(out, fmt.Sprintf("%02d%s", p.Position, mark))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// without returns the digest of a store that was only given what is not parked.
func without(t *testing.T, all []events.Event, parked ...int) string {
	t.Helper()
	room := newTally()
	room.mended.Store(true)
	ref := setup(t, room)
	var kept []events.Event
	for i, x := range all {
		if !slices.Contains(parked, i+1) {
			kept = append(kept, x)
		}
	}
	must(t, ref.engine(t).RunTo(t.Context(), ref.add(t, kept...)))
	return ref.digest(t, false)
}

// TestParked: an event that cannot be folded is set aside with its fragment, whatever the batches are; everything
// else flows, nothing of it is half folded, and it stays parked over a restart.
func TestParked(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 3, 16, 5000} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.opts.BatchEvents = size
			last := b.add(t, poisoned()...)
			e := b.engine(t)
			must(t, e.RunTo(t.Context(), 25))
			again := b.engine(t)
			must(t, again.RunTo(t.Context(), last))
			const wantParked = "[11 21 22+ 23+ 31 33+ 34+]"
			if got := parkedText(t, again); got != wantParked {
				t.Errorf("parked are %s, want %s", got, wantParked)
			}
			if got, want := b.digest(t, false), without(t, poisoned(), 11, 21, 22, 23, 31, 33, 34); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if c := checkpointOf(t, b.store); c.Position != last {
				t.Errorf("the checkpoint is at %d, want %d", c.Position, last)
			}
		})
	}
}

// TestRedrive: once the fold is mended, the parked events of a fragment are folded in order; what still fails stays.
func TestRedrive(t *testing.T) {
	t.Parallel()
	room := newTally()
	b := setup(t, room)
	b.opts.BatchEvents = 16
	all := poisoned()
	last := b.add(t, all...)
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), last))

	anna, ben := fragmentOf(all[10]), fragmentOf(all[20])
	if n, err := e.Redrive(t.Context(), anna); n != 0 || err == nil {
		t.Errorf("redriving what cannot be folded yet: %d, %v", n, err)
	}
	room.mended.Store(true)
	for _, c := range []struct {
		fragment uuid.UUID
		n        int
		parked   string
	}{
		{anna, 3, "[21 23+ 31 33+]"},
		{anna, 0, "[21 23+ 31 33+]"},
		{uuid.Nil, 1, "[21 23+ 33+]"},
		{ben, 3, "[]"},
	} {
		n, err := e.Redrive(t.Context(), c.fragment)
		if n != c.n || err != nil {
			t.Errorf("redriven %d, %v, want %d", n, err, c.n)
		}
		if got := parkedText(t, e); got != c.parked {
			t.Errorf("parked are %s, want %s", got, c.parked)
		}
	}
	next := event(1000, "ben", "page.viewed")
	must(t, e.Await(t.Context(), b.add(t, next)))
	if got := parkedText(t, e); got != "[]" {
		t.Errorf("a redriven fragment still queues: %s", got)
	}
	s, err := e.Status(t.Context())
	must(t, err)
	if s.Parked != 0 || s.ParkedTotal != 7 {
		t.Errorf("status is %+v", s)
	}
	if got, want := b.digest(t, false), without(t, append(poisoned(), next)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestRedriveStops: a queue is folded up to what still fails, and the rest keeps its place.
func TestRedriveStops(t *testing.T) {
	t.Parallel()
	b := setup(t, limited{newTally(), new(int)})
	room := b.opts.Rooms[0].(limited)
	b.opts.BatchEvents = 4
	var all []events.Event
	for i := range 30 {
		all = append(all, event(i, "anna", "page.viewed"))
	}
	last := b.add(t, all...)
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), last))
	*room.limit = 11
	n, err := e.Redrive(t.Context(), fragmentOf(all[0]))
	if n != 11 || err == nil {
		t.Errorf("redriven %d, %v", n, err)
	}
	parked, err := e.Parked(t.Context())
	must(t, err)
	if len(parked) != 19 || parked[0].Behind || parked[0].Position != 12 || !parked[1].Behind {
		t.Errorf("%d parked, first %+v, then %+v", len(parked), parked[0], parked[1])
	}
	*room.limit = 30
	if n, err := e.Redrive(t.Context(), fragmentOf(all[0])); n != 19 || err != nil {
		t.Errorf("redriven %d, %v", n, err)
	}
	if got, want := b.digest(t, false), without(t, all); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// limited refuses events after a position. The engine is at rest whenever the test changes the limit.
type limited struct {
	tally
	limit *int
}

func (l limited) Fold(b *projections.Batch, t *projections.Touch) error {
	if int(t.Position) > *l.limit {
		return fmt.Errorf("position %d is too much", t.Position)
	}
	return l.tally.Fold(b, t)
}

// TestTwoBad: when a try fails with events parked already, they are parked once, and redriven the fragment is free.
func TestTwoBad(t *testing.T) {
	t.Parallel()
	room := newTally()
	b := setup(t, room)
	all := []events.Event{
		event(1, "anna", "fold.fails"), event(2, "anna", "page.viewed"), event(3, "ben", "fold.fails"), event(4, "carl", "page.viewed"),
	}
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), b.add(t, all...)))
	if got := parkedText(t, e); got != "[01 02+ 03]" {
		t.Errorf("parked are %s", got)
	}
	room.mended.Store(true)
	if n, err := e.Redrive(t.Context(), fragmentOf(all[0])); n != 2 || err != nil {
		t.Errorf("redriven %d, %v", n, err)
	}
	must(t, e.Await(t.Context(), b.add(t, event(5, "anna", "page.viewed"))))
	if got := parkedText(t, e); got != "[03]" {
		t.Errorf("parked are %s", got)
	}
}

// TestFlood: when every event of a source is bad, the others are not kept waiting, and all of them are parked.
func TestFlood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var all []events.Event
	for i := range 3000 {
		all = append(all, event(2*i, fmt.Sprintf("bad-%d", i), "fold.fails"), event(2*i+1, fmt.Sprintf("good-%d", i), "page.viewed"))
	}
	var wants atomic.Int64
	b.opts.Rooms[0] = counting{b.opts.Rooms[0].(tally), &wants}
	e := b.engine(t)
	must(t, e.RunTo(t.Context(), b.add(t, all...)))
	parked, err := e.Parked(t.Context())
	must(t, err)
	if len(parked) != 3000 {
		t.Errorf("%d parked", len(parked))
	}
	if n := wants.Load(); n > 100*int64(len(all)) {
		t.Errorf("%d events were asked about %d times", len(all), n)
	}
	var bad []int
	for i := range all {
		if i%2 == 0 {
			bad = append(bad, i+1)
		}
	}
	if got, want := b.digest(t, false), without(t, all, bad...); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// counting counts how often it is asked what an event wants.
type counting struct {
	tally
	wants *atomic.Int64
}

func (c counting) Want(b *projections.Batch, t *projections.Touch) {
	c.wants.Add(1)
	c.tally.Want(b, t)
}
