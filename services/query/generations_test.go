package query_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

// TestSwapToTheLiveOne: to swap to what serves already is refused with a word on it.
func TestSwapToTheLiveOne(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	var at query.ProjectionsAnswer
	h.get("projections", "/v1/projections", http.StatusOK, &at)
	var p struct{ Detail string }
	h.post("swap", "/v1/generations/"+at.Generation+"/swap", "", http.StatusConflict, &p)
	if !strings.Contains(p.Detail, "serves already") {
		t.Errorf("refused with %q", p.Detail)
	}
	h.get("projections", "/v1/projections", http.StatusOK, &at)
	if at.Rebuild != nil {
		t.Errorf("a swap that was refused is told as %+v", at.Rebuild)
	}
}

// TestGenerationsSayHowFarTheyAre: one that was swapped out shows where it was left, not where it began.
func TestGenerationsSayHowFarTheyAre(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	left, err := h.log.Head(t.Context())
	must(t, err)
	var before query.ProjectionsAnswer
	h.get("projections", "/v1/projections", http.StatusOK, &before)
	must(t, h.generations.Swap(t.Context(), h.rebuilt(), nil))
	now := h.happens(touch(day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:C"))
	var all query.GenerationsAnswer
	h.get("generations", "/v1/generations", http.StatusOK, &all)
	if len(all.Generations) != 2 {
		t.Fatalf("%d generations, want 2", len(all.Generations))
	}
	for _, g := range all.Generations {
		want, state := now, "serving"
		if g.ID == before.Generation {
			want, state = left.Position, "ready"
		}
		if g.Position != want || g.State != state {
			t.Errorf("generation %s is %s at %d, want %s at %d", g.ID, g.State, g.Position, state, want)
		}
	}
}
