package identity_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

// many is a crowd, with people who have more identifiers than fit a row and share some of them.
func many() []events.Event {
	list := roomtest.Generate(7, roomtest.Options{People: 40, Events: 600, Decisions: 8, Shared: 40})
	for i := range 90 {
		list = append(list, events.Event{
			Source: "app", ID: fmt.Sprint("much", i), Type: "page.viewed", Channel: events.ChannelApp, Time: time.Unix(int64(i), 0),
			Identifiers: []events.Identifier{
				{Kind: events.KindUserID, Value: fmt.Sprint("much", i%2), Grade: events.Asserted},
				{Kind: events.KindDevice, Value: fmt.Sprint("d", i/2), Grade: events.Asserted},
			},
		})
	}
	return list
}

// TestEach holds the walks over everybody against the look-ups of one customer.
func TestEach(t *testing.T) {
	t.Parallel()
	room, store := newRoom(t, small), roomtest.NewStore()
	must(t, roomtest.Fold(t.Context(), store, roomtest.Record(many()), 50, room))
	v, err := store.View(t.Context())
	must(t, err)
	defer v.Close()
	seen := map[uuid.UUID]uuid.UUID{}
	must(t, room.EachFragment(t.Context(), v, func(f, customer uuid.UUID) error {
		seen[f] = customer
		return nil
	}))
	told := map[string]bool{}
	must(t, room.EachIdentifier(t.Context(), v, func(some []identity.Owned) error {
		for _, o := range some {
			line := fmt.Sprint(o.Fragment, o.Customer, o.String(), o.Inert)
			if told[line] {
				t.Errorf("%s is told twice", line)
			}
			told[line] = true
		}
		return nil
	}))
	last := uuid.UUID{}
	must(t, room.EachCustomer(t.Context(), v, func(customer uuid.UUID, of []uuid.UUID) error {
		if slices.Compare(last[:], customer[:]) >= 0 {
			t.Errorf("customer %s comes after %s", customer, last)
		}
		last = customer
		checkCustomer(t, room, v, customer, of, seen, told)
		return nil
	}))
	if len(seen)+len(told) > 0 {
		t.Errorf("%d fragments and %d identifiers belong to no customer", len(seen), len(told))
	}
}

// checkCustomer takes what belongs to the customer out of seen and told.
func checkCustomer(
	t *testing.T, room *identity.Room, v projections.View, customer uuid.UUID, of []uuid.UUID, seen map[uuid.UUID]uuid.UUID, told map[string]bool,
) {
	t.Helper()
	want, err := room.Fragments(t.Context(), v, customer)
	must(t, err)
	if d := cmp.Diff(want, of); d != "" {
		t.Errorf("fragments of %s (-looked up +walked):\n%s", customer, d)
	}
	for _, f := range of {
		if seen[f] != customer {
			t.Errorf("fragment %s is of %s, and of %s", f, customer, seen[f])
		}
		delete(seen, f)
	}
	all, err := room.Identifiers(t.Context(), v, of)
	must(t, err)
	for _, k := range all {
		for _, f := range k.Fragments {
			line := fmt.Sprint(f, customer, k.String(), k.Inert)
			if !told[line] {
				t.Errorf("%s was not told", line)
			}
			delete(told, line)
		}
	}
	explained, err := room.Explain(t.Context(), v, of)
	must(t, err)
	links, err := room.Links(t.Context(), v, of)
	must(t, err)
	if d := cmp.Diff(explained.Links, links); d != "" {
		t.Errorf("links of %s (-explained +walked):\n%s", customer, d)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
