package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

const (
	webKey = "WEBKEY"
	posKey = "POSKEY"
	oldKey = "OLDKEY"
)

const sourcesText = "web:WEBKEY:claimed:channel=web,pos:POSKEY:asserted:channel=store," +
	"signed:SIGNEDKEY:claimed:user_id=asserted,old:OLDKEY:asserted:disabled," +
	"shop:SHOPKEY:claimed:origin=https://shop.example"

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// edge is a service under test, behind a real server, with the log it writes to.
type edge struct {
	*httptest.Server
	t        *testing.T
	log      events.Log
	registry *prometheus.Registry
	// stop is what the end of the test does, for tests that start again.
	stop func()
}

func newEdge(t *testing.T, changes ...func(*ingest.Config)) *edge {
	t.Helper()
	sources, err := auth.ParseSources(sourcesText)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	e := &edge{t: t, registry: prometheus.NewRegistry()}
	c := ingest.Config{
		Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Registry: e.registry,
		Now: func() time.Time { return noon },
	}
	for _, change := range changes {
		change(&c)
	}
	if c.Log == nil {
		c.Log = memlog.New(c.Now)
	}
	e.log = c.Log
	service, err := ingest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	e.Server = httptest.NewServer(service.Handler())
	e.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	e.stop = sync.OnceFunc(func() {
		e.Close()
		if err := service.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Log.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(e.stop)
	return e
}

// answer is a reply with its body read.
type answer struct {
	*http.Response
	body []byte
}

type call struct {
	method, path, body string
	header             map[string]string
	key                string
	gzip               bool
}

func (e *edge) do(c call) answer {
	e.t.Helper()
	body := io.Reader(strings.NewReader(c.body))
	if c.gzip {
		body = bytes.NewReader(zip(c.body))
	}
	if c.method == "" {
		c.method = http.MethodPost
	}
	r, err := http.NewRequest(c.method, e.URL+c.path, body)
	if err != nil {
		e.t.Fatal(err)
	}
	if c.gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	if c.key != "" {
		r.SetBasicAuth(c.key, "")
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	resp, err := e.Client().Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return answer{resp, read}
}

func zip(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}

// all returns everything the log holds.
func (e *edge) all() []events.Recorded { return e.after(0) }

func (e *edge) after(p events.Position) []events.Recorded {
	e.t.Helper()
	list, err := e.log.Read(context.Background(), p, 1_000_000)
	if err != nil {
		e.t.Fatal(err)
	}
	return list
}

// one sends a call that must succeed and returns the one event it left in the log.
func (e *edge) one(c call) events.Recorded {
	e.t.Helper()
	head, err := e.log.Head(context.Background())
	if err != nil {
		e.t.Fatal(err)
	}
	if a := e.do(c); a.StatusCode/100 != 2 {
		e.t.Fatalf("%s: %d %s", c.path, a.StatusCode, a.body)
	}
	list := e.after(head.Position)
	if len(list) != 1 {
		e.t.Fatalf("%s left %d events, want 1", c.path, len(list))
	}
	return list[0]
}

func (e *edge) rejects(query string) []ingest.Reject {
	e.t.Helper()
	a := e.do(call{method: http.MethodGet, path: "/v1/rejects" + query})
	var list []ingest.Reject
	for line := range strings.Lines(string(a.body)) {
		var r ingest.Reject
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			e.t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(a.body, &m); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
	return m
}

func idents(r events.Recorded) string {
	var list []string
	for _, id := range r.Identifiers {
		list = append(list, id.String()+"/"+id.Grade.String())
	}
	return strings.Join(list, " ")
}

// newService returns a service without a server, its log and the source pos.
func newService(t testing.TB, changes ...func(*ingest.Config)) (*ingest.Service, events.Log, *auth.Source) {
	t.Helper()
	sources, err := auth.ParseSources(sourcesText)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	c := ingest.Config{Log: memlog.New(now), Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: now}
	for _, change := range changes {
		change(&c)
	}
	service, err := ingest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	})
	source, _ := sources.Named("pos")
	return service, c.Log, source
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

// lockedBuffer is a buffer that many may write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
