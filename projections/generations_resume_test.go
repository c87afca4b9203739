package projections_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// often is how often a bulk load is made durable in these tests, in events.
const often = 500

func (h *house) oftenDurable(t testing.TB, change ...func(*projections.GenerationsOptions)) *projections.Generations {
	t.Helper()
	f, err := sqlitestore.NewFactory(h.dir, sqlitestore.Options{CacheBytes: 4 << 20, BulkEvents: often})
	must(t, err)
	o := projections.GenerationsOptions{Engine: h.opts, Factory: f, Code: "1.0"}
	for _, c := range change {
		c(&o)
	}
	return projections.NewGenerations(o)
}

// until returns a report that calls stop once a build is past a position in a phase.
func until(phase string, p events.Position, stop func()) projections.Report {
	return func(now projections.Progress) {
		if now.Phase == phase && now.Position >= p {
			stop()
		}
	}
}

// stopping is a factory whose stores call stop in the middle of a bulk load.
type stopping struct {
	projections.Factory
	at   events.Position
	stop func()
}

func (f *stopping) Create(ctx context.Context, g projections.Generation, s projections.Spec, bulk bool) (projections.Store, error) {
	store, err := f.Factory.Create(ctx, g, s, bulk)
	return f.mortal(store, err, bulk)
}

func (f *stopping) Resume(ctx context.Context, id string, s projections.Spec) (projections.Store, error) {
	store, err := f.Factory.Resume(ctx, id, s)
	return f.mortal(store, err, true)
}

func (f *stopping) mortal(s projections.Store, err error, bulk bool) (projections.Store, error) {
	if err != nil || !bulk {
		return s, err
	}
	return &stoppingStore{s, f}, nil
}

type stoppingStore struct {
	projections.Store
	f *stopping
}

func (s *stoppingStore) Commit(ctx context.Context, c projections.Changes) error {
	if s.f.at > 0 && c.Checkpoint.Position > s.f.at {
		s.f.stop()
	}
	return s.Store.Commit(ctx, c)
}

// TestResumedBuild: a build that was told to stop, while it folds, builds indexes or catches up, is gone on with by the
// next one of the same plan, of every kind that can be.
func TestResumedBuild(t *testing.T) {
	t.Parallel()
	for _, plan := range []projections.Plan{
		{Kind: projections.KindRebuild},
		{Kind: projections.KindAsOf, At: projections.Instant{Known: 1900}},
		{Kind: projections.KindAsOf, At: projections.Instant{Occurred: event(1234, "", "").Time}},
	} {
		for _, phase := range []string{projections.PhaseFolding, projections.PhaseIndexing, projections.PhaseCatchingUp} {
			if phase == projections.PhaseCatchingUp && plan.Kind != projections.KindRebuild {
				continue
			}
			t.Run(plan.Kind+" "+plan.At.String()+" "+phase, func(t *testing.T) {
				t.Parallel()
				h := setupHouse(t)
				h.opts.BatchEvents = 50
				ctx, cancel := context.WithCancel(t.Context())
				h.gens = h.oftenDurable(t, func(o *projections.GenerationsOptions) {
					if phase == projections.PhaseFolding {
						o.Factory = &stopping{o.Factory, 700, cancel}
					}
				})
				must(t, h.gens.Start(t.Context()))
				must(t, h.gens.Live().Await(t.Context(), h.add(t, many(2000, 30)...)))
				report := until(phase, 1, cancel)
				if phase == projections.PhaseFolding {
					report = nil
				}
				if _, err := h.gens.Build(ctx, plan, report); !errors.Is(err, context.Canceled) {
					t.Fatalf("an interrupted build said %v", err)
				}
				must(t, h.gens.Live().Await(t.Context(), h.add(t, event(5000, "anna", "page.viewed"))))
				must(t, h.gens.Stop())
				h.gens = h.oftenDurable(t)
				must(t, h.gens.Start(t.Context()))
				began := events.Position(0)
				g, err := h.gens.Build(t.Context(), plan, func(p projections.Progress) {
					if began == 0 && p.Position > 0 {
						began = p.Position
					}
				})
				must(t, err)
				if g.ID != "000002" || began < 650 {
					t.Errorf("%s went on at %d", g.ID, began)
				}
				h.wantAsOf(t, g)
			})
		}
	}
}

