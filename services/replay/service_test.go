package replay_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// live shows one view again and again.
type live struct{ view projections.View }

func (l live) View(context.Context) (projections.View, error) { return kept{l.view}, nil }

// kept is a view that is not closed by those who look at it.
type kept struct{ projections.View }

func (kept) Close() {}

// serve serves the exports of the hand-made log.
func serve(t *testing.T) (string, *dataset.Source) {
	t.Helper()
	s := handMade(t)
	service, err := replay.New(replay.Config{
		Live: live{s.View}, Log: s.Log, Identity: s.Identity, Profile: s.Profile, Now: time.Now,
		Guard: func(next http.Handler) http.Handler { return next },
	})
	must(t, err)
	mux := http.NewServeMux()
	service.Routes(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/v1/export/", s
}

func fetch(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	res, err := http.Get(url)
	must(t, err)
	defer res.Body.Close()
	return res, readAll(t, res.Body)
}

// TestHTTP asks for every table in every format and holds the answer against the file.
func TestHTTP(t *testing.T) {
	t.Parallel()
	url, s := serve(t)
	for _, f := range format.All(format.Options{}) {
		for _, d := range append(dataset.All(), dataset.Dictionary()) {
			res, got := fetch(t, url+d.Name+"?format="+f.Name)
			if res.StatusCode != http.StatusOK || res.Header.Get("C360-Position") != "20" || res.Header.Get("Content-Type") != f.Media {
				t.Fatalf("%s as %s: %s %v", d.Name, f.Name, res.Status, res.Header)
			}
			if diff := cmp.Diff(string(written(t, s, d, f)), got); diff != "" && f.Name != "parquet" {
				t.Errorf("%s as %s is not what a file would be:\n%s", d.Name, f.Name, diff)
			}
		}
	}
	_, body := fetch(t, url+"events?format=parquet&channel=store&from=2026-05-02&to=2026-05-02")
	file, err := parquet.OpenFile(bytes.NewReader([]byte(body)), int64(len(body)))
	must(t, err)
	if file.NumRows() != 3 {
		t.Errorf("%d events in the store on 2 May, want 3", file.NumRows())
	}
	if _, body := fetch(t, url+"customers?format=csv&bom=1"); !strings.HasPrefix(body, "\ufeffcustomer,") {
		t.Errorf("there is no byte order mark: %.20q", body)
	}
}

func TestHTTPRefuses(t *testing.T) {
	t.Parallel()
	url, _ := serve(t)
	for ask, says := range map[string]string{
		"nothing":                       "there are events, order_items, customers",
		"events?format=xlsx":            "there are parquet, csv, ndjson",
		"events?from=yesterday":         "is not a time",
		"events?to=1":                   "is not a time",
		"events?channel=tv":             "there are web, app, store",
		"events?colour=red":             "it has format, from, to",
		"events?type=a&type=b":          "more than once",
		"customers?type=order.refunded": "select among events and order_items",
		"customers?known_at=3":          "c360 replay --known-at",
		"events?as_of=2026-05-03":       "c360 replay --known-at",
		"events?%zz":                    "escape",
	} {
		res, body := fetch(t, url+ask)
		if res.StatusCode < 400 || res.StatusCode > 404 || !strings.Contains(body, says) {
			t.Errorf("%s: %s %s, want it to say %q", ask, res.Status, body, says)
		}
	}
}

// TestHTTPCutsOff breaks off in the middle of an answer: the reader must not take the part for the whole.
func TestHTTPCutsOff(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	service, err := replay.New(replay.Config{
		Live: live{s.View}, Log: broken{s.Log}, Identity: s.Identity, Profile: s.Profile, Now: time.Now,
		Guard: func(next http.Handler) http.Handler { return next },
	})
	must(t, err)
	mux := http.NewServeMux()
	service.Routes(mux)
	server := httptest.NewServer(mux)
	defer server.Close()
	head, err := http.Head(server.URL + "/v1/export/events?format=csv")
	must(t, err)
	head.Body.Close()
	if head.StatusCode != http.StatusOK || head.Header.Get("C360-Position") != "20" {
		t.Errorf("the head, for which no log is read, is %s %v", head.Status, head.Header)
	}
	res, err := http.Get(server.URL + "/v1/export/events?format=csv")
	if err == nil {
		_, err = new(bytes.Buffer).ReadFrom(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("the answer seems whole although the log could not be read")
	}
}

// TestHTTPGuards: nothing is told to whom the guard does not let through.
func TestHTTPGuards(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	service, err := replay.New(replay.Config{
		Live: live{s.View}, Log: s.Log, Identity: s.Identity, Profile: s.Profile, Now: time.Now,
		Guard: func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
		},
	})
	must(t, err)
	mux := http.NewServeMux()
	service.Routes(mux)
	for _, call := range replay.Calls() {
		for _, d := range append(dataset.All(), dataset.Dictionary()) {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(call.Method, strings.Replace(call.Path, "{dataset}", d.Name, 1), nil))
			if w.Code != http.StatusForbidden || w.Body.Len() > 0 {
				t.Errorf("a stranger who asks for %s is answered %d, %d bytes", d.Name, w.Code, w.Body.Len())
			}
		}
	}
}

// slowly is a log beside a connection and a clock: once the row is written, every page takes a minute to find.
type slowly struct {
	events.Log
	*httptest.ResponseRecorder
	mu            sync.Mutex
	now, deadline time.Time
	written       chan struct{}
}

func (l *slowly) clock() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// Read gives two events at a time.
func (l *slowly) Read(ctx context.Context, after events.Position, _ int) ([]events.Recorded, error) {
	if after >= 14 { // what is asked for is at 14
		<-l.written
		l.mu.Lock()
		l.now = l.now.Add(time.Minute)
		l.mu.Unlock()
	}
	return l.Log.Read(ctx, after, 2)
}

func (l *slowly) SetWriteDeadline(t time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deadline = t
	return nil
}

func (l *slowly) FlushError() error {
	if l.mu.Lock(); l.now.After(l.deadline) {
		defer l.mu.Unlock()
		return os.ErrDeadlineExceeded
	}
	l.mu.Unlock()
	return nil
}

func (l *slowly) Write(b []byte) (int, error) {
	if err := l.FlushError(); err != nil {
		return 0, err
	}
	defer close(l.written)
	return l.ResponseRecorder.Write(b)
}

// TestHTTPSlowLog asks for what is rare: the reader is not cut off because we took long to look for more of it.
func TestHTTPSlowLog(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	slow := &slowly{
		Log: s.Log, ResponseRecorder: httptest.NewRecorder(), now: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), written: make(chan struct{}),
	}
	service, err := replay.New(replay.Config{
		Live: live{s.View}, Log: slow, Identity: s.Identity, Profile: s.Profile, Now: slow.clock,
		Guard: func(next http.Handler) http.Handler { return next },
	})
	must(t, err)
	mux := http.NewServeMux()
	service.Routes(mux)
	mux.ServeHTTP(slow, httptest.NewRequest(http.MethodGet, "/v1/export/events?type=stock.counted", nil))
	if got := strings.Count(slow.Body.String(), "\n"); got != 1 || !slow.deadline.IsZero() {
		t.Errorf("%d rows were sent, want 1; the deadline is %v", got, slow.deadline)
	}
}
