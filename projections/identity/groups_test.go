package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/roomtest"
)

// TestGroupsOf asks for some fragments and demands what Groups says of their customers, and of nobody else.
func TestGroupsOf(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		log := roomtest.Record(roomtest.Generate(rapid.Uint64().Draw(t, "events"), roomtest.Options{Events: 80, People: 8, Shared: 30, Decisions: 8}))
		store := roomtest.NewStore()
		if err := roomtest.Fold(t.Context(), store, log, 20, room); err != nil {
			t.Fatal(err)
		}
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		var some []uuid.UUID
		whose := map[uuid.UUID]uuid.UUID{}
		asked := map[uuid.UUID]bool{}
		if err := room.EachFragment(t.Context(), v, func(f, customer uuid.UUID) error {
			if whose[f] = customer; rapid.IntRange(0, 3).Draw(t, "asked") == 0 {
				some, asked[customer] = append(some, f), true
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		want, err := room.Groups(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		for f := range want {
			if !asked[whose[f]] {
				delete(want, f)
			}
		}
		got, err := room.GroupsOf(t.Context(), v, append(some, uuid.UUID{1}))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%v (-all +some):\n%s", err, diff)
		}
	})
}
