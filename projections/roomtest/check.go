package roomtest

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// OrderFree checks that a room makes the same rows of the same events in any order, with any of them repeated, in
// batches of any size, and with states kept from batch to batch or read anew.
func OrderFree(t *testing.T, o Options, room projections.Room) {
	t.Helper()
	OrderFreeOf(t, room, func(t *rapid.T) []events.Event { return Generate(rapid.Uint64().Draw(t, "events"), o) })
}

// OrderFreeOf is OrderFree for events that draw makes.
func OrderFreeOf(t *testing.T, room projections.Room, draw func(*rapid.T) []events.Event) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		list := draw(t)
		want := digestOf(t, Record(list), len(list), room)
		shuffled := Record(Shuffle(rapid.Uint64().Draw(t, "order"), list))
		size := rapid.SampledFrom([]int{1, 2, 7, 50, len(list)}).Draw(t, "batch")
		if got := digestOf(t, shuffled, size, room); got != want {
			t.Fatalf("in order, one batch:\n%sshuffled, batches of %d:\n%s", want, size, got)
		}
	})
}

func digestOf(t *rapid.T, log []events.Recorded, batch int, room projections.Room) string {
	store := NewStore()
	if err := Fold(t.Context(), store, log, batch, room); err != nil {
		t.Fatal(err)
	}
	digest, err := Digest(t.Context(), store, room)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// Fataler is what *testing.T and *rapid.T have in common here.
type Fataler interface {
	Helper()
	Context() context.Context
	Fatalf(format string, args ...any)
}
