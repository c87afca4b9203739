package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/ingest"
)

// refusingLog answers every append with an error, or refuses one id.
type refusingLog struct {
	events.Log
	err error
	bad string
}

func (l *refusingLog) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	for i := range entries {
		if l.bad != "" && entries[i].Event.ID == l.bad {
			return nil, &events.EntryError{Index: i, Err: errors.New("too odd")}
		}
	}
	if l.err != nil {
		return nil, l.err
	}
	return l.Log.Append(ctx, entries...)
}

func TestLogFailures(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"full": events.ErrFull, "failed": events.ErrFailed, "closed": events.ErrClosed, "deadline": context.DeadlineExceeded, "other": errors.New("x"),
	} {
		for _, c := range []call{
			{path: "/v1/batch", key: posKey, body: `{"batch":[` + track + `]}`},
			ce(structuredType, `{"specversion":"1.0","id":"1","source":"pos","type":"t"}`),
			importing("ndjson", twoLines),
		} {
			e := newEdge(t, func(x *ingest.Config) {
				x.Log = &refusingLog{Log: memlog.New(x.Now), err: fmt.Errorf("append: %w", err)}
			})
			a := e.do(c)
			if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
				t.Errorf("%s %s: %d %s", name, c.path, a.StatusCode, a.body)
			}
		}
	}
}

func TestAnEntryTheLogRefusesIsRejected(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(x *ingest.Config) { x.Log = &refusingLog{Log: memlog.New(x.Now), bad: "m2"} })
	a := e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[` + track + `,` + strings.ReplaceAll(track, "m1", "m2") + `,` + strings.ReplaceAll(track, "m1", "m3") + `]}`})
	if a.StatusCode != http.StatusOK || a.json(t)["accepted"] != 2.0 || a.json(t)["rejected"] != 1.0 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if list := e.rejects(""); len(list) != 1 || list[0].Index != 1 || !strings.Contains(list[0].Detail, "too odd") {
		t.Errorf("rejected %+v", list)
	}
}

// shutGate is shut for producers, and for imports until it was asked three times.
type shutGate struct{ asked atomic.Int32 }

func (g *shutGate) Producers() time.Duration { return 1500 * time.Millisecond }

func (g *shutGate) Imports() time.Duration {
	if g.asked.Add(1) < 3 {
		return time.Millisecond
	}
	return 0
}

func TestBackPressure(t *testing.T) {
	t.Parallel()
	gate := &shutGate{}
	e := newEdge(t, func(c *ingest.Config) { c.Gate = gate })
	for _, c := range []call{
		{path: "/v1/batch", key: posKey, body: `{"batch":[` + track + `]}`},
		{path: "/v1/t", key: posKey, body: track},
		ce(structuredType, `{"specversion":"1.0","id":"1","source":"pos","type":"t"}`),
	} {
		if a := e.do(c); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "2" {
			t.Errorf("%s: %d, Retry-After %s", c.path, a.StatusCode, a.Header.Get("Retry-After"))
		}
	}
	if a := e.do(importing("ndjson", twoLines)); a.StatusCode != http.StatusOK || gate.asked.Load() < 3 {
		t.Errorf("an import: %d after %d questions", a.StatusCode, gate.asked.Load())
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(c *ingest.Config) { c.InFlightBytes = 256 << 10 })
	a := e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[` + strings.Repeat(" ", 200<<10) + `]}`})
	if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := e.do(call{path: "/v1/track", key: posKey, body: track}); a.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.StatusCode, a.body)
	}
}

func TestLostAcknowledgements(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	var wg sync.WaitGroup
	bodies := map[string]string{
		"/v1/batch":  `{"batch":[{"type":"track","event":"E","userId":"u1","messageId":"m1"}],"sentAt":"2026-11-21T11:00:00Z"}`,
		"/v1/track":  track,
		"/v1/t":      track,
		"/v1/import": `{"batch":[{"type":"track","event":"E","userId":"u1","messageId":"m1"}]}`,
	}
	for range 8 {
		for path, body := range bodies {
			wg.Go(func() {
				if a := e.do(call{path: path, key: posKey, body: body}); a.StatusCode != http.StatusOK || a.Header.Get("C360-Position") != "1" {
					t.Errorf("%s: %d position %s", path, a.StatusCode, a.Header.Get("C360-Position"))
				}
			})
		}
	}
	wg.Wait()
	if n := len(e.all()); n != 1 {
		t.Errorf("stored %d times, want once", n)
	}
	if a := e.do(call{path: "/v1/track", key: webKey, body: track}); a.Header.Get("C360-Position") != "2" {
		t.Error("the same id from another source is not another event")
	}
}

func TestDuplicatesInOneBatch(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	m := `{"type":"track","event":"E","userId":"u1","messageId":"m1"}`
	if a := e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[` + m + `,` + m + `]}`}); a.json(t)["accepted"] != 1.0 || a.json(t)["duplicates"] != 1.0 {
		t.Errorf("%s", a.body)
	}
}
