package identity_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

func newRoom(tb testing.TB, change func(*identity.Rules)) *identity.Room {
	tb.Helper()
	rules := identity.DefaultRules()
	if change != nil {
		change(&rules)
	}
	room, err := identity.New(rules)
	if err != nil {
		tb.Fatal(err)
	}
	return room
}

// small are rules under which a few people meet every limit.
func small(r *identity.Rules) {
	r.Limits = map[string]int{"phone": 3, "email": 3, "anonymous_id": 4}
	r.MaxComponent, r.MaxTies, r.MaxGather = 6, 9, 8
}

// hubs are rules under which people with a few browsers and phones are hubs.
func hubs(r *identity.Rules) { r.MaxTies, r.MaxComponent, r.MaxGather = 2, 4, 5 }

func TestOrderFree(t *testing.T) {
	t.Parallel()
	t.Run("default rules", func(t *testing.T) {
		t.Parallel()
		roomtest.OrderFree(t, roomtest.Options{People: 20, Events: 200, Decisions: 6, Shared: 30}, newRoom(t, nil))
	})
	t.Run("hubs", func(t *testing.T) {
		t.Parallel()
		roomtest.OrderFree(t, roomtest.Options{People: 8, Events: 150, Decisions: 6, Shared: 30}, newRoom(t, hubs))
	})
	t.Run("small limits", func(t *testing.T) {
		t.Parallel()
		roomtest.OrderFree(t, roomtest.Options{People: 12, Events: 200, Decisions: 10, Shared: 60}, newRoom(t, small))
	})
}

// Fragments with more identifiers than fit a row, some of which others share.
func TestOrderFreeBeyondTheRow(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	roomtest.OrderFreeOf(t, room, func(t *rapid.T) []events.Event {
		var list []events.Event
		for i := range rapid.IntRange(30, 120).Draw(t, "events") {
			list = append(list, event(i,
				asserted(events.KindUserID, fmt.Sprintf("u%d", i%2)),
				events.Identifier{
					Kind: events.KindPhone, Value: fmt.Sprintf("+8210000%05d", rapid.IntRange(0, 90).Draw(t, "phone")),
					Grade: rapid.SampledFrom([]events.Grade{events.Claimed, events.Asserted, events.Verified}).Draw(t, "grade"),
				}))
		}
		return list
	})
}

func TestRules(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*identity.Rules){
		"limit": func(r *identity.Rules) { r.Limits = map[string]int{"phone": 256} }, "other": func(r *identity.Rules) { r.OtherLimit = 0 },
		"gather": func(r *identity.Rules) { r.MaxGather = 1 }, "strength": func(r *identity.Rules) { r.Strength = []string{"phone"} },
	} {
		rules := identity.DefaultRules()
		change(&rules)
		if _, err := identity.New(rules); err == nil {
			t.Errorf("%s: rules that cannot hold are taken", name)
		}
		if rules.Hash() == identity.DefaultRules().Hash() {
			t.Errorf("%s: other rules have the same hash", name)
		}
	}
	same := identity.DefaultRules()
	slices.Reverse(same.Blocked)
	if same.Hash() != identity.DefaultRules().Hash() {
		t.Error("the order of the block list changes the hash")
	}
}

func TestPhonesAreFoundByTheirDigits(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	v := view(t, fold(t, room, []events.Event{
		event(1, asserted(events.KindPhone, "+821048217730")), event(2, claimed(events.KindPhone, "+821000007730")),
	}, 1))
	for typed, want := range map[string][]string{
		"7730": {"+821000007730", "+821048217730"}, "010-4821": {"+821048217730"}, "+82 10-4821-7730": {"+821048217730"}, "9999": nil,
	} {
		digits, ok := events.PhoneQuery(typed)
		got, err := room.ByDigits(t.Context(), v, digits, 10)
		slices.Sort(got)
		if !ok || err != nil || !slices.Equal(got, want) {
			t.Errorf("%s finds %v, %v; want %v", typed, got, err, want)
		}
	}
}

// A browser that claims many numbers ending like somebody's does not push that somebody out of the answer.
func TestClaimedPhonesHideNobody(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	list := []events.Event{event(0, asserted(events.KindPhone, "+821099997730"))}
	for i := range 100 {
		list = append(list, event(1+i, claimed(events.KindPhone, fmt.Sprintf("+821000%02d7730", i))))
	}
	got, err := room.ByDigits(t.Context(), view(t, fold(t, room, list, 10)), "7730", 20)
	if err != nil || len(got) != 21 || got[0] != "+821099997730" {
		t.Errorf("%d numbers, the first %v, %v; want the asserted one and 20 claimed", len(got), got[:1], err)
	}
}

func BenchmarkFold(b *testing.B) { roomtest.Bench(b, newRoom(b, nil)) }