// wantAsOf compares a generation with a store that was fed only what its instant holds.
func (h *house) wantAsOf(t *testing.T, g projections.Generation) {
	t.Helper()
	b := setup(t)
	all, err := h.log.Read(t.Context(), 0, 1<<20)
	must(t, err)
	held := uint64(0)
	for i := range all {
		if g.At.Holds(&all[i]) {
			b.add(t, all[i].Event)
			held++
		}
	}
	must(t, b.engine(t).RunTo(t.Context(), b.head(t)))
	withOrder := g.At.Occurred.IsZero() // what is left out makes positions differ
	view := looking{func(ctx context.Context) (projections.View, error) { return h.gens.View(ctx, g.ID) }}
	tables := []projections.Room{newTally()}
	if got, want := digestBut(t, view, tables, withOrder), digestBut(t, b.store, tables, withOrder); got != want {
		t.Errorf("generation %s\n%swant\n%s", g.ID, got, want)
	}
	if g.State != projections.GenerationReady || g.Events != held || g.Rows == 0 || g.FinishedAt.IsZero() {
		t.Errorf("it is described as %+v, it holds %d events", g, held)
	}
}

type looking struct {
	view func(context.Context) (projections.View, error)
}

func (v looking) View(ctx context.Context) (projections.View, error) { return v.view(ctx) }

// digestBut leaves out the lines, whose key is a position, when positions may differ.
func digestBut(t testing.TB, s interface {
	View(context.Context) (projections.View, error)
}, rooms []projections.Room, withOrder bool,
) string {
	t.Helper()
	text := digest(t, s, rooms, withOrder)
	if withOrder {
		return text
	}
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, tallyLines.Name) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestDoubtIsSwept: what another version, other rooms or another log began is not gone on with.
func TestDoubtIsSwept(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *house, *projections.GenerationsOptions){
		"other code":  func(_ *testing.T, _ *house, o *projections.GenerationsOptions) { o.Code = "1.1" },
		"other rules": func(_ *testing.T, _ *house, o *projections.GenerationsOptions) { o.Rules = "other" },
		"damaged": func(t *testing.T, h *house, _ *projections.GenerationsOptions) {
			must(t, os.WriteFile(filepath.Join(h.dir, "000001.db"), []byte("no database"), 0o600))
		},
		"missing": func(t *testing.T, h *house, _ *projections.GenerationsOptions) {
			must(t, os.Remove(filepath.Join(h.dir, "000001.db")))
		},
		"other log": func(t *testing.T, h *house, o *projections.GenerationsOptions) {
			other := setupHouse(t)
			other.add(t, many(2000, 31)...)
			h.log, o.Engine.Log = other.log, other.log
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setupHouse(t)
			h.opts.BatchEvents = 50
			h.add(t, many(2000, 30)...)
			ctx, cancel := context.WithCancel(t.Context())
			gens := h.oftenDurable(t, func(o *projections.GenerationsOptions) { o.Factory = &stopping{o.Factory, 900, cancel} })
			if _, err := gens.Rebuild(ctx, nil); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			began := events.Position(0)
			gens = h.oftenDurable(t, func(o *projections.GenerationsOptions) { change(t, h, o) })
			g, err := gens.Rebuild(t.Context(), func(p projections.Progress) {
				if p.Phase == projections.PhaseFolding && began == 0 && p.Rate == 0 {
					began = p.Position
				}
			})
			must(t, err)
			all, err := gens.List(t.Context())
			must(t, err)
			if began != 0 || len(all) != 1 || g.Events != 2000 {
				t.Errorf("went on at %d; there are %+v", began, all)
			}
			must(t, gens.Stop())
		})
	}
}

