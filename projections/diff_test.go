package projections_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

// wrong is a room with a planted bug: it does not see the events that hidden names.
type wrong struct {
	projections.Room
	hidden func(*projections.Touch) bool
}

func (w wrong) Want(b *projections.Batch, t *projections.Touch) {
	if !w.hidden(t) {
		w.Room.Want(b, t)
	}
}

func (w wrong) Fold(b *projections.Batch, t *projections.Touch) error {
	if w.hidden(t) {
		return nil
	}
	return w.Room.Fold(b, t)
}

// view opens a view of a store that holds a log folded by some rooms.
func viewOf(t testing.TB, log []events.Recorded, rooms ...projections.Room) projections.View {
	t.Helper()
	s := roomtest.NewStore()
	must(t, roomtest.Fold(t.Context(), s, log, 50, rooms...))
	v, err := s.View(t.Context())
	must(t, err)
	t.Cleanup(v.Close)
	return v
}

// TestDiffFindsPlantedBug: a room that drops some events differs exactly in the fragments that these are of, and in its
// own tables.
func TestDiffFindsPlantedBug(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		log := roomtest.Record(roomtest.Generate(rapid.Uint64().Draw(r, "events"), lives))
		every := rapid.IntRange(1, 9).Draw(r, "every")
		hidden := func(x *projections.Touch) bool { return x.Type == "order.refunded" && int(x.Position)%every == 0 }
		rooms := realRooms(t)
		bad := slices.Clone(rooms)
		bad[1] = wrong{rooms[1], hidden}
		d, err := projections.Diff(t.Context(), viewOf(t, log, rooms...), viewOf(t, log, bad...), rooms, projections.DiffOptions{})
		must(t, err)
		want := map[uuid.UUID]bool{}
		for i := range log {
			if x := projections.NewTouch(&log[i]); x.Somebody && hidden(&x) {
				want[x.Fragment] = true
			}
		}
		got := map[uuid.UUID]bool{}
		for _, c := range d.Concerned {
			got[c.Fragment] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || d.More {
			r.Fatalf("the fragments concerned (-want +got):\n%s", diff)
		}
		for i, table := range d.Tables {
			if own := slices.ContainsFunc(rooms[1].Tables(), func(t *projections.Table) bool { return t.Name == table.Table }); !own && !table.Same {
				r.Errorf("table %d differs: %+v", i, table)
			}
		}
		if d.Same() != (len(want) == 0) {
			r.Errorf("the stores are the same: %v, with %d fragments that differ", d.Same(), len(want))
		}
	})
}

// TestDiffOfAnotherOrder: sums agree when the same events came in another order, although positions do not.
func TestDiffOfAnotherOrder(t *testing.T) {
	t.Parallel()
	list := roomtest.Generate(11, lives)
	rooms := realRooms(t)
	a, b := viewOf(t, roomtest.Record(list), rooms...), viewOf(t, roomtest.Record(roomtest.Shuffle(5, list)), rooms...)
	d, err := projections.Diff(t.Context(), a, b, rooms, projections.DiffOptions{})
	must(t, err)
	if !d.Same() || len(d.Concerned) != 0 {
		t.Errorf("in another order: %+v", d)
	}
	for _, table := range d.Tables {
		if table.Identical != (table.Table != "timeline_events") {
			t.Errorf("%s is identical: %v", table.Table, table.Identical)
		}
	}
}

// TestDiffCountsRows: rows that changed, went and came are told apart, bucket by bucket, and their fragments named up to
// a bound.
func TestDiffCountsRows(t *testing.T) {
	t.Parallel()
	room := newTally()
	var list []events.Event
	for i := range 600 {
		list = append(list, event(i, fmt.Sprintf("person-%d", i%200), "page.viewed"))
	}
	log := roomtest.Record(list)
	one := log[400:401]
	before := viewOf(t, log, room)
	after := viewOf(t, log, wrong{room, func(x *projections.Touch) bool { return x.Position == one[0].Position }})
	d, err := projections.Diff(t.Context(), before, after, []projections.Room{room}, projections.DiffOptions{})
	must(t, err)
	f, _ := one[0].Fragment()
	want := []projections.TableDifference{
		{Table: "tally_fragments", Before: d.Tables[0].Before, After: d.Tables[0].After, Buckets: 1, Changed: 1},
		{Table: "tally_totals", Before: d.Tables[1].Before, After: d.Tables[1].After, Buckets: 1, Changed: 1},
		{Table: "tally_lines", Before: 600, After: 599, Buckets: 1, Gone: 1},
	}
	if diff := cmp.Diff(want, d.Tables); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]projections.Concerned{{Fragment: f, Tables: 0b101}}, d.Concerned); diff != "" {
		t.Error(diff)
	}
	none := viewOf(t, log[:1], room)
	d, err = projections.Diff(t.Context(), none, before, []projections.Room{room}, projections.DiffOptions{Concerned: 7})
	must(t, err)
	if len(d.Concerned) != 7 || !d.More || d.Tables[2].Come != 599 || d.Tables[2].Gone != 0 {
		t.Errorf("named %d fragments, more %v, %+v", len(d.Concerned), d.More, d.Tables[2])
	}
}

// TestDiffStops: a comparison ends with its context, and says where it was.
func TestDiffStops(t *testing.T) {
	t.Parallel()
	room := newTally()
	v := viewOf(t, roomtest.Record(many(60, 20)), room)
	ctx, cancel := context.WithCancel(t.Context())
	var told []string
	_, err := projections.Diff(ctx, v, v, []projections.Room{room}, projections.DiffOptions{Report: func(p projections.DiffProgress) {
		told = append(told, p.Phase+" "+p.Table)
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || fmt.Sprint(told) != "[summing tally_fragments]" {
		t.Errorf("it ended with %v after %v", err, told)
	}
}

// TestDiffOfIdentifiers: of an identifier that many share, only the fragments that one side does not know are named.
func TestDiffOfIdentifiers(t *testing.T) {
	t.Parallel()
	ties, err := identity.New(identity.DefaultRules())
	must(t, err)
	var list []events.Event
	for i := range 40 {
		e := event(i, fmt.Sprintf("person-%d", i), "order.completed")
		e.Identifiers = append(e.Identifiers, events.Identifier{Kind: events.KindPhone, Value: "+82212345678", Grade: events.Asserted})
		list = append(list, e)
	}
	log := roomtest.Record(list)
	late := log[len(log)-1]
	before := viewOf(t, log, ties)
	after := viewOf(t, log, wrong{ties, func(x *projections.Touch) bool { return x.Position == late.Position }})
	d, err := projections.Diff(t.Context(), before, after, []projections.Room{ties}, projections.DiffOptions{})
	must(t, err)
	f, _ := late.Fragment()
	if len(d.Concerned) != 1 || d.Concerned[0].Fragment != f {
		t.Errorf("concerned are %+v, want %s", d.Concerned, f)
	}
}
