package identity_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/roomtest"
)

// TestGroups folds the histories of people who share identifiers, and are linked and unlinked, and checks that the customers
// of several fragments are written down as the fragments themselves say.
func TestGroups(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		log := roomtest.Record(roomtest.Generate(rapid.Uint64().Draw(t, "events"), roomtest.Options{Events: 150, People: 8, Shared: 30, Decisions: 20}))
		store := roomtest.NewStore()
		if err := roomtest.Fold(t.Context(), store, log, rapid.SampledFrom([]int{1, 7, 60}).Draw(t, "batch"), room); err != nil {
			t.Fatal(err)
		}
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		of := map[uuid.UUID][]uuid.UUID{}
		if err := room.EachFragment(t.Context(), v, func(f, customer uuid.UUID) error {
			of[customer] = append(of[customer], f)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		groups, err := room.Groups(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		for customer, want := range of {
			if len(want) < 2 {
				want = nil
			}
			if got := groups[customer]; !slices.Equal(got, want) {
				t.Fatalf("customer %s: %v, want %v", customer, got, want)
			}
		}
	})
}
