package esdblog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/logindex"
)

func entries(from, n int) []events.Entry {
	out := make([]events.Entry, n)
	for i := range out {
		out[i] = events.Entry{Stream: fmt.Sprintf("case-%d", (from+i)%10), Event: events.Event{
			ID: fmt.Sprintf("e-%d", from+i), Source: "web", Type: "page.viewed", Data: fmt.Appendf(nil, `{"n":%d}`, from+i),
		}}
	}
	return out
}

// house is a node, and a log on it.
type house struct {
	*esdbtest.Node
	o esdblog.Options
	l *esdblog.Log
}

func newHouse(t *testing.T) *house {
	t.Helper()
	node := esdbtest.Start(t, esdbtest.Options{StatsEvery: 20})
	h := &house{Node: node, o: esdblog.Options{URL: node.URL(""), Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, Timeout: 2 * time.Second}}
	h.l = open(t, h.o)
	return h
}

func (h *house) close(t *testing.T) {
	t.Helper()
	if err := h.l.Close(); err != nil {
		t.Fatal(err)
	}
}

func all(t *testing.T, l events.Log) []events.Recorded {
	t.Helper()
	out, err := l.Read(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// corrupt checks that an error says that the server does not hold what was acknowledged.
func corrupt(t *testing.T, err error, at events.Position) {
	t.Helper()
	var c *events.CorruptError
	if !errors.As(err, &c) || c.Position != at || c.Remedy == "" {
		t.Errorf("got %v, want a CorruptError at %d", err, at)
	}
}

func TestIndexMadeAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for from := 0; from < 500; from += 50 {
		fill(t, h.l, from, 50)
	}
	want := all(t, h.l)
	h.close(t)
	if err := os.RemoveAll(h.o.Dir); err != nil {
		t.Fatal(err)
	}
	h.l = open(t, h.o)
	if diff := cmp.Diff(want, all(t, h.l)); diff != "" {
		t.Errorf("made anew the log is another:\n%s", diff)
	}
	if err := h.l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestLostTail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fill(t, h.l, 0, 50)
	fill(t, h.l, 50, 50)
	h.close(t)
	h.Stop()
	h.Lose(20) // the last commit, and the bodies that were written last
	h.Start()
	_, err := esdblog.Open(t.Context(), h.o)
	corrupt(t, err, 51)
	if err := os.RemoveAll(h.o.Dir); err != nil { // what the message says
		t.Fatal(err)
	}
	h.l = open(t, h.o)
	if n := len(all(t, h.l)); n != 50 {
		t.Errorf("%d events are left, want 50", n)
	}
	fill(t, h.l, 50, 50)
	if err := h.l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestLostTailWhileOpen puts an old backup behind a log that is at work: nobody may append to it.
func TestLostTailWhileOpen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fill(t, h.l, 0, 50)
	fill(t, h.l, 50, 50)
	h.Stop()
	h.Lose(20)
	h.Start()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := h.l.Append(ctx, entries(100, 1)...)
	corrupt(t, err, 51)
	select {
	case <-h.l.Failed():
		corrupt(t, h.l.Ping(ctx), 51)
	case <-ctx.Done():
		t.Error("the log did not fail")
	}
}

func TestServerWiped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fill(t, h.l, 0, 50)
	h.close(t)
	h.Stop()
	h.Wipe()
	h.Start()
	_, err := esdblog.Open(t.Context(), h.o)
	corrupt(t, err, 1)
	if n := len(h.Streams()); n != 0 {
		t.Errorf("%d streams were made", n)
	}
}

func TestOtherLog(t *testing.T) {
	t.Parallel()
	h, other := newHouse(t), newHouse(t)
	other.close(t)
	o := h.o
	o.Dir = other.o.Dir
	if _, err := esdblog.Open(t.Context(), o); !errors.Is(err, logindex.ErrForeign) {
		t.Errorf("the index of another log: %v", err)
	}
}

// TestAltered changes one byte of a body on the server. It is never served.
func TestAltered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	results := fill(t, h.l, 0, 50)
	h.close(t)
	if !h.Alter("c360-case-7", 2, func(b []byte) []byte { return bytes.Replace(b, []byte("27"), []byte("72"), 1) }) {
		t.Fatal("nothing to alter")
	}
	h.l = open(t, h.o)
	at := results[27].Position
	_, err := h.l.At(t.Context(), at)
	corrupt(t, err, at)
	_, err = h.l.Read(t.Context(), 0, 100)
	corrupt(t, err, at)
	_, err = h.l.ReadStream(t.Context(), "case-7", 0, 100)
	corrupt(t, err, at)
	if err := h.l.Verify(t.Context(), nil); err == nil {
		t.Error("Verify found nothing")
	}
	h.close(t)
	o := h.o
	o.Dir += "2"
	if _, err := esdblog.Open(t.Context(), o); err == nil {
		t.Error("an index was made of altered events")
	}
}

