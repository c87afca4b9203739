package replay_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
)

// asOf folds a generation as of an instant, as c360 replay does, and shows it.
func (h *house) asOf(t *testing.T, at projections.Instant) *dataset.Source {
	t.Helper()
	factory, err := sqlitestore.NewFactory(t.TempDir(), sqlitestore.Options{})
	must(t, err)
	g := projections.NewGenerations(projections.GenerationsOptions{
		Engine:  projections.Options{Log: h.log, Rooms: h.rooms, Now: time.Now, Logger: discard()},
		Factory: factory, Rules: h.who.Rules().Hash(),
	})
	built, err := g.Build(t.Context(), projections.Plan{Kind: projections.KindAsOf, At: at}, nil)
	must(t, err)
	v, err := g.View(t.Context(), built.ID)
	must(t, err)
	t.Cleanup(func() {
		v.Close()
		must(t, g.Stop())
	})
	return &dataset.Source{View: v, Log: h.log, Identity: h.who, Profile: h.like, At: at}
}

// exported are the files of an export, without the manifest.
func exported(t *testing.T, s *dataset.Source, tables ...string) map[string]string {
	t.Helper()
	o := options(t, s, "ndjson")
	var err error
	o.Tables, err = dataset.Select(tables)
	must(t, err)
	_, err = replay.Export(t.Context(), o)
	must(t, err)
	all := files(t, o.Dir)
	delete(all, replay.ManifestName)
	return all
}

// TestKnownAt holds the export as of every position against that of a house that was told no more than that.
func TestKnownAt(t *testing.T) {
	t.Parallel()
	all := readTold(t)
	h := openHouse(t, all)
	for n := 1; n <= len(all); n++ {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			want := exported(t, openHouse(t, all[:n]).source(t))
			got := exported(t, h.asOf(t, projections.Instant{Known: events.Position(n)}))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("known at %d is not what a fresh house knows (-fresh +as of):\n%s", n, d)
			}
		})
	}
}

// TestAsOf does so for what had happened by a time, whenever it was heard of. Who hears of less has other positions,
// so events are held against each other by name.
func TestAsOf(t *testing.T) {
	t.Parallel()
	all := readTold(t)
	h := openHouse(t, all)
	rest := []string{"customers", "fragments", "identifiers", "links", "orders", "cases", "consents"}
	for i := range all {
		t.Run(all[i].ID, func(t *testing.T) {
			t.Parallel()
			at := projections.Instant{Occurred: all[i].Time}
			var held []told
			for _, x := range all {
				if !x.Time.After(at.Occurred) {
					held = append(held, x)
				}
			}
			fresh, past := openHouse(t, held).source(t), h.asOf(t, at)
			fresh.At = at // what counts as today
			if d := cmp.Diff(exported(t, fresh, rest...), exported(t, past, rest...)); d != "" {
				t.Errorf("as of %s is not what a fresh house knows (-fresh +as of):\n%s", at, d)
			}
			if d := cmp.Diff(names(t, fresh), names(t, past)); d != "" {
				t.Errorf("events as of %s (-fresh +as of):\n%s", at, d)
			}
		})
	}
}

// names are the ids of the events of an export.
func names(t *testing.T, s *dataset.Source) []string {
	t.Helper()
	table := dataset.All()[0]
	place := table.Place("id")
	var all []string
	must(t, table.Rows(t.Context(), s, dataset.Query{}, func(b *dataset.Batch) error {
		for v := range b.Column(place) {
			all = append(all, v.Text())
		}
		return nil
	}))
	return all
}
