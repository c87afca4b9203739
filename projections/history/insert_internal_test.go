package history

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// TestInsert puts touchpoints late among those of a head, of which every third is a landmark: all that is counted is as if they
// had come in order.
func TestInsert(t *testing.T) {
	t.Parallel()
	inserted := 0
	for seed := range uint64(2000) {
		dice := rand.New(rand.NewPCG(360, seed))
		all := someTouchpoints(dice)
		early, late := all, []Touchpoint(nil)
		for range 1 + dice.IntN(3) {
			i := dice.IntN(len(early))
			late = append(late, early[i])
			early = slices.Delete(slices.Clone(early), i, i+1)
		}
		slices.SortFunc(late, func(a, b Touchpoint) int { return compare(&a, &b) })
		got, want := extended(t, early), extended(t, all)
		done, err := got.insert(batchOf(t), uuid.UUID{1}, late)
		if err != nil {
			t.Fatal(err)
		}
		if !done {
			continue
		}
		inserted++
		if got.sides != want.sides || got.total != want.total || got.lastAt != want.lastAt || got.lastKey != want.lastKey {
			t.Errorf("seed %d: %v of %d up to %d, in order %v of %d up to %d", seed, got.sides, got.total, got.lastAt, want.sides, want.total, want.lastAt)
		}
		if got.full != want.full || !got.equal(&want.packed) {
			t.Errorf("seed %d: the head is another", seed)
		}
	}
	if inserted < 200 {
		t.Errorf("only %d were inserted", inserted)
	}
}

func batchOf(t *testing.T) *projections.Batch {
	t.Helper()
	return projections.NewBatch(t.Context(), nil)
}

func extended(t *testing.T, list []Touchpoint) *chunk {
	t.Helper()
	c := &chunk{}
	if err := c.extend(batchOf(t), uuid.UUID{1}, list); err != nil {
		t.Fatal(err)
	}
	return c
}

func someTouchpoints(dice *rand.Rand) []Touchpoint {
	var all []Touchpoint
	for i := range 4 + dice.IntN(30) {
		x := Touchpoint{At: int64(i), Key: dice.Uint64(), Type: "page.viewed"}
		for landmark := dice.IntN(3) == 0; landmark && !x.isLandmark(); {
			x.Key = dice.Uint64()
		}
		if dice.IntN(2) == 0 {
			x.Type, x.Order = "order.completed", "A"
		}
		all = append(all, x)
	}
	return all
}

// TestLetGo: what was decoded of a history is let go of when its batch ends, the history is not. That it is asked to when a batch
// ends is a test of projections.
func TestLetGo(t *testing.T) {
	t.Parallel()
	b := batchOf(t)
	c := extended(t, someTouchpoints(rand.New(rand.NewPCG(360, 1))))
	first, err := c.unfold(b, uuid.UUID{1})
	if err != nil || len(first) == 0 || !c.isOpen {
		t.Fatalf("nothing was decoded: %d touchpoints, %v", len(first), err)
	}
	c.made = Merge(&Fragment{Touchpoints: first})
	c.close()
	if c.isOpen || c.open != nil || c.made != nil {
		t.Error("decoded touchpoints outlive their batch")
	}
	again, err := c.unfold(b, uuid.UUID{1})
	if err != nil || !slices.EqualFunc(first, again, func(a, b Touchpoint) bool { return compare(&a, &b) == 0 }) {
		t.Errorf("decoded again they are others: %d and %d, %v", len(first), len(again), err)
	}
}
