package projections_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// TestFailed: that folding has ended for good is told once, of whichever generation is live by then; that one was
// swapped out or all were stopped is no failure.
func TestFailed(t *testing.T) {
	t.Parallel()
	room := newTally()
	room.unruly = true
	h := setupHouse(t, room)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(50, 5)...)))
	for range 2 {
		g, err := h.gens.Rebuild(t.Context(), nil)
		must(t, err)
		must(t, h.gens.Swap(t.Context(), g.ID, nil))
	}
	select {
	case err := <-h.gens.Failed():
		t.Fatalf("a swap is told as a failure: %v", err)
	default:
	}
	h.add(t, event(900, "anna", "settle.fails"))
	if err := <-h.gens.Failed(); !errors.Is(err, projections.ErrFatal) {
		t.Errorf("folding ended with %v, want ErrFatal", err)
	}
}

// TestStopIsNoFailure: who stops the generations is not told that they failed.
func TestStopIsNoFailure(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(10, 5)...)))
	must(t, h.gens.Stop())
	select {
	case err := <-h.gens.Failed():
		t.Errorf("stopping is told as a failure: %v", err)
	default:
	}
}

// TestFolded: the list says how far each generation is, also the one that was swapped out, also after a restart.
func TestFolded(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(50, 5)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Live().Await(t.Context(), h.add(t, event(900, "anna", "page.viewed"))))
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	last := h.add(t, event(901, "anna", "page.viewed"))
	must(t, h.gens.Live().Await(t.Context(), last))
	h.wantFolded(t, 51, last)
	must(t, h.restart(t))
	h.wantFolded(t, 51, last)
}

func (h *house) wantFolded(t *testing.T, want ...events.Position) {
	t.Helper()
	all, err := h.gens.List(t.Context())
	must(t, err)
	var got []events.Position
	for _, g := range all {
		got = append(got, g.Folded)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the generations are folded to %v, want %v", got, want)
	}
}