// TestResumeFails: what was built is not thrown away because it cannot be opened just now.
func TestResumeFails(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	h.opts.BatchEvents = 50
	h.add(t, many(2000, 30)...)
	ctx, cancel := context.WithCancel(t.Context())
	gens := h.oftenDurable(t, func(o *projections.GenerationsOptions) { o.Factory = &stopping{o.Factory, 900, cancel} })
	if _, err := gens.Rebuild(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	var f *failing
	gens = h.oftenDurable(t, func(o *projections.GenerationsOptions) {
		f = &failing{Factory: o.Factory, at: "resume"}
		o.Factory = f
	})
	if g, err := gens.Rebuild(t.Context(), nil); !errors.Is(err, errFactory) {
		t.Errorf("it made %+v, %v", g, err)
	}
	f.at = ""
	var began []events.Position
	g, err := gens.Rebuild(t.Context(), func(p projections.Progress) { began = append(began, p.Position) })
	must(t, err)
	if g.ID != "000001" || began[0] < 850 {
		t.Errorf("%s went on at %d", g.ID, began[0])
	}
	must(t, gens.Stop())
}

const (
	resumeDir = "C360_TEST_RESUME_DIR"
	resumeAt  = "C360_TEST_RESUME_AT"
)

// TestKilledRebuild kills (-9) a process that rebuilds, at random moments, again and again. Each goes on from the last
// durable checkpoint of the one before, and what comes of it is what an uninterrupted rebuild makes.
func TestKilledRebuild(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	dir, life, last := t.TempDir(), 0, 0
	for at := 1 + r.IntN(1500); at < resumedEvents; at += 1 + r.IntN(1500) {
		out, err := rebuildingChild(t, dir, at)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("seed %d: the process was to be killed past %d, but: %v\n%s", seed, at, err, out)
		}
		life, last = life+1, at
	}
	out, err := rebuildingChild(t, dir, 0)
	if err != nil {
		t.Fatalf("seed %d: the last process: %v\n%s", seed, err, out)
	}
	var from, id string
	for line := range strings.Lines(string(out)) {
		_, _ = fmt.Sscanf(line, "went on at %s with %s", &from, &id)
	}
	if n := number(from); n < last-2*often || n > last || id != "000001" {
		t.Errorf("seed %d: after %d kills the last process began at %q with generation %q", seed, life, from, id)
	}
	h := longHouseIn(t, dir)
	h.gens = h.oftenDurable(t)
	view := looking{func(ctx context.Context) (projections.View, error) { return h.gens.View(ctx, id) }}
	whole := longHouseIn(t, t.TempDir())
	whole.gens = whole.oftenDurable(t)
	g, err := whole.gens.Rebuild(t.Context(), nil)
	must(t, err)
	straight := looking{func(ctx context.Context) (projections.View, error) { return whole.gens.View(ctx, g.ID) }}
	if got, want := digest(t, view, h.opts.Rooms, true), digest(t, straight, h.opts.Rooms, true); got != want {
		t.Errorf("seed %d: after %d kills\n%san uninterrupted rebuild has\n%s", seed, life, got, want)
	}
	must(t, errors.Join(h.gens.Stop(), whole.gens.Stop()))
}

const resumedEvents = 6000

func number(text string) int {
	n := 0
	_, _ = fmt.Sscan(text, &n)
	return n
}

func longHouseIn(t testing.TB, dir string) *house {
	t.Helper()
	h := houseIn(t, dir)
	for _, e := range many(resumedEvents, 300)[400:] {
		h.add(t, e)
	}
	h.opts.BatchEvents = 40
	return h
}

func rebuildingChild(t *testing.T, dir string, at int) ([]byte, error) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRebuildingChild$", "-test.v")
	cmd.Env = append(os.Environ(), resumeDir+"="+dir, fmt.Sprintf("%s=%d", resumeAt, at))
	return cmd.CombinedOutput()
}

// TestRebuildingChild is the process that is killed. As part of an ordinary run it rebuilds and lives.
func TestRebuildingChild(t *testing.T) {
	dir := os.Getenv(resumeDir)
	if dir == "" {
		dir = t.TempDir()
	}
	h := longHouseIn(t, dir)
	gens := h.oftenDurable(t, func(o *projections.GenerationsOptions) {
		at := number(os.Getenv(resumeAt))
		o.Factory = &stopping{o.Factory, events.Position(at), func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }}
	})
	first := true
	g, err := gens.Rebuild(t.Context(), func(p projections.Progress) {
		if first {
			fmt.Printf("went on at %d with %s\n", p.Position, p.Generation)
		}
		first = false
	})
	must(t, err)
	if g.State != projections.GenerationReady {
		t.Errorf("it is %s", g.State)
	}
	must(t, gens.Stop())
}
