package query_test

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
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

// drops removes a generation.
func (h *house) drops(id string) {
	h.t.Helper()
	h.get("generation", "/v1/generations/"+id, http.StatusOK, nil)
	h.remove("/v1/generations/"+id, http.StatusAccepted)
	h.get("generation", "/v1/generations/"+id, http.StatusNotFound, nil)
}

func (h *house) remove(path string, status int) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodDelete, h.server.URL+path, http.NoBody)
	must(h.t, err)
	h.do("dropGeneration", r, status, nil)
}

// TestGenerationsOfOtherWorlds: an as-of, a what-if and a sandbox are built by one call each, say what they are made of,
// cannot be swapped in, and can be dropped.
func TestGenerationsOfOtherWorlds(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	head, err := h.log.Head(t.Context())
	must(t, err)
	for _, c := range []struct {
		body  string
		known events.Position
		rules bool
	}{
		{`{"kind":"as-of","known_at":"3","note":"before the call"}`, 3, false},
		{`{"kind":"as-of","as_of":"2026-11-20"}`, head.Position, false},
		{`{"kind":"what-if","rules":{"max_component":2}}`, head.Position, true},
		{`{"kind":"sandbox","known_at":"4"}`, 4, false},
	} {
		id := h.builds(c.body)
		var g query.GenerationState
		h.get("generation", "/v1/generations/"+id, http.StatusOK, &g)
		if g.Position != c.known || g.Head != head.Position || g.HeadHash == "" || g.Code != "test" || len(g.Rooms) != 6 || g.Rows == 0 ||
			g.Events == 0 || g.Events > uint64(c.known) || g.FinishedAt == nil || (string(g.RuleSet) != "null") != c.rules {
			t.Errorf("%s is %+v", c.body, g)
		}
		var p struct{ Detail string }
		h.post("swap", "/v1/generations/"+id+"/swap", "", http.StatusConflict, &p)
		if !strings.Contains(p.Detail, "stands still") || !strings.Contains(p.Detail, "rebuild") {
			t.Errorf("a swap to it is refused with %q", p.Detail)
		}
		h.drops(id)
	}
}

// TestWrongGenerations: what cannot be built is refused at the place that is to blame.
func TestWrongGenerations(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	for body, pointer := range map[string]string{
		`{"kind":"as_of"}`: "/kind", `{"kind":""}`: "/kind", `{"kind":"first"}`: "/kind", `{"kind":"rebuild","known_at":"2"}`: "/known_at",
		`{"kind":"as-of"}`: "/known_at", `{"kind":"as-of","known_at":"99999"}`: "/known_at", `{"kind":"as-of","known_at":"soon"}`: "/known_at",
		`{"kind":"as-of","known_at":"1999-01-01"}`: "/known_at", `{"kind":"as-of","as_of":"5 o'clock"}`: "/as_of",
		`{"kind":"what-if"}`: "/rules", `{"kind":"what-if","rules":{"max_component":"many"}}`: "/rules/max_component",
		`{"kind":"what-if","rules":{"limit":3}}`: "/rules/limit", `{"kind":"rebuild","rules":{}}`: "/rules",
		`{"kind":"rebuild","speed":"10x"}`: "/speed", `{"kind":"sandbox","speed":"10x"}`: "/known_at",
		`{"kind":"sandbox","known_at":"3","speed":"10x"}`:                      "/speed", // this house cannot replay
		`{"kind":"sandbox","known_at":"3","as_of":"2026-11-20","speed":"10x"}`: "/as_of",
		`{"kind":"rebuild","note":"` + strings.Repeat("x", 1001) + `"}`:        "/note",
	} {
		var p struct{ Detail, Pointer string }
		h.post("createGeneration", "/v1/generations", body, http.StatusBadRequest, &p)
		if p.Pointer != pointer || p.Detail == "" {
			t.Errorf("%.60s is refused at %q: %s", body, p.Pointer, p.Detail)
		}
	}
	h.remove("/v1/generations/77", http.StatusNotFound)
	h.remove("/v1/generations/000001", http.StatusConflict)
	h.post("swap", "/v1/generations/77/swap", "", http.StatusNotFound, nil)
	var at query.ProjectionsAnswer
	h.get("projections", "/v1/projections", http.StatusOK, &at)
	if at.Rebuild != nil {
		t.Errorf("what was refused is told as %+v", at.Rebuild)
	}
}

// gate is a read model that can be made to wait.
type gate struct {
	broken
	reached chan struct{}
	shut    atomic.Bool
}

func (r *gate) Fold(_ *projections.Batch, _ *projections.Touch) error {
	if r.shut.Load() {
		close(r.reached)
		for r.shut.Load() {
			runtime.Gosched()
		}
	}
	return nil
}

// TestDropWhileBuilding: a build under way is told of, keeps others from beginning, and ends when it is dropped.
func TestDropWhileBuilding(t *testing.T) {
	t.Parallel()
	room := &gate{reached: make(chan struct{})}
	h := openHouseWith(t, func(o *projections.Options) { o.Rooms = append(o.Rooms, room) })
	tellSeoyeon(h)
	room.shut.Store(true)
	var made query.GenerationAccepted
	h.post("createGeneration", "/v1/generations", `{"kind":"rebuild"}`, http.StatusAccepted, &made)
	<-room.reached
	var g query.GenerationState
	h.get("generation", "/v1/generations/"+made.ID, http.StatusOK, &g)
	if g.State != "building" || g.Phase != "folding" || g.Target == 0 {
		t.Errorf("while it is built it is %+v", g)
	}
	h.post("createGeneration", "/v1/generations", `{"kind":"rebuild"}`, http.StatusConflict, nil)
	h.remove("/v1/generations/000001", http.StatusConflict)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		h.remove("/v1/generations/"+made.ID, http.StatusAccepted)
	}()
	room.shut.Store(false)
	<-gone
	h.get("generation", "/v1/generations/"+made.ID, http.StatusNotFound, nil)
	var at query.ProjectionsAnswer
	h.get("projections", "/v1/projections", http.StatusOK, &at)
	if at.Rebuild != nil && at.Rebuild.State == "failed" {
		t.Errorf("what was dropped is told as %+v", at.Rebuild)
	}
}

// delayed are generations one of which is being built and waits.
type delayed struct{ query.Generations }

func (delayed) Progress() *projections.Progress {
	return &projections.Progress{Generation: "000001", Phase: projections.PhaseIndexing, Waits: "the engine is away"}
}

// TestGenerationsSayWhatTheyWaitFor: a build that is interrupted says by what, wherever it is told of.
func TestGenerationsSayWhatTheyWaitFor(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.Generations = delayed{c.Generations} })
	var g query.GenerationState
	h.get("generation", "/v1/generations/000001", http.StatusOK, &g)
	var at query.ProjectionsAnswer
	h.get("projections", "/v1/projections", http.StatusOK, &at)
	if g.Waits != "the engine is away" || at.Rebuild == nil || at.Rebuild.Waits != g.Waits {
		t.Errorf("it says %+v and %+v", g, at.Rebuild)
	}
}
