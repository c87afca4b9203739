package segment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// TestAnyOrder folds the same events in order and as the network makes them, late, shuffled and repeated, with people
// linked and unlinked between, and asks the same rule: nobody comes or goes at another time.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p := compile(t, v, drawRule(d, 2))
		happened := roomtest.Generate(d.Uint64(), roomtest.Options{Events: 120, People: 6, Shared: 30, Decisions: 6})
		inOrder := folded(t, p, happened, 1000)
		shuffled := folded(t, p, roomtest.Shuffle(d.Uint64(), happened), d.between(1, 40))
		if diff := cmp.Diff(inOrder, shuffled); diff != "" {
			t.Fatalf("%s (-in order +shuffled)\n%s", p.Rule().JSON(), diff)
		}
	})
}

// folded returns everybody's entries and exits.
func folded(t *rapid.T, p *segment.Program, happened []events.Event, batch int) map[uuid.UUID][]standing.Change {
	who, err := identity.New(identity.DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	kept, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(happened), batch, who, kept); err != nil {
		t.Fatal(err)
	}
	view, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	groups, err := who.Groups(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}
	all := map[uuid.UUID][]standing.Change{}
	err = kept.Scan(t.Context(), view, groups, nil, nil, func(h *history.History) error {
		from := h.Touchpoints[0].At - day
		all[h.Customer] = standing.Changes(p, h, from, from+500*day)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
