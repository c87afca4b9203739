package projections_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// gradual is a log that is given out little by little.
type gradual struct {
	events.Log
	given atomic.Uint64
	more  chan struct{}
}

func (g *gradual) Head(ctx context.Context) (events.Head, error) {
	at, err := g.At(ctx, events.Position(g.given.Load()))
	if err != nil {
		return events.Head{}, err
	}
	return events.Head{Position: at[0].Position, Hash: at[0].Hash}, nil
}

func (g *gradual) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	return g.Log.Read(ctx, after, min(limit, max(0, int(g.given.Load())-int(after))))
}

func (g *gradual) Wait(ctx context.Context, after events.Position) error {
	for g.given.Load() <= uint64(after) {
		select {
		case <-g.more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (g *gradual) give(to events.Position) {
	g.given.Store(uint64(to))
	g.more <- struct{}{}
}

// looksAt waits until a generation shows a position.
func (h *house) looksAt(t *testing.T, id string, p events.Position) {
	t.Helper()
	for t.Context().Err() == nil {
		v, err := h.gens.View(t.Context(), id)
		must(t, err)
		at := v.Checkpoint().Position
		v.Close()
		if at == p {
			return
		}
		runtime.Gosched()
	}
}

func (h *house) wantPrefix(t *testing.T, id string, p events.Position) {
	t.Helper()
	fresh := setup(t)
	fresh.opts.Log = h.log
	must(t, fresh.engine(t).RunTo(t.Context(), p))
	view := looking{func(ctx context.Context) (projections.View, error) { return h.gens.View(ctx, id) }}
	if got, want := digest(t, view, h.opts.Rooms, true), fresh.digest(t, true); got != want {
		t.Errorf("generation %s\n%sa fresh fold up to %d\n%s", id, got, p, want)
	}
}

// TestSandbox: a sandbox begins at its instant and follows what is replayed to it, while the live generation goes its own
// way; it cannot be swapped in, and after a restart it stands still where it was.
func TestSandbox(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(300, 30)...)))
	for _, from := range []events.Position{100, 0} {
		replayed := &gradual{Log: h.log, more: make(chan struct{})}
		replayed.given.Store(uint64(max(from, 1)))
		g, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindSandbox, At: projections.Instant{Known: from}, Log: replayed}, nil)
		must(t, err)
		h.looksAt(t, g.ID, max(from, 1))
		replayed.give(150)
		h.looksAt(t, g.ID, 150)
		h.wantPrefix(t, g.ID, 150)
		if now, err := h.gens.Get(t.Context(), g.ID); err != nil || now.Folded != 150 || now.Kind != projections.KindSandbox {
			t.Errorf("it says %+v, %v", now, err)
		}
		if err := h.gens.Swap(t.Context(), g.ID, nil); !errors.Is(err, projections.ErrStandsStill) {
			t.Errorf("a swap to a sandbox: %v", err)
		}
		replayed.give(170)
		h.looksAt(t, g.ID, 170)
		if from == 0 {
			must(t, h.gens.Drop(t.Context(), g.ID))
			continue
		}
		must(t, h.restart(t))
		if now, err := h.gens.Get(t.Context(), g.ID); err != nil || now.Folded != 170 || now.State != projections.GenerationReady {
			t.Errorf("after a restart it says %+v, %v", now, err)
		}
		h.wantPrefix(t, g.ID, 170)
	}
	if h.liveID(t) != "000001" || checkpointOfLive(t, h) != 300 {
		t.Errorf("live is %s at %d", h.liveID(t), checkpointOfLive(t, h))
	}
}

// TestViewsOfMany: any generation that is ready can be read, few are kept open, and a view stays whole when its
// generation is closed or dropped beneath it.
func TestViewsOfMany(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(300, 30)...)))
	var ids []string
	for p := events.Position(50); p <= 250; p += 50 {
		g, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Known: p}}, nil)
		must(t, err)
		ids = append(ids, g.ID)
	}
	held, err := h.gens.View(t.Context(), ids[0])
	must(t, err)
	for round := range 2 {
		for i, id := range ids {
			h.looksAt(t, id, events.Position(50+50*i))
			h.wantPrefix(t, id, events.Position(50+50*i))
		}
		registry := prometheus.NewPedanticRegistry()
		must(t, registry.Register(h.gens))
		if got := scrape(t, registry); got["c360_generations_open"] > 4 || got["c360_generations ready"] != 5 {
			t.Errorf("round %d: %v", round, got)
		}
	}
	lines := 0
	must(t, held.Scan(t.Context(), tallyLines, projections.Range{}, func(projections.Row) (bool, error) { lines++; return true, nil }))
	held.Close()
	if lines != 50 {
		t.Errorf("the view that was held shows %d lines", lines)
	}
	must(t, h.gens.Drop(t.Context(), ids[0]))
	if _, err := h.gens.View(t.Context(), ids[0]); !errors.Is(err, projections.ErrUnknownGeneration) {
		t.Errorf("a view of what was dropped: %v", err)
	}
	h.looksAt(t, h.liveID(t), 300)
}

