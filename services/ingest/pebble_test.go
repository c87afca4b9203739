package ingest_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/services/ingest"
)

// onPebble puts a real log behind an edge.
func onPebble(t *testing.T, dir string) func(*ingest.Config) {
	return func(c *ingest.Config) {
		log, err := pebblelog.Open(context.Background(), pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		c.Log = log
	}
}

// TestConcurrentSendersOnPebble lets many senders send overlapping batches, each twice, as SDKs do that lost an
// answer. Every event is there once, and every answer's position is one at which the log holds it.
func TestConcurrentSendersOnPebble(t *testing.T) {
	t.Parallel()
	e := newEdge(t, onPebble(t, t.TempDir()))
	const senders, batch = 8, 25
	var wg sync.WaitGroup
	for sender := range senders {
		wg.Go(func() {
			var list []string
			for i := range batch { // the second half is also the first half of the next sender
				id := (sender*batch/2 + i) % (senders * batch / 2)
				list = append(list, fmt.Sprintf(`{"type":"track","event":"E","userId":"u%d","messageId":"m%d"}`, id%5, id))
			}
			for range 2 {
				if a := e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[` + strings.Join(list, ",") + `]}`}); a.StatusCode != http.StatusOK {
					t.Errorf("%d %s", a.StatusCode, a.body)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, r := range e.all() {
		if seen[r.ID] {
			t.Errorf("%s is there twice", r.ID)
		}
		seen[r.ID] = true
	}
	if len(seen) != senders*batch/2 {
		t.Errorf("%d events, want %d", len(seen), senders*batch/2)
	}
	if err := e.log.Verify(context.Background(), nil); err != nil {
		t.Error(err)
	}
}

func TestEventsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := newEdge(t, onPebble(t, dir))
	first.one(call{path: "/v1/track", key: posKey, body: track})
	first.do(importing("ndjson", twoLines))
	first.stop()
	e := newEdge(t, onPebble(t, dir))
	if a := e.do(call{path: "/v1/track", key: posKey, body: track}); a.Header.Get("C360-Position") != "1" {
		t.Errorf("after a restart the event is at %s", a.Header.Get("C360-Position"))
	}
	if m := e.do(importing("ndjson", twoLines)).json(t); m["duplicates"] != 2.0 || len(e.all()) != 3 {
		t.Errorf("after a restart: %v, %d events", m, len(e.all()))
	}
}
