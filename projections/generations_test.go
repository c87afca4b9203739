package projections_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// house is a log and the generations folded from it.
type house struct {
	*bundle
	dir  string
	gens *projections.Generations
}

func setupHouse(t *testing.T, rooms ...projections.Room) *house {
	t.Helper()
	if len(rooms) == 0 {
		rooms = []projections.Room{newTally()}
	}
	log := memlog.New(time.Now)
	h := &house{bundle: &bundle{log: log, opts: options(log, rooms...)}, dir: filepath.Join(t.TempDir(), "views")}
	h.gens = h.generations(t)
	t.Cleanup(func() {
		must(t, h.gens.Stop())
		must(t, log.Close())
	})
	return h
}

func (h *house) factory(t testing.TB) projections.Factory {
	t.Helper()
	f, err := sqlitestore.NewFactory(h.dir, sqlitestore.Options{CacheBytes: 4 << 20})
	must(t, err)
	return f
}

func (h *house) generations(t testing.TB) *projections.Generations {
	t.Helper()
	return projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: h.factory(t)})
}

// restart stops the generations and starts new ones over the same folder.
func (h *house) restart(t *testing.T) error {
	t.Helper()
	must(t, h.gens.Stop())
	h.gens = h.generations(t)
	return h.gens.Start(t.Context())
}

func (h *house) liveID(t testing.TB) string {
	t.Helper()
	g, err := h.gens.Live().Generation()
	must(t, err)
	return g.ID
}

// TestRebuild: a rebuild is the live generation over again, by hash, and takes its place while readers look on.
func TestRebuild(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	live := h.gens.Live()
	must(t, live.Await(t.Context(), h.add(t, many(700, 60)...)))
	before := digest(t, live, h.opts.Rooms, true)

	var phases []string
	report := func(p projections.Progress) {
		if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
			phases = append(phases, p.Phase)
		}
	}
	g, err := h.gens.Rebuild(t.Context(), report)
	must(t, err)
	if g.ID != "000002" || g.State != projections.GenerationReady || g.Head != 700 || g.HeadHash == (events.Hash{}) || g.CreatedAt.IsZero() || fmt.Sprint(g.Rooms) != "[tally@1]" {
		t.Errorf("the generation says %+v", g)
	}
	must(t, live.Await(t.Context(), h.add(t, event(2000, "anna", "page.viewed"))))
	d, err := h.gens.Compare(t.Context(), g.ID, report)
	must(t, err)
	if !d.Same() || d.Before.Position != 701 || len(d.Tables) != 3 || !d.Tables[0].Identical || d.Tables[2].Before != 701 || d.Tables[2].After != 701 {
		t.Errorf("compared: %+v", d)
	}
	must(t, h.gens.Swap(t.Context(), g.ID, report))
	if id := h.liveID(t); id != g.ID {
		t.Errorf("live is %s", id)
	}
	const all = "[folding indexing catching up ready catching up comparing catching up ready swapping pointing turning swapped]"
	if got := fmt.Sprint(phases); got != all {
		t.Errorf("phases were %s, want %s", got, all)
	}
	if h.gens.Progress() != nil {
		t.Error("progress is still told of")
	}
	if after := digest(t, live, h.opts.Rooms, true); after == before {
		t.Error("the event after the rebuild is missing")
	}
	must(t, live.Await(t.Context(), h.add(t, event(2001, "anna", "page.viewed"))))
}

// TestRollback: the old generation is kept, can be swapped in again, and is brought up to date first.
func TestRollback(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(50, 5)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	last := h.add(t, event(900, "ben", "page.viewed"))
	must(t, h.gens.Live().Await(t.Context(), last))
	want := digest(t, h.gens.Live(), h.opts.Rooms, true)
	must(t, h.gens.Swap(t.Context(), "000001", nil))
	if id := h.liveID(t); id != "000001" {
		t.Fatalf("live is %s", id)
	}
	if got := digest(t, h.gens.Live(), h.opts.Rooms, true); got != want {
		t.Errorf("after the rollback\n%swant\n%s", got, want)
	}
	if err := h.gens.Drop(t.Context(), "000001"); err == nil {
		t.Error("the live generation was dropped")
	}
	must(t, h.gens.Drop(t.Context(), "000002"))
	if err := h.gens.Swap(t.Context(), "000002", nil); err == nil {
		t.Error("swapped to a generation that was dropped")
	}
	must(t, h.restart(t))
	if got := digest(t, h.gens.Live(), h.opts.Rooms, true); got != want || h.liveID(t) != "000001" {
		t.Errorf("after a restart, live %s\n%swant\n%s", h.liveID(t), got, want)
	}
}

