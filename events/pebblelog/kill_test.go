package pebblelog_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// childVariable tells the test binary to be a process that appends until it is killed.
const childVariable = "C360_PEBBLELOG_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		if n, err := strconv.Atoi(os.Getenv(countVariable)); err == nil {
			largeChild(dir, n)
		} else {
			child(dir)
		}
		return
	}
	os.Exit(m.Run())
}

func killOptions(dir string) pebblelog.Options {
	return pebblelog.SmallTables(pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now})
}

// child appends from four goroutines, also repeats and whole groups, and says on its standard output what was
// acknowledged, one line for each event.
func child(dir string) {
	l, err := pebblelog.Open(context.Background(), killOptions(dir))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 4 {
		rng := rand.New(rand.NewPCG(uint64(os.Getpid()), uint64(w)))
		wg.Go(func() {
			for {
				from := rng.IntN(1 << 30)
				if rng.IntN(5) == 0 {
					from = rng.IntN(20_000) // soon all of these are repeats
				}
				entries := touches(from, 1+rng.IntN(40))
				results, err := l.Append(context.Background(), entries...)
				if err != nil {
					fmt.Println("append:", err)
					os.Exit(1)
				}
				var b strings.Builder
				for i, r := range results {
					fmt.Fprintf(&b, "%s %d\n", entries[i].Event.ID, r.Position)
				}
				mu.Lock()
				_, _ = os.Stdout.WriteString(b.String())
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// TestKill9 kills a process that appends under load, at random moments, again and again on the same log. Whatever it
// had acknowledged is there afterwards, once, at the place it said.
func TestKill9(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	acked := map[string]events.Position{}
	rng := rand.New(rand.NewPCG(36, 0))
	kills := times(t, "C360_KILLS", 8)
	for kill := range kills {
		killOnce(t, dir, time.Duration(50+rng.IntN(300))*time.Millisecond, acked)
		if kill%25 == 24 || kill < 8 || kill == kills-1 {
			survived(t, dir, acked)
		}
	}
	t.Logf("%d kills, %d events acknowledged, all there once", kills, len(acked))
}

// killOnce starts a child, kills it a while after its first acknowledgement, and adds what it said to acked.
func killOnce(t *testing.T, dir string, after time.Duration, acked map[string]events.Position) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line without an end was not acknowledged to anybody
			break
		}
		if timer == nil {
			timer = time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		heard(t, line, acked)
	}
	_ = cmd.Wait()
}

func heard(t *testing.T, line string, acked map[string]events.Position) {
	t.Helper()
	id, place, _ := strings.Cut(strings.TrimSpace(line), " ")
	p, err := strconv.ParseUint(place, 10, 64)
	if err != nil {
		t.Fatalf("the child said %q", line)
	}
	if was := acked[id]; was != 0 && was != events.Position(p) {
		t.Errorf("%s was acknowledged at %d and now at %d", id, was, p)
	}
	acked[id] = events.Position(p)
}

func survived(t *testing.T, dir string, acked map[string]events.Position) {
	t.Helper()
	begin := time.Now()
	l, err := pebblelog.Open(t.Context(), killOptions(dir))
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	took := time.Since(begin)
	defer closeLog(t, l)
	there := map[string]events.Position{}
	all := readAll(t, l)
	for _, r := range all {
		if there[r.ID] != 0 {
			t.Errorf("%s is there twice", r.ID)
		}
		there[r.ID] = r.Position
	}
	for id, p := range acked {
		if there[id] != p {
			t.Errorf("%s was acknowledged at %d and is at %d", id, p, there[id])
		}
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Errorf("Verify after a kill: %v", err)
	}
	t.Logf("%d events, opened in %v", len(all), took)
}
