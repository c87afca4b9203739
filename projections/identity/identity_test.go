package identity_test

import (
	"testing"

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

func BenchmarkFold(b *testing.B) { roomtest.Bench(b, newRoom(b, nil)) }
