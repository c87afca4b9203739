package projections_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/timeline"
)

// town is a log with rooms that can be asked as of an instant.
type town struct {
	*bundle
	people *identity.Room
	past   *projections.Past
}

// setupTown folds what the log holds so far, through the rooms c360 serves from and one that refuses "fold.fails".
func setupTown(t *testing.T, change func(*projections.PastOptions), all ...events.Event) *town {
	t.Helper()
	rules := identity.DefaultRules()
	rules.Limits["email"] = 2
	people, err := identity.New(rules)
	must(t, err)
	w := &town{people: people, bundle: setup(t, people, profile.New(), timeline.New(), history.New(), newTally())}
	w.add(t, all...)
	must(t, w.engine(t).RunTo(t.Context(), w.head(t)))
	o := projections.PastOptions{
		Log: w.log, Rooms: w.opts.Rooms, Neighbours: people, Live: w.store.View,
		Store: func() (projections.Store, error) { return memstore.New(projections.NewSpec(w.opts.Rooms...)) },
	}
	if change != nil {
		change(&o)
	}
	w.past = projections.NewPast(o)
	return w
}

// fresh folds a prefix of the log into a store of its own.
func (w *town) fresh(t *testing.T, to events.Position) projections.View {
	t.Helper()
	s, err := memstore.New(projections.NewSpec(w.opts.Rooms...))
	must(t, err)
	o := w.opts
	o.Store = s
	e := projections.NewEngine(o)
	defer e.Stop()
	must(t, e.RunTo(t.Context(), to))
	v, err := s.View(t.Context())
	must(t, err)
	return v
}

// tells writes down what a view says of a fragment and its customer.
func (w *town) tells(t *testing.T, v projections.View, f uuid.UUID) string {
	t.Helper()
	ctx := context.Background()
	customer, there, err := w.people.Resolve(ctx, v, f)
	must(t, err)
	of, err := w.people.Fragments(ctx, v, customer)
	must(t, err)
	who, err := w.people.Explain(ctx, v, of)
	must(t, err)
	like, err := profile.New().Load(ctx, v, of)
	must(t, err)
	did, err := timeline.New().Page(ctx, v, of, timeline.Query{Limit: 100})
	must(t, err)
	var parked []projections.ParkedEvent
	for _, x := range of {
		waits, err := projections.ReadParkedOf(ctx, v, x, 0)
		must(t, err)
		parked = append(parked, waits...)
	}
	return fmt.Sprintf("%v %v at %d\n%+v\n%+v\n%+v\n%+v\n", customer, there, v.Checkpoint().Position, who, *like, did, parked)
}

// sameAlways compares what is said of everybody as of every position with fresh stores.
func (w *town) sameAlways(t *testing.T, whom ...uuid.UUID) {
	t.Helper()
	for p := events.Position(1); p <= w.head(t); p++ {
		fresh := w.fresh(t, p)
		for _, f := range whom {
			v, err := w.past.View(t.Context(), projections.Instant{Known: p}, projections.About{Fragments: []uuid.UUID{f}, Suggestions: true})
			must(t, err)
			got, want := w.tells(t, v, f), w.tells(t, fresh, f)
			if got != want {
				t.Fatalf("of %s at position %d\nas of:\n%s\nfresh:\n%s", f, p, got, want)
			}
			if !v.Whole(f) || v.Checkpoint() != fresh.Checkpoint() {
				t.Errorf("at position %d the view is at %+v, whole is %v", p, v.Checkpoint(), v.Whole(f))
			}
			v.Close()
		}
		fresh.Close()
	}
}

// person makes an event of somebody with an identifier more.
func person(n int, who, kind, also string) events.Event {
	e := event(n, who, kind)
	if also != "" {
		id, _ := events.ParseIdentifier(also)
		id.Grade = events.Asserted
		e.Identifiers = append(e.Identifiers, id)
	}
	return e
}

// What is parked, and what queues behind it, ties nobody, neither the one asked about nor one who only counts.
func TestAsOfParked(t *testing.T) {
	t.Parallel()
	story := []events.Event{
		person(1, "anna", "page.viewed", "email:x@example.com"),
		person(2, "ben", "fold.fails", ""),
		person(3, "ben", "page.viewed", "email:x@example.com"), // queues: nobody is tied to anna
		person(4, "carl", "page.viewed", "email:x@example.com"),
		person(5, "carl", "page.viewed", ""),
		person(6, "dora", "page.viewed", "email:x@example.com"), // the limit is 2, and ben does not count
		person(7, "anna", "fold.panics", "phone:+821000000001"),
		person(8, "anna", "page.viewed", "phone:+821000000001"),
		person(9, "carl", "page.viewed", "phone:+821000000001"),
	}
	w := setupTown(t, nil, story...)
	w.sameAlways(t, fragmentOf(story[0]), fragmentOf(story[1]), fragmentOf(story[3]), fragmentOf(story[5]))
}