// TestWhatIf: history under other rules is folded by other rooms, found again after a restart, and compared with what is.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	other := newTally()
	other.version = 7
	roomsFor := func(o *projections.GenerationsOptions) {
		o.Rules = "production"
		o.RoomsFor = func(set json.RawMessage) ([]projections.Room, string, error) {
			if string(set) == `"bad"` {
				return nil, "", errors.New("no rule is called bad")
			}
			return []projections.Room{other}, "other", nil
		}
	}
	h.gens = h.oftenDurable(t, roomsFor)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(300, 30)...)))
	g, err := h.gens.Build(t.Context(), projections.Plan{Kind: projections.KindWhatIf, Rules: json.RawMessage(`{"a": 1}`), Note: "try"}, nil)
	must(t, err)
	if g.Rules != "other" || g.Rooms[0] != "tally@7" || g.Folded != 300 || g.Head != 300 || g.Code != "1.0" || g.Note != "try" {
		t.Errorf("it says %+v", g)
	}
	must(t, h.gens.Stop())
	h.gens = h.oftenDurable(t, roomsFor)
	must(t, h.gens.Start(t.Context()))
	h.wantPrefix(t, g.ID, 300)
	if err := h.gens.Swap(t.Context(), g.ID, nil); !errors.Is(err, projections.ErrStandsStill) {
		t.Errorf("a swap to a what-if: %v", err)
	}
	for _, c := range []struct {
		field string
		plan  projections.Plan
	}{
		{"rules", projections.Plan{Kind: projections.KindWhatIf, Rules: json.RawMessage(`"bad"`)}},
		{"rules", projections.Plan{Kind: projections.KindWhatIf}},
		{"rules", projections.Plan{Kind: projections.KindRebuild, Rules: json.RawMessage(`{}`)}},
		{"at", projections.Plan{Kind: projections.KindAsOf}},
		{"at", projections.Plan{Kind: projections.KindAsOf, At: projections.Instant{Known: 301}}},
		{"at", projections.Plan{Kind: projections.KindRebuild, At: projections.Instant{Known: 3}}},
		{"kind", projections.Plan{Kind: projections.KindFirst}},
	} {
		var wrong *projections.PlanError
		if _, err := h.gens.Build(t.Context(), c.plan, nil); !errors.As(err, &wrong) || wrong.Field != c.field {
			t.Errorf("%+v: %v", c.plan, err)
		}
	}
}

// TestBuildThatFails: it leaves its record with the reason and nothing else, and the next one of its kind takes the
// record away; the live generation goes on.
func TestBuildThatFails(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	unruly := newTally()
	unruly.unruly = true
	h.gens = h.oftenDurable(t, func(o *projections.GenerationsOptions) {
		o.RoomsFor = func(json.RawMessage) ([]projections.Room, string, error) {
			return []projections.Room{unruly}, "unruly", nil
		}
	})
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, append(many(30, 3), event(99, "anna", "settle.fails"))...)))
	whatIf := projections.Plan{Kind: projections.KindWhatIf, Rules: json.RawMessage(`{}`)}
	for _, id := range []string{"000002", "000003"} {
		if _, err := h.gens.Build(t.Context(), whatIf, nil); !errors.Is(err, projections.ErrFatal) {
			t.Fatalf("it said %v", err)
		}
		g, err := h.gens.Get(t.Context(), id)
		must(t, err)
		files, err := filepath.Glob(filepath.Join(h.dir, id+".db*"))
		must(t, err)
		if g.State != projections.GenerationFailed || g.Error == "" || g.FinishedAt.IsZero() || len(files) != 0 {
			t.Errorf("left behind: %+v, %v", g, files)
		}
	}
	if _, err := h.gens.View(t.Context(), "000003"); !errors.Is(err, projections.ErrNotReady) {
		t.Errorf("a view of what failed: %v", err)
	}
	must(t, h.gens.Live().Await(t.Context(), h.add(t, event(100, "anna", "page.viewed"))))
}

// TestOldRecord: what an older program wrote down about a generation is read.
func TestOldRecord(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Stop())
	path := filepath.Join(h.dir, "000001.json")
	text, err := os.ReadFile(path)
	must(t, err)
	var record map[string]any
	must(t, json.Unmarshal(text, &record))
	old := map[string]any{}
	for _, name := range []string{"id", "kind", "state", "created_at", "rooms", "rules", "fingerprint", "head", "head_hash", "folded"} {
		old[name] = record[name]
	}
	text, err = json.Marshal(old)
	must(t, err)
	must(t, os.WriteFile(path, text, 0o600))
	must(t, h.restart(t))
	g, err := h.gens.Get(t.Context(), "000001")
	must(t, err)
	if !g.Live || !g.At.Now() || !g.Follows() || g.CreatedAt.IsZero() {
		t.Errorf("it is read as %+v", g)
	}
}
