package projections_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
)

const (
	swapDir   = "C360_TEST_SWAP_DIR"
	swapPhase = "C360_TEST_SWAP_PHASE" // where the process kills itself; empty: it is killed
	swapKills = "C360_SWAPS"
)

// swapSteps are the steps at which a process is killed; the last is any moment at all.
var swapSteps = []string{
	projections.PhaseCatchingUp, projections.PhaseReady, projections.PhaseSwapping, projections.PhasePointing,
	projections.PhaseTurning, projections.PhaseSwapped, "",
}

// TestSwapsKilled kills (-9) a process that swaps to and fro under load, at every step of the swap and at random moments,
// C360_SWAPS times. Each time the one or the other generation is live, whole, and what a fresh fold of the log makes.
func TestSwapsKilled(t *testing.T) {
	t.Parallel()
	kills := len(swapSteps) + 5
	if n, err := strconv.Atoi(os.Getenv(swapKills)); err == nil {
		kills = n
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	swaps, olds, news := 0, 0, 0
	var dir string
	for i := range kills {
		if i%20 == 0 {
			dir = t.TempDir() // the log does not grow for ever
		}
		step := swapSteps[i%len(swapSteps)]
		said := killedSwap(t, dir, step, time.Duration(r.IntN(400))*time.Millisecond)
		swaps += len(said)
		from, to := "000001", "000001"
		if len(said) > 0 {
			from, to = said[len(said)-1][0], said[len(said)-1][1]
		}
		live := checkSwapped(t, dir)
		if live == to && live != from {
			news++
		} else {
			olds++
		}
		want := map[string]string{
			projections.PhaseCatchingUp: from, projections.PhaseReady: from, projections.PhaseSwapping: from,
			projections.PhasePointing: from, projections.PhaseTurning: to, projections.PhaseSwapped: to,
		}[step]
		if want != "" && live != want || live != from && live != to {
			t.Fatalf("seed %d: killed at %q of a swap from %s to %s, live is %s", seed, step, from, to, live)
		}
		if t.Failed() {
			t.Fatalf("seed %d: killed at %q of swap %d", seed, step, swaps)
		}
	}
	t.Logf("seed %d: %d kills in %d swaps; the old one was live %d times, the new one %d times", seed, kills, swaps, olds, news)
}

// killedSwap runs the process that swaps until it is dead, and returns from what to what it swapped.
func killedSwap(t *testing.T, dir, step string, life time.Duration) (swaps [][2]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSwappingChild$", "-test.v")
	cmd.Env = append(os.Environ(), swapDir+"="+dir, swapPhase+"="+step)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var s [2]string
		fmt.Fprintln(&text, lines.Text())
		if _, err := fmt.Sscanf(lines.Text(), "swap from %s to %s", &s[0], &s[1]); err != nil {
			continue
		}
		if swaps = append(swaps, s); step == "" && len(swaps) == 1 {
			time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the process was to be killed at %q, but: %v\n%s", step, err, text.String())
	}
	return swaps
}

// swapHouse is a house on disk.
func swapHouse(t testing.TB, dir string) (*house, events.Log) {
	t.Helper()
	log, err := pebblelog.Open(t.Context(), pebblelog.Options{Dir: filepath.Join(dir, "log"), MarkPath: filepath.Join(dir, "mark"), Now: time.Now})
	must(t, err)
	h := &house{bundle: &bundle{opts: options(log, newTally())}, dir: filepath.Join(dir, "views")}
	h.gens = h.generations(t)
	return h, log
}

// checkSwapped opens what a killed process left and returns the generation that is live.
func checkSwapped(t *testing.T, dir string) string {
	t.Helper()
	h, log := swapHouse(t, dir)
	must(t, h.gens.Start(t.Context()))
	head, err := log.Head(t.Context())
	must(t, err)
	must(t, h.gens.Live().Await(t.Context(), head.Position))
	if lines, err := wholeView(t.Context(), h.gens.Live()); err != nil || lines != head.Position {
		t.Errorf("%d lines of %d events: %v", lines, head.Position, err)
	}
	fresh := setup(t)
	fresh.opts.Log = log
	must(t, fresh.engine(t).RunTo(t.Context(), head.Position))
	if got, want := digest(t, h.gens.Live(), h.opts.Rooms, true), fresh.digest(t, true); got != want {
		t.Errorf("live is\n%sa fresh fold is\n%s", got, want)
	}
	live := h.liveID(t)
	must(t, errors.Join(h.gens.Stop(), log.Close()))
	return live
}

// TestSwappingChild is the process that is killed. As part of an ordinary run it swaps a few times and lives.
func TestSwappingChild(t *testing.T) {
	dir, phase := os.Getenv(swapDir), os.Getenv(swapPhase)
	rounds := 1 << 30
	if dir == "" {
		dir, rounds = t.TempDir(), 3
	}
	h, log := swapHouse(t, dir)
	must(t, h.gens.Start(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		pourInto(ctx, t, log)
	}()
	for round := range rounds {
		from, to := h.liveID(t), h.another(t, round)
		fmt.Printf("swap from %s to %s\n", from, to)
		must(t, h.gens.Swap(t.Context(), to, func(p projections.Progress) {
			if phase != "" && p.Phase == phase && round == len(phase)%3 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
		}))
		if _, err := wholeView(t.Context(), h.gens.Live()); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-done
	must(t, errors.Join(h.gens.Stop(), log.Close()))
}

// another returns a generation to swap to: one that was built now, every few rounds, else one that was live before.
func (h *house) another(t *testing.T, round int) string {
	t.Helper()
	all, err := h.gens.List(t.Context())
	must(t, err)
	ready := slices.DeleteFunc(all, func(g projections.Generation) bool { return g.Live || g.State != projections.GenerationReady })
	if len(ready) > 0 && round%4 != 3 {
		return ready[len(ready)-1].ID
	}
	for _, g := range ready {
		must(t, h.gens.Drop(t.Context(), g.ID))
	}
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	return g.ID
}

// pourInto appends a few events every millisecond.
func pourInto(ctx context.Context, t *testing.T, log events.Log) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		e := event(n, "person-"+strconv.Itoa(n%37), "page.viewed")
		e.ID = strconv.FormatInt(time.Now().UnixNano(), 36)
		if _, err := log.Append(context.WithoutCancel(ctx), events.Touchpoint(e)); err != nil {
			t.Error(err)
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