// Before an event was declared skipped it was parked; from the decision on it is left out, and what waited is folded.
func TestAsOfBeforeASkip(t *testing.T) {
	t.Parallel()
	story := []events.Event{
		person(1, "anna", "page.viewed", "email:x@example.com"), person(2, "ben", "fold.fails", "phone:+821000000001"),
		person(3, "ben", "page.viewed", "email:x@example.com"), person(4, "carl", "page.viewed", "phone:+821000000001"),
	}
	w := setupTown(t, nil, story...)
	skip := event(5, "", projections.TypeSkipped)
	skip.Data = []byte(`{"position":2,"reason":"broken","actor":"kim"}`)
	_, err := w.log.Append(t.Context(), events.Entry{Stream: projections.ParkedStream, Event: skip})
	must(t, err)
	must(t, w.engine(t).RunTo(t.Context(), w.head(t)))
	w.sameAlways(t, fragmentOf(story[0]), fragmentOf(story[1]), fragmentOf(story[3]))
}

// An instant on the clock of what had happened can leave out the event that others wait for in the live store. One that
// holds it must not count what waits.
func TestAsOfBeforeWhatIsParked(t *testing.T) {
	t.Parallel()
	poison := person(90, "ben", "fold.fails", "")
	story := []events.Event{
		person(1, "anna", "page.viewed", "email:x@example.com"), poison, person(3, "ben", "page.viewed", "email:x@example.com"),
		person(4, "carl", "page.viewed", "email:x@example.com"), person(5, "carl", "page.viewed", ""),
	}
	w := setupTown(t, nil, story...)
	anna := fragmentOf(story[0])
	for _, c := range []struct {
		by                events.Event
		fragments, events int
	}{
		{story[0], 1, 1},
		{story[2], 2, 2}, // with ben
		{story[4], 1, 1}, // three share the address, and two may
		{poison, 2, 3},   // with carl: of ben nothing is known but that he waits
	} {
		v, err := w.past.View(t.Context(), projections.Instant{Occurred: c.by.Time}, projections.About{Fragments: []uuid.UUID{anna}})
		must(t, err)
		customer, _, err := w.people.Resolve(t.Context(), v, anna)
		must(t, err)
		of, err := w.people.Fragments(t.Context(), v, customer)
		must(t, err)
		page, err := timeline.New().Page(t.Context(), v, of, timeline.Query{Limit: 100})
		must(t, err)
		if len(of) != c.fragments || len(page.Rows) != c.events {
			t.Errorf("by %s anna had %d events in %d fragments, want %d in %d", c.by.Time, len(page.Rows), len(of), c.events, c.fragments)
		}
		v.Close()
	}
}

// An island that would not be exact, or not be small, is refused with what to do instead.
func TestAsOfBeyond(t *testing.T) {
	t.Parallel()
	var crowd []events.Event
	for i := range 400 {
		crowd = append(crowd, person(i, fmt.Sprintf("person-%d", i), "page.viewed", "loyalty_id:everybody"))
	}
	about := projections.About{Fragments: []uuid.UUID{fragmentOf(crowd[0])}}
	for name, c := range map[string]struct {
		change func(*projections.PastOptions)
		at     events.Position
		what   string
	}{
		"who had it": {nil, 100, "who had it then"},
		"fragments":  {func(o *projections.PastOptions) { o.MaxFragments = 50 }, 100, "50 fragments"},
		"events":     {func(o *projections.PastOptions) { o.MaxEvents = 50 }, 100, "50 events"},
		"too many":   {nil, 400, ""},
	} {
		w := setupTown(t, c.change, crowd...)
		v, err := w.past.View(t.Context(), projections.Instant{Known: c.at}, about)
		var beyond *projections.BeyondError
		switch {
		case c.what == "" && err == nil:
			v.Close()
		case !errors.As(err, &beyond) || !strings.Contains(beyond.What, c.what) || !strings.Contains(err.Error(), "POST /v1/generations"):
			t.Errorf("%s: %v", name, err)
		}
	}
	w := setupTown(t, nil, crowd[:2]...)
	if _, err := w.past.View(t.Context(), projections.Instant{Known: 3}, about); !errors.Is(err, projections.ErrNotFolded) {
		t.Errorf("a position that is not folded: %v", err)
	}
}
