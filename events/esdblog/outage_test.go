package esdblog_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// outageLength is how long the server is away: a moment, or what C360_ESDB_OUTAGE says (60s for the long proof).
func outageLength(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("C360_ESDB_OUTAGE")
	if text == "" {
		return 1500 * time.Millisecond
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("C360_ESDB_OUTAGE: %v", err)
	}
	return d
}

// TestOutage takes the server away in every way there is, for longer than every deadline, while 32 writers append. What was
// acknowledged is there once and in its place, nothing is there twice, and no goroutine stays behind.
//
//nolint:paralleltest // it counts goroutines
func TestOutage(t *testing.T) {
	long := outageLength(t)
	for _, c := range []struct {
		name       string
		away, back func(*esdbtest.Node)
	}{
		{"silent", (*esdbtest.Node).Hang, (*esdbtest.Node).Resume},
		{"refused", (*esdbtest.Node).Stop, (*esdbtest.Node).Start},
		{"silent, then refused", func(n *esdbtest.Node) { n.Hang(); time.AfterFunc(long/2, n.Stop) }, (*esdbtest.Node).Start},
		{"cut in the middle", func(n *esdbtest.Node) {
			for range 3 {
				n.Break(esdbtest.AfterAppend, esdbtest.BeforeAppend, esdbtest.AfterAppend)
			}
			n.Cut()
		}, (*esdbtest.Node).Cut},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			t.Run("appends", func(t *testing.T) { outage(t, long, c.away, c.back) })
			goleak.VerifyNone(t, before)
		})
	}
}

func outage(t *testing.T, long time.Duration, away, back func(*esdbtest.Node)) {
	node := esdbtest.Start(t, esdbtest.Options{StatsEvery: 30})
	o := esdblog.Options{
		URL: node.URL("") + "&gossipTimeout=1", Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now,
		Timeout: long / 6, Patience: long / 2,
	}
	l := open(t, o)
	w := newWriters(l, long/3)
	w.start(t, 32)
	w.until(t, 200)
	away(node)
	time.Sleep(long)
	back(node)
	w.until(t, w.count()+200)
	w.stop()
	w.check(t, l)
	if w.refused == 0 && long >= time.Minute {
		t.Error("no append met the outage")
	}
	t.Logf("%d events acknowledged, %d appends given up and made again", len(w.acked), w.refused)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(o.Dir); err != nil {
		t.Fatal(err)
	}
	w.check(t, open(t, o)) // made anew from the server, the index says the same
}

// TestCloseWhileAway closes a log whose server is silent: it ends within its grace, and leaves no goroutine behind.
//
//nolint:paralleltest // it counts goroutines
func TestCloseWhileAway(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("close", func(t *testing.T) {
		h := newHouse(t)
		const n = 8
		ended, flowing := make(chan error, n), make(chan struct{}, n)
		for i := range n {
			go func() { ended <- appendForEver(t.Context(), h.l, i*100_000, flowing) }()
		}
		for range n {
			<-flowing
		}
		h.Hang()
		began := time.Now()
		h.close(t)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("Close took %v", took)
		}
		for range n {
			if err := <-ended; !errors.Is(err, events.ErrClosed) {
				t.Errorf("an append under way: %v", err)
			}
		}
	})
	goleak.VerifyNone(t, before)
}

// appendForEver appends until that fails, and says when the tenth went through.
func appendForEver(ctx context.Context, l events.Log, from int, tenth chan<- struct{}) error {
	for i := 0; ; i++ {
		if _, err := l.Append(ctx, entries(from+i, 1)...); err != nil {
			return err
		}
		if i == 9 {
			tenth <- struct{}{}
		}
	}
}

// writers append events as fast as they are acknowledged, each of them again and again until it is.
type writers struct {
	log      events.Log
	patience time.Duration
	end      chan struct{}
	wg       sync.WaitGroup

	mu      sync.Mutex
	acked   map[string]events.Position
	refused int
	grown   chan struct{}
}

func newWriters(l events.Log, patience time.Duration) *writers {
	return &writers{log: l, patience: patience, end: make(chan struct{}), acked: map[string]events.Position{}, grown: make(chan struct{})}
}

func (w *writers) start(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		w.wg.Go(func() {
			for j := 0; ; j++ {
				select {
				case <-w.end:
					return
				default:
					w.append(t, fmt.Sprintf("e-%d-%d", i, j), fmt.Sprintf("case-%d", (i+j)%40))
				}
			}
		})
	}
}

// append appends one event until it is acknowledged.
func (w *writers) append(t *testing.T, id, stream string) {
	t.Helper()
	e := events.Event{ID: id, Source: "web", Type: "page.viewed", Data: []byte(`{"n":1}`)}
	for t.Context().Err() == nil {
		ctx, cancel := context.WithTimeout(t.Context(), w.patience)
		results, err := w.log.Append(ctx, events.Entry{Stream: stream, Event: e})
		cancel()
		if err == nil {
			w.done(id, results[0].Position)
			return
		}
		if errors.Is(err, events.ErrFailed) || errors.Is(err, events.ErrClosed) {
			t.Errorf("Append: %v", err)
			return
		}
		w.mu.Lock()
		w.refused++
		w.mu.Unlock()
	}
}

func (w *writers) done(id string, p events.Position) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acked[id] = p
	close(w.grown)
	w.grown = make(chan struct{})
}

func (w *writers) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// until waits until n events are acknowledged.
func (w *writers) until(t *testing.T, n int) {
	t.Helper()
	patience := time.After(2 * time.Minute)
	for {
		w.mu.Lock()
		enough, grown := len(w.acked) >= n, w.grown
		w.mu.Unlock()
		if enough {
			return
		}
		select {
		case <-grown:
		case <-patience:
			t.Fatalf("only %d of %d events were acknowledged", w.count(), n)
		}
	}
}

func (w *writers) stop() {
	close(w.end)
	w.wg.Wait()
}

// check compares the log with what was acknowledged.
func (w *writers) check(t *testing.T, l events.Log) {
	t.Helper()
	all, err := l.Read(t.Context(), 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]events.Position{}
	for i, r := range all {
		if r.Position != events.Position(i+1) {
			t.Fatalf("event %d is at %d", i+1, r.Position)
		}
		if p, twice := there[r.ID]; twice {
			t.Errorf("%s is at %d and %d", r.ID, p, r.Position)
		}
		there[r.ID] = r.Position
	}
	for id, p := range w.acked {
		if there[id] != p {
			t.Errorf("%s was acknowledged at %d and is at %d", id, p, there[id])
		}
	}
	if len(there) != len(w.acked) {
		t.Errorf("%d events are there, %d were acknowledged, and every one was repeated until it was", len(there), len(w.acked))
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Errorf("Verify: %v", err)
	}
}
