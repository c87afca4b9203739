package projections_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// The processes that are killed are this test binary again; killPhase tells it at which phase to die.
const (
	killPhase = "C360_TEST_KILL_PHASE"
	killDir   = "C360_TEST_KILL_DIR"
	killed    = 137
)

// TestKilled: a process that dies at any step of a rebuild and swap leaves one generation live, whole, and either
// the old or the new one; the next start goes on from there.
func TestKilled(t *testing.T) {
	t.Parallel()
	for phase, live := range map[string]string{
		projections.PhaseFolding: "000001", projections.PhaseIndexing: "000001", projections.PhaseCatchingUp: "000001",
		projections.PhaseReady: "000001", projections.PhaseComparing: "000001", projections.PhaseSwapping: "000001",
		projections.PhasePointing: "000001", projections.PhaseTurning: "000002", projections.PhaseSwapped: "000002",
	} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledChild$")
			cmd.Env = append(os.Environ(), killPhase+"="+phase, killDir+"="+dir)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != killed {
				t.Fatalf("the process was to be killed, but: %v\n%s", err, out)
			}
			h := houseIn(t, dir)
			must(t, h.gens.Start(t.Context()))
			must(t, h.gens.Live().Await(t.Context(), h.head(t)))
			if h.liveID(t) != live {
				t.Errorf("live is %s, want %s", h.liveID(t), live)
			}
			if got, want := digest(t, h.gens.Live(), h.opts.Rooms, true), want(t, h.bundle); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			all, err := h.gens.List(t.Context())
			must(t, err)
			begun := []string{projections.PhaseFolding, projections.PhaseIndexing, projections.PhaseCatchingUp}
			for _, g := range all {
				if unfinished := g.State == projections.GenerationLoading; unfinished != (g.ID == "000002" && slices.Contains(begun, phase)) {
					t.Errorf("left behind: %+v", g)
				}
			}
			must(t, h.gens.Stop())
		})
	}
}

// TestKilledWhileFolding: a process that dies between any two commits, or in one, leaves a store that goes on from
// its checkpoint and ends with the rows of one that never died.
func TestKilledWhileFolding(t *testing.T) {
	t.Parallel()
	dir, last := t.TempDir(), events.Position(0)
	for life := 1; ; life++ {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFoldingChild$")
		cmd.Env = append(os.Environ(), killPhase+"="+strconv.Itoa(37*life), killDir+"="+dir)
		out, err := cmd.CombinedOutput()
		if err == nil {
			break
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != killed {
			t.Fatalf("the process was to be killed, but: %v\n%s", err, out)
		}
		last++
	}
	if last < 5 {
		t.Errorf("only %d processes were killed", last)
	}
	h := houseIn(t, dir)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.head(t)))
	if got, want := digest(t, h.gens.Live(), h.opts.Rooms, true), want(t, h.bundle); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	must(t, h.gens.Stop())
}

// TestFoldingChild is the process that dies: in the middle of a commit, once the store is past a position.
func TestFoldingChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		dir = t.TempDir()
	}
	h := houseIn(t, dir)
	h.opts.BatchEvents = 9
	at, _ := strconv.Atoi(os.Getenv(killPhase)) // none: it lives
	inner := h.factory(t)
	h.gens = projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: &deadly{inner, at}})
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.head(t)))
	must(t, h.gens.Stop())
}

// deadly makes stores in which a commit past a position is the end of the process.
type deadly struct {
	projections.Factory
	at int
}

func (d *deadly) Create(ctx context.Context, g projections.Generation, s projections.Spec, bulk bool) (projections.Store, error) {
	store, err := d.Factory.Create(ctx, g, s, bulk)
	return deadlyStore{store, d.at}, err
}

func (d *deadly) Open(ctx context.Context, id string, s projections.Spec) (projections.Store, error) {
	store, err := d.Factory.Open(ctx, id, s)
	return deadlyStore{store, d.at}, err
}

type deadlyStore struct {
	projections.Store
	at int
}

func (d deadlyStore) Commit(ctx context.Context, c projections.Changes) error {
	if d.at > 0 && int(c.Checkpoint.Position) > d.at {
		go func() { _ = d.Store.Commit(ctx, c) }()
		os.Exit(killed)
	}
	return d.Store.Commit(ctx, c)
}

