package profile_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

// A browser cannot give itself notes and a tier, nor a name along with an order; the company can.
func TestOnlyStaffGives(t *testing.T) {
	t.Parallel()
	for grade, want := range map[events.Grade]int{events.Claimed: 0, events.Asserted: 1} {
		who := []events.Identifier{{Kind: events.KindAnonymousID, Value: "a1", Grade: grade}}
		said := func(id, kind, data string) events.Event {
			return events.Event{ID: id, Source: "web", Type: kind, Time: time.Unix(1, 0), Identifiers: who, Data: []byte(data)}
		}
		room := profile.New()
		store := roomtest.NewStore()
		log := roomtest.Record([]events.Event{
			said("1", "note.added", `{"note_id":"n1","text":"hello","pinned":true}`), said("2", "tier.changed", `{"tier":"gold"}`),
			said("3", "order.completed", `{"order_id":"O1","traits":{"name":"김서연"}}`), said("4", "customer.grouped", `{"traits":{"name":"LUMEN"}}`),
		})
		if err := roomtest.Fold(t.Context(), store, log, 10, room, history.New()); err != nil {
			t.Fatal(err)
		}
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		f, _ := events.FragmentOf(who)
		p, err := room.Load(t.Context(), v, []uuid.UUID{f})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Notes) != want || (p.Tier() != "") != (want == 1) || (p.Text("name") == "김서연") != (want == 1) || p.Events != 4 {
			t.Errorf("%s: %d notes, tier %q, name %q, %d events; want %d of each and 4 events", grade, len(p.Notes), p.Tier(), p.Text("name"), p.Events, want)
		}
	}
}
