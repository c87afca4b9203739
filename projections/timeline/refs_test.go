package timeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

func ordered(id, number, owner string, grade events.Grade) events.Event {
	return events.Event{
		Source: "s", ID: id, Type: "order.completed", Channel: events.ChannelWeb, Time: time.Unix(0, 0),
		Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: owner, Grade: grade}},
		Data:        fmt.Appendf(nil, `{"order_id":%q}`, number),
	}
}

// refsOf folds some events, in one batch each, and looks a number up.
func refsOf(t *testing.T, list []events.Event, q string, limit int) []timeline.Ref {
	t.Helper()
	room, store := timeline.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 1, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	found, err := room.ByRef(t.Context(), v, q, limit)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Whoever has a browser key can claim a number as often as they like: the owner is found first all the same, whether
// the claims name just that number or ones that sort before it.
func TestClaimsNeverHideTheOwnerOfANumber(t *testing.T) {
	t.Parallel()
	var list []events.Event
	for i := range 40 {
		list = append(list, ordered(fmt.Sprint("c", i), "LO-7", fmt.Sprint("b", i), events.Claimed))
		list = append(list, ordered(fmt.Sprint("d", i), fmt.Sprintf("LO-%d", i), fmt.Sprint("b", i), events.Claimed))
	}
	owner := ordered("o", "LO-7", "owner", events.Asserted)
	fragment, _ := owner.Fragment()
	for _, at := range []int{0, 40, 80} {
		for _, q := range []string{"LO-7", "lo7"} {
			found := refsOf(t, slices.Insert(slices.Clone(list), at, owner), q, 10)
			if len(found) != 11 || found[0].Fragment != fragment || !found[0].Proven {
				t.Fatalf("owner at %d: %s finds %v first of %d, want the owner and ten claims", at, q, found[0], len(found))
			}
			if slices.ContainsFunc(found[1:], func(r timeline.Ref) bool { return r.Proven }) {
				t.Errorf("claims are shown as proven: %v", found)
			}
		}
	}
}

// One who claims a number and proves it later, or the other way round, is found once, as proven.
func TestProofWins(t *testing.T) {
	t.Parallel()
	list := []events.Event{ordered("1", "LO-7", "b", events.Claimed), ordered("2", "LO-7", "b", events.Verified)}
	for range 2 {
		if found := refsOf(t, list, "LO-7", 10); len(found) != 1 || !found[0].Proven {
			t.Errorf("%s first: found %v", list[0].ID, found)
		}
		slices.Reverse(list)
	}
}