// houseIn is the same house in every process: the log is in memory and always the same.
func houseIn(t testing.TB, dir string) *house {
	t.Helper()
	clock := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	log := memlog.New(func() time.Time { return clock })
	t.Cleanup(func() { must(t, log.Close()) })
	h := &house{bundle: &bundle{log: log, opts: options(log, newTally())}, dir: dir}
	h.gens = h.generations(t)
	h.add(t, many(400, 40)...)
	return h
}

// TestKilledChild is the process that dies. As part of an ordinary run it goes through all phases and lives.
func TestKilledChild(t *testing.T) {
	phase, dir := os.Getenv(killPhase), os.Getenv(killDir)
	if dir == "" {
		dir = t.TempDir()
	}
	h := houseIn(t, dir)
	die := func(p projections.Progress) {
		if p.Phase == phase {
			os.Exit(killed)
		}
	}
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.head(t)))
	g, err := h.gens.Rebuild(t.Context(), die)
	must(t, err)
	d, err := h.gens.Compare(t.Context(), g.ID, die)
	must(t, err)
	if !d.Same() {
		t.Errorf("compared: %+v", d)
	}
	must(t, h.gens.Swap(t.Context(), g.ID, die))
	must(t, h.gens.Stop())
}

// failing is a factory that fails at one call.
type failing struct {
	projections.Factory
	at string
}

var errFactory = errors.New("no room left on the disk")

func (f *failing) fail(call string) error {
	if f.at == call {
		return fmt.Errorf("%s: %w", call, errFactory)
	}
	return nil
}

func (f *failing) Create(ctx context.Context, g projections.Generation, s projections.Spec, bulk bool) (projections.Store, error) {
	if err := f.fail("create"); err != nil {
		return nil, err
	}
	return f.Factory.Create(ctx, g, s, bulk)
}

func (f *failing) Describe(ctx context.Context, g projections.Generation) error {
	return errors.Join(f.fail("describe"), f.Factory.Describe(ctx, g))
}

func (f *failing) Resume(ctx context.Context, id string, s projections.Spec) (projections.Store, error) {
	if err := f.fail("resume"); err != nil {
		return nil, err
	}
	return f.Factory.Resume(ctx, id, s)
}

func (f *failing) SetLive(ctx context.Context, id string) error {
	if err := f.fail("set live"); err != nil {
		return err
	}
	return f.Factory.SetLive(ctx, id)
}

// TestFactoryFails: when a step of a rebuild or swap fails, and goes on to, the live generation goes on folding and answering.
// What a rebuild has folded by then is kept for the next.
func TestFactoryFails(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"create", "describe", "set live"} {
		t.Run(strings.ReplaceAll(call, " ", "_"), func(t *testing.T) {
			t.Parallel()
			h := setupHouse(t)
			inner, err := sqlitestore.NewFactory(filepath.Join(t.TempDir(), "views"), sqlitestore.Options{})
			must(t, err)
			f := &failing{Factory: inner}
			var ahead atomic.Int64
			h.opts.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
			h.gens = projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: f})
			must(t, h.gens.Start(t.Context()))
			h.add(t, many(30, 3)...)
			f.at = call
			g, err := h.gens.Rebuild(t.Context(), func(p projections.Progress) {
				if p.Waits != "" {
					ahead.Store(int64(time.Hour)) // it has waited for long
				}
			})
			if err == nil {
				err = h.gens.Swap(t.Context(), g.ID, nil)
			}
			if !errors.Is(err, errFactory) {
				t.Errorf("the failure was reported as %v", err)
			}
			must(t, h.gens.Live().Await(t.Context(), h.add(t, event(777, "anna", "page.viewed"))))
			if h.liveID(t) != "000001" {
				t.Errorf("live is %s", h.liveID(t))
			}
			f.at = ""
			if x, err := h.gens.Get(t.Context(), "000002"); call != "create" && (err != nil || x.State == projections.GenerationFailed) {
				t.Errorf("what was folded is %+v, %v", x, err)
			}
			if _, err := h.gens.Rebuild(t.Context(), nil); err != nil {
				t.Errorf("the next rebuild: %v", err)
			}
		})
	}
}