// TestTwoProcesses has two logs on one server append the same events in different order: each is there once, both know
// the same log, and each is told where its events are.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.o
	o.Dir = filepath.Join(t.TempDir(), "other")
	logs := []events.Log{h.l, open(t, o)}
	var told [2]map[string]events.Position
	var wg sync.WaitGroup
	for w, l := range logs {
		told[w] = map[string]events.Position{}
		wg.Go(func() {
			for i := range 60 {
				batch := entries([]int{i * 5, (59 - i) * 5}[w], 5)
				results, err := l.Append(t.Context(), batch...)
				if err != nil {
					t.Errorf("Append: %v", err)
					return
				}
				for j := range batch {
					told[w][batch[j].Event.ID] = results[j].Position
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(told[0], told[1]); diff != "" {
		t.Errorf("the two were told different places:\n%s", diff)
	}
	if err := logs[1].Wait(t.Context(), 299); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all(t, logs[0]), all(t, logs[1])); diff != "" || len(all(t, logs[0])) != 300 {
		t.Errorf("the two hold different logs:\n%s", diff)
	}
	h.close(t)
	h.l = open(t, h.o) // nothing in memory: all of it comes from the server, by stream and by position
	sameByStream(t, h.l)
}

// sameByStream checks that streams read as a filter of the whole log would.
func sameByStream(t *testing.T, l events.Log) {
	t.Helper()
	want := map[string][]events.Recorded{}
	for _, r := range all(t, l) {
		want[r.Stream] = append(want[r.Stream], r)
	}
	for stream := range want {
		got, err := l.ReadStream(t.Context(), stream, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[stream], got); diff != "" {
			t.Errorf("stream %s:\n%s", stream, diff)
		}
	}
}

// TestOneWins has two processes race with expected versions: each step is won by one.
func TestOneWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.o
	o.Dir = filepath.Join(t.TempDir(), "other")
	logs := []events.Log{h.l, open(t, o)}
	version := events.Position(0)
	for step := range 20 {
		var won [2]events.Result
		var wg sync.WaitGroup
		for w, l := range logs {
			wg.Go(func() {
				e := entries(step*2+w, 1)[0]
				e.Stream, e.Expected = "identity", events.Version(version)
				results, err := l.Append(t.Context(), e)
				if err != nil {
					t.Errorf("Append: %v", err)
					return
				}
				won[w] = results[0]
			})
		}
		wg.Wait()
		if (won[0].Outcome == events.Appended) == (won[1].Outcome == events.Appended) {
			t.Fatalf("step %d: %v and %v", step, won[0], won[1])
		}
		version = max(won[0].Position, won[1].Position)
	}
}

// TestNotCommitted: events that lie in our streams and that no commit names are not part of the log.
func TestNotCommitted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fill(t, h.l, 0, 20)
	stray(t, h.URL(""), "c360-case-3", 4)
	stray(t, h.URL(""), "c360-somebody-else", 4)
	fill(t, h.l, 20, 20)
	if n := len(all(t, h.l)); n != 40 {
		t.Errorf("%d events, want 40", n)
	}
	page, err := h.l.ReadStream(t.Context(), "case-3", 0, 100)
	if err != nil || len(page) != 4 {
		t.Errorf("the stream has %d events, %v; want 4", len(page), err)
	}
	if err := h.l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestLeaderIsolated has the leader lose sight of the others, which choose another one, while it can still be reached: it
// is not asked for ever, although it is the first one named.
func TestLeaderIsolated(t *testing.T) {
	t.Parallel()
	nodes := esdbtest.StartCluster(t, 3, esdbtest.Options{})
	url := fmt.Sprintf("esdb://%s,%s,%s?tls=false", nodes[0].Addr(), nodes[1].Addr(), nodes[2].Addr())
	l := open(t, esdblog.Options{URL: url, Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, Timeout: 2 * time.Second, Patience: 20 * time.Second})
	fill(t, l, 0, 10)
	nodes[1].Lead()
	nodes[0].Isolate()
	fill(t, l, 10, 10)
	if n := len(all(t, l)); n != 20 {
		t.Errorf("%d events", n)
	}
}

// TestLeaderMoves has the leader change while writers append, in a cluster whose nodes are found by gossip, and in one
// of which only one address is known.
func TestLeaderMoves(t *testing.T) {
	t.Parallel()
	for _, only := range []bool{false, true} {
		t.Run(fmt.Sprintf("one address %v", only), func(t *testing.T) {
			t.Parallel()
			nodes := esdbtest.StartCluster(t, 3, esdbtest.Options{})
			url := fmt.Sprintf("esdb://%s,%s,%s?tls=false", nodes[0].Addr(), nodes[1].Addr(), nodes[2].Addr())
			if only {
				url = nodes[1].URL("") // not the leader's
			}
			l := open(t, esdblog.Options{URL: url, Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, Timeout: 2 * time.Second})
			w := newWriters(l, 5*time.Second)
			w.start(t, 8)
			for i := range 6 {
				w.until(t, w.count()+50)
				nodes[(i+1)%3].Lead()
			}
			w.until(t, w.count()+50)
			w.stop()
			w.check(t, l)
			if n := l.Reconnects(); n == 0 {
				t.Error("no connection was replaced, though the leader changed six times")
			}
		})
	}
}
