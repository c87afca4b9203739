package projections_test

import (
	"testing"

	"github.com/c360hq/c360/projections"
)

// TestPairIsLevel: two generations that follow the log are opened at one position, whichever is live, and the views go on
// showing it.
func TestPairIsLevel(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	first := h.liveID(t)
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(300, 30)...)))
	second, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	third, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	last := h.add(t, event(4000, "anna", "page.viewed"))
	must(t, h.gens.Live().Await(t.Context(), last))
	must(t, h.gens.Swap(t.Context(), second.ID, nil))
	for _, ids := range [][2]string{{"", first}, {first, second.ID}, {first, third.ID}, {third.ID, first}, {second.ID, third.ID}} {
		p, err := h.gens.Pair(t.Context(), ids[0], ids[1], nil)
		must(t, err)
		live := ids[0] == "" || ids[0] == second.ID || ids[1] == second.ID
		if at := p.A.Checkpoint().Position; p.Before.Position != at || p.After.Position != at || live && at != last || at < 301 {
			t.Errorf("%v are at %d and %d of %d", ids, p.Before.Position, p.After.Position, last)
		}
		must(t, h.gens.Live().Await(t.Context(), h.add(t, event(int(last)+9000, "ben", "page.viewed"))))
		last = h.head(t)
		d, err := p.Diff(t.Context(), projections.DiffOptions{})
		must(t, err)
		if !d.Same() || d.Before.ID == "" || d.After.ID != ids[1] || !d.Tables[0].Identical {
			t.Errorf("%v: %+v", ids, d)
		}
		p.Close()
	}
}

// TestPairOfThePast: a generation that stands still is compared as it is, and both positions are said.
func TestPairOfThePast(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(300, 30)...)))
	then, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Known: 200}}, nil)
	must(t, err)
	before := digest(t, h.gens.Live(), h.opts.Rooms, true)
	p, err := h.gens.Pair(t.Context(), then.ID, "", nil)
	must(t, err)
	defer p.Close()
	d, err := p.Diff(t.Context(), projections.DiffOptions{})
	must(t, err)
	if d.Before.Position != 200 || d.After.Position != 300 || d.Before.At.Known != 200 || d.Tables[2].Come != 100 || d.Tables[2].Gone != 0 {
		t.Errorf("%+v", d)
	}
	changed := map[string]bool{}
	page, err := h.log.Read(t.Context(), 200, 100)
	must(t, err)
	for i := range page {
		f, _ := page[i].Fragment()
		changed[f.String()] = true
	}
	if len(d.Concerned) != len(changed) {
		t.Errorf("%d fragments differ, %d have new events", len(d.Concerned), len(changed))
	}
	if after := digest(t, h.gens.Live(), h.opts.Rooms, true); after != before {
		t.Error("comparing has changed the live generation")
	}
}
