package profile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

func calls(id, owner string, grade events.Grade, traits string) events.Event {
	return events.Event{
		Source: "s", ID: id, Type: "customer.identified", Channel: events.ChannelWeb, Time: time.Unix(0, 0),
		Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: owner, Grade: grade}},
		Data:        fmt.Appendf(nil, `{"traits":%s}`, traits),
	}
}

// namedBy folds some events, in one batch each, and looks a name up.
func namedBy(t *testing.T, list []events.Event, q string, limit int) []profile.Named {
	t.Helper()
	room, store := profile.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 1, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	found, err := room.ByName(t.Context(), v, events.NameQuery(q), limit)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Whoever has a browser key can give themselves a name as often as they like: who really has it is found first.
func TestClaimsNeverHideTheOwnerOfAName(t *testing.T) {
	t.Parallel()
	var list []events.Event
	for i := range 40 {
		list = append(list, calls(fmt.Sprint("c", i), fmt.Sprint("b", i), events.Claimed, `{"name":"김서연"}`))
	}
	owner := calls("o", "owner", events.Asserted, `{"given_name":"서연","family_name":"김"}`)
	fragment, _ := owner.Fragment()
	for _, at := range []int{0, 20, 40} {
		for _, q := range []string{"김서연", "ㄱㅅㅇ", "서"} {
			found := namedBy(t, slices.Insert(slices.Clone(list), at, owner), q, 10)
			if len(found) != 11 || found[0] != (profile.Named{Fragment: fragment, Proven: true}) {
				t.Fatalf("owner at %d: %s finds %v first of %d, want the owner and ten claims", at, q, found[0], len(found))
			}
			if slices.ContainsFunc(found[1:], func(n profile.Named) bool { return n.Proven }) {
				t.Errorf("claims are shown as proven: %v", found)
			}
		}
	}
}

// A name is as good as what it is made of, and counts once.
func TestProofOfAName(t *testing.T) {
	t.Parallel()
	family := calls("1", "b", events.Asserted, `{"family_name":"김"}`)
	given := func(grade events.Grade) events.Event { return calls("2", "b", grade, `{"given_name":"서연"}`) }
	whole := func(grade events.Grade) events.Event { return calls("3", "b", grade, `{"name":"김서연"}`) }
	for _, c := range []struct {
		about  string
		list   []events.Event
		proven bool
	}{
		{"half of it is claimed", []events.Event{family, given(events.Claimed)}, false},
		{"all of it is asserted", []events.Event{family, given(events.Asserted)}, true},
		{"proved after it was claimed", []events.Event{calls("0", "b", events.Claimed, `{"name":"김서연"}`), whole(events.Asserted)}, true},
	} {
		for range 2 {
			if found := namedBy(t, c.list, "김서연", 10); len(found) != 1 || found[0].Proven != c.proven {
				t.Errorf("%s, %s first: found %v", c.about, c.list[0].ID, found)
			}
			slices.Reverse(c.list)
		}
	}
}
