package pebblelog_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/pebblelog"
)

// countVariable tells the child to append that many events and then wait to be killed.
const countVariable = "C360_PEBBLELOG_COUNT"

func largeOptions(dir string) pebblelog.Options {
	return pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now}
}

func largeChild(dir string, n int) {
	l, err := pebblelog.Open(context.Background(), largeOptions(dir))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	const step = 16 * 100 * 10
	begin := time.Now()
	for from := 0; from < n; from += step {
		work := logtest.Traffic(uint64(from)+1, min(step, n-from), 100)
		logtest.Spread(16, len(work), func(i int) error {
			_, err := l.Append(context.Background(), work[i]...)
			return err
		})
	}
	fmt.Println(n, "appended in", time.Since(begin).Round(time.Millisecond), peak())
	select {}
}

// peak returns the line of the kernel that says how much memory the process has had at most.
func peak() string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			return strings.TrimSpace(line)
		}
	}
	return "VmHWM: 0 kB"
}

// TestLarge fills a log in a process of its own, kills that, opens the log, repeats and verifies. With C360_EVENTS it is
// large, 5,000,000 for the figures c360 promises, which are then held against the clock and the kernel: open again
// within three seconds, and never more than 400 MB. Without, it may run beside anything, also under the race detector.
func TestLarge(t *testing.T) {
	t.Parallel()
	n := times(t, "C360_EVENTS", 30_000)
	strict := os.Getenv("C360_EVENTS") != ""
	dir := t.TempDir()
	said := fillAndKill(t, dir, n)
	t.Log(said)
	fields := strings.Fields(said)
	if kb, err := strconv.Atoi(fields[len(fields)-2]); err != nil || strict && kb > 400_000 {
		t.Errorf("the process took %d kB, want at most 400,000", kb)
	}
	begin := time.Now()
	l := open(t, largeOptions(dir))
	took := time.Since(begin)
	if head, err := l.Head(t.Context()); err != nil || head.Position != events.Position(n) {
		t.Errorf("head is %v, %v, want %d", head, err, n)
	}
	if strict && took > 3*time.Second {
		t.Errorf("opening took %v, want at most 3s", took)
	}
	begin = time.Now()
	repeats := logtest.Traffic(1, 1600, 100)
	logtest.Spread(16, len(repeats), func(i int) error { return allRepeats(l, repeats[i]) })
	t.Logf("opened in %v; %d repeats in %v", took, 1600, time.Since(begin))
	begin = time.Now()
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	t.Logf("verified in %v", time.Since(begin))
}

func allRepeats(l events.Log, entries []events.Entry) error {
	results, err := l.Append(context.Background(), entries...)
	for _, r := range results {
		if r.Outcome != events.Duplicate {
			return fmt.Errorf("a repeat was %v at %d", r.Outcome, r.Position)
		}
	}
	return err
}

func fillAndKill(t *testing.T, dir string, n int) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+dir, countVariable+"="+strconv.Itoa(n))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.Contains(said, "appended") {
		t.Errorf("the child said %q, %v", said, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
	return strings.TrimSpace(said)
}
