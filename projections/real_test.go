package projections_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

// realRooms are the rooms c360 serves from.
func realRooms(t testing.TB) []projections.Room {
	t.Helper()
	ties, err := identity.New(identity.DefaultRules())
	must(t, err)
	return []projections.Room{ties, profile.New(), timeline.New(), history.New()}
}

// lives is a small town and what its people leave behind.
var lives = roomtest.Options{People: 20, Events: 200, Decisions: 6, Shared: 10}

// TestAnyOrder: the same events in any order, with any of them sent again, in batches of any size, with states kept
// or read anew and engines that stop on the way, make the same rows.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		list := roomtest.Generate(rapid.Uint64().Draw(r, "events"), lives)
		straight := setup(t, realRooms(t)...)
		must(t, straight.engine(t).RunTo(t.Context(), straight.add(t, list...)))

		other := setup(t, realRooms(t)...)
		other.add(t, roomtest.Shuffle(rapid.Uint64().Draw(r, "order"), list)...)
		other.opts.BatchEvents = rapid.SampledFrom([]int{1, 3, 40, 5000}).Draw(r, "batch")
		other.opts.CacheBytes = rapid.SampledFrom([]int{-1, 50_000, 0}).Draw(r, "cache")
		head := other.head(t)
		for stop := events.Position(0); stop < head; {
			stop = min(head, stop+events.Position(rapid.IntRange(30, 400).Draw(r, "run")))
			must(t, other.engine(t).RunTo(t.Context(), stop))
		}
		if got, want := other.digest(t, false), straight.digest(t, false); got != want {
			r.Fatalf("shuffled\n%sstraight\n%s", got, want)
		}
	})
}

// TestRebuildIsLive: a rebuild in bulk and the live generation hold the same bytes, positions included.
func TestRebuildIsLive(t *testing.T) {
	t.Parallel()
	h := setupHouse(t, realRooms(t)...)
	must(t, h.gens.Start(t.Context()))
	list := roomtest.Generate(7, roomtest.Options{People: 300, Events: 6000, Decisions: 30, Shared: 5})
	for len(list) > 0 {
		n := min(len(list), 611)
		must(t, h.gens.Live().Await(t.Context(), h.add(t, list[:n]...)))
		list = list[n:]
	}
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	d, err := h.gens.Compare(t.Context(), g.ID, nil)
	must(t, err)
	for _, table := range d.Tables {
		if !table.Identical {
			t.Errorf("%+v", table)
		}
	}
	if d.Before.Position != h.head(t) || len(d.Tables) < 10 {
		t.Errorf("compared %d tables at %d", len(d.Tables), d.Before.Position)
	}
}
