package projections_test

import (
	"testing"

	"github.com/c360hq/c360/projections"
)

// TestAsOfBesideWhatIsParked: what had not happened yet at the instant of a generation does not queue in it behind what
// is parked there, any more than it would in a store that was fed nothing else.
func TestAsOfBesideWhatIsParked(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	poison := event(1, "anna", "fold.fails")
	must(t, h.gens.Live().Await(t.Context(), h.add(t, poison, event(2, "anna", "page.viewed"), event(0, "anna", "call.ended"))))
	g, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Occurred: poison.Time}}, nil)
	must(t, err)
	if g.Parked != 2 || g.Events != 2 {
		t.Errorf("of %d events %d are parked, want two and both", g.Events, g.Parked)
	}
}
