package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// logOf makes a log of n events in a new data folder.
func logOf(t *testing.T, n int) config {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 0))
	at := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	all := make([]events.Recorded, n)
	for i := range all {
		e := events.Event{
			ID: fmt.Sprintf("e-%d", i), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb, Time: at,
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprintf("u-%d", r.IntN(500)), Grade: events.Asserted}},
			Data:        fmt.Appendf(nil, `{"url":"https://shop.example.com/%x"}`, r.Uint64()),
		}
		at = at.Add(time.Duration(r.IntN(3)) * time.Millisecond)
		all[i] = events.Recorded{Event: e, Stream: e.Stream(), RecordedAt: at}
	}
	c := config{log: "pebble:", data: t.TempDir()}
	restoreInto(t, &c, chained(all))
	return c
}

// TestKillLogCopy kills c360 log copy (-9) at random moments and runs it again until it gets through, from engine to
// engine and back to the first. C360_KILLS sets how often at least.
func TestKillLogCopy(t *testing.T) {
	t.Parallel()
	seed := uint64(number("C360_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	from := logOf(t, 20_000)
	nats, esdb := natstest.Start(t), esdbtest.Start(t, esdbtest.Options{StatsEvery: 100})
	for round := range max(1, number("C360_KILLS", 9)/9) {
		on := from
		for _, url := range []string{nats.URL(fmt.Sprint("COPY", round)), fmt.Sprintf("%s&prefix=copy%d-", esdb.URL(""), round), "pebble:"} {
			to := config{log: url, data: t.TempDir()}
			kills := killedCopies(t, r, &on, &to)
			t.Logf("%s to %s: %d kills", on.logKind(), to.logKind(), kills)
			if a, b := logHeadOf(t, &on), logHeadOf(t, &to); a != b {
				t.Errorf("from %s to %s the head went from %s to %s", on.logKind(), to.logKind(), a, b)
			}
			on = to
		}
	}
}

// killedCopies gives each copy a little more time than the one before.
func killedCopies(t *testing.T, r *rand.Rand, from, to *config) (kills int) {
	t.Helper()
	for life := 50 * time.Millisecond; ; life += time.Duration(r.IntN(200)) * time.Millisecond {
		cmd := exec.Command("c360", "log", "copy", "--from", from.log, "--from-data", from.data, "--to", to.log, "--to-data", to.data)
		var said strings.Builder
		cmd.Stderr = &said
		must(t, cmd.Start())
		timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		killed := !timer.Stop()
		switch {
		case err == nil:
			return kills
		case !killed:
			t.Fatalf("the copy failed after %d kills: %s", kills, &said)
		}
		kills++
	}
}

// TestLogCopyOfALogInUse copies a log while a c360 takes touchpoints into it, then the rest: house is moved with a short stop.
func TestLogCopyOfALogInUse(t *testing.T) {
	t.Parallel()
	from := config{log: natstest.Start(t).URL("USED"), store: "sqlite:", data: t.TempDir()}
	s := supervise(t, &from)
	k := &killing{r: rand.New(rand.NewPCG(1, 1)), sent: map[string]slowEvent{}, acked: map[string]bool{}}
	calm := k.load(s)
	k.reached(t, 2000)
	reader := config{log: from.log, data: t.TempDir()}
	to := config{log: "pebble:", store: "sqlite:", data: t.TempDir()}
	args := []string{"log", "copy", "--from", reader.log, "--from-data", reader.data, "--to", to.log, "--to-data", to.data}
	for {
		var said bytes.Buffer
		code := run(t.Context(), env{stdout: &said, stderr: &said, getenv: func(string) string { return "" }}, args)
		if code == exitPartial && strings.Contains(said.String(), "the source has gone on to position") {
			break
		}
		if code != exitOK { // there may have been a pause just then
			t.Fatalf("copying a log in use ended with %d: %s", code, &said)
		}
	}
	calm()
	k.resend(t, s)
	s.end()
	command360(t, args...)
	if a, b := logHeadOf(t, &reader), logHeadOf(t, &to); a != b {
		t.Errorf("the head went from %s to %s", a, b)
	}
	if o := k.lookFor(t, &to); o.acked < 2000 || o.lost+o.doubled > 0 {
		t.Errorf("of %d acknowledged %d are lost in the copy, %d doubled", o.acked, o.lost, o.doubled)
	}
}

// reached waits until so many touchpoints were acknowledged.
func (k *killing) reached(t *testing.T, n int) {
	t.Helper()
	for range 3000 {
		k.mu.Lock()
		acked := len(k.acked)
		k.mu.Unlock()
		if acked >= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%d touchpoints were never acknowledged", n)
}

func logHeadOf(t *testing.T, c *config) string {
	t.Helper()
	return command360(t, "log", "head", "--log", c.log, "--data", c.data)
}
