package projections_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/c360hq/c360/projections"
)

// TestIDsMeanOneGeneration: the id of a generation that was dropped is never given to another one, however often the
// program is started meanwhile; and a folder that an older program made goes on from what it holds.
func TestIDsMeanOneGeneration(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 3)...)))
	build := func(want string) {
		t.Helper()
		if g, err := h.gens.Rebuild(t.Context(), nil); err != nil || g.ID != want {
			t.Fatalf("built was %s, %v, want %s", g.ID, err, want)
		}
	}
	build("000002")
	must(t, h.gens.Drop(t.Context(), "000002"))
	build("000003")
	must(t, h.gens.Drop(t.Context(), "000003"))
	must(t, h.restart(t))
	build("000004")
	must(t, os.Remove(filepath.Join(h.dir, "last")))
	build("000005")
	must(t, os.WriteFile(filepath.Join(h.dir, "last"), []byte("?"), 0o600))
	if _, err := h.gens.Rebuild(t.Context(), nil); err == nil {
		t.Error("a number that cannot be read was guessed")
	}
}

// TestCrashAtTheFirst: a process that ended when the first generation was named live, but not yet called ready, leaves
// one that can be looked at, swapped out and swapped in again.
func TestCrashAtTheFirst(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Stop())
	path := filepath.Join(h.dir, "000001.json")
	text, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, bytes.Replace(text, []byte(`"state": "ready"`), []byte(`"state": "loading"`), 1), 0o600))
	must(t, h.restart(t))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 3)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	must(t, h.gens.Swap(t.Context(), "000001", nil))
}

// TestWaitingForABuild: who wants to compare, swap or drop while a generation is built can give up.
func TestWaitingForABuild(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 3)...)))
	first, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	asked := false
	_, err = h.gens.Rebuild(t.Context(), func(projections.Progress) {
		if asked {
			return
		}
		asked = true
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ended := make(chan error)
		for _, call := range []func() error{
			func() error { _, err := h.gens.Pair(ctx, "", first.ID, nil); return err },
			func() error { return h.gens.Swap(ctx, first.ID, nil) },
			func() error { return h.gens.Drop(ctx, first.ID) },
		} {
			go func() { ended <- call() }()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("it said %v", err)
			}
		}
	})
	must(t, err)
}

// TestDropOfWhatIsLive: what is named live in the folder is not dropped, whatever this process serves.
func TestDropOfWhatIsLive(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 3)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.factory(t).SetLive(t.Context(), g.ID))
	if err := h.gens.Drop(t.Context(), g.ID); !errors.Is(err, projections.ErrLive) {
		t.Errorf("it said %v", err)
	}
}

// TestNothingIsOpenedAfterStop: who asks late for a generation is refused, and leaves no store open.
func TestNothingIsOpenedAfterStop(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 3)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Stop())
	if _, err := h.gens.View(t.Context(), g.ID); !errors.Is(err, projections.ErrClosed) {
		t.Errorf("it said %v", err)
	}
}