// TestReadersDuringSwap: while generations come and go under load, no read fails, no view is torn, and nobody sees
// less than before.
func TestReadersDuringSwap(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	live := h.gens.Live()
	must(t, live.Await(t.Context(), h.add(t, many(200, 20)...)))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			var seen events.Position
			for n := 0; ; n++ {
				p, err := wholeView(t.Context(), live)
				if err != nil || p < seen {
					t.Errorf("read %d: at %d after %d, %v", n, p, seen, err)
					return
				}
				seen = p
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	readers.Go(func() {
		for i := 0; ; i++ {
			results, err := h.log.Append(t.Context(), events.Touchpoint(event(10_000+i, "anna", "page.viewed")))
			if err == nil {
				err = live.Await(t.Context(), results[0].Position)
			}
			if err != nil {
				t.Error(err)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for range 3 {
		g, err := h.gens.Rebuild(t.Context(), nil)
		must(t, err)
		must(t, h.gens.Swap(t.Context(), g.ID, nil))
	}
	close(done)
	readers.Wait()
}

// wholeView counts lines in a view, of which there must be one a position.
func wholeView(ctx context.Context, live *projections.Live) (events.Position, error) {
	v, err := live.View(ctx)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	lines := events.Position(0)
	err = v.Scan(ctx, tallyLines, projections.Range{}, func(projections.Row) (bool, error) { lines++; return true, nil })
	if lines != v.Checkpoint().Position {
		err = errors.Join(err, fmt.Errorf("%d lines at position %d", lines, v.Checkpoint().Position))
	}
	return lines, err
}

// TestOtherVersion: after the code changed, the old store is refused, and a rebuild puts it right without it.
func TestOtherVersion(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	last := h.add(t, many(40, 4)...)
	must(t, h.gens.Live().Await(t.Context(), last))
	newer := newTally()
	newer.version = 2
	h.opts.Rooms = []projections.Room{newer}
	if err := h.restart(t); !errors.Is(err, projections.ErrOtherVersion) {
		t.Fatalf("a store of another version: %v", err)
	}
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	must(t, h.restart(t))
	must(t, h.gens.Live().Await(t.Context(), last))
	if h.liveID(t) != g.ID {
		t.Errorf("live is %s", h.liveID(t))
	}
}

// TestLostLog: a store that is further than the log is refused, and a rebuild puts it right too.
func TestLostLog(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(40, 4)...)))
	h.log = memlog.New(time.Now)
	h.opts.Log = h.log
	last := h.add(t, many(30, 4)...)
	if err := h.restart(t); !errors.Is(err, projections.ErrDiverged) {
		t.Fatalf("a store that is further than its log: %v", err)
	}
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	must(t, h.restart(t))
	must(t, h.gens.Live().Await(t.Context(), last))
	if got := checkpointOfLive(t, h); got != 30 {
		t.Errorf("live is at %d", got)
	}
}

func checkpointOfLive(t testing.TB, h *house) events.Position {
	t.Helper()
	v, err := h.gens.Live().View(t.Context())
	must(t, err)
	defer v.Close()
	return v.Checkpoint().Position
}

// TestHalfWrittenPointer: what a crash may leave of the pointer's replacement is of no consequence.
func TestHalfWrittenPointer(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	for _, name := range []string{"live.tmp", "000001.json.tmp"} {
		must(t, os.WriteFile(filepath.Join(h.dir, name), []byte("0000"), 0o600))
	}
	must(t, h.restart(t))
	if h.liveID(t) != "000001" {
		t.Errorf("live is %s", h.liveID(t))
	}
}
