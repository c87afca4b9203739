package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver is a collector: it takes spans as OpenTelemetry sends them, over HTTP.
type receiver struct {
	*httptest.Server
	mu        sync.Mutex
	spans     map[string]*otlp.Span // by name, the last one
	resources string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{spans: map[string]*otlp.Span{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", r.take)
	r.Server = httptest.NewServer(mux)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(w http.ResponseWriter, q *http.Request) {
	body := io.Reader(q.Body)
	if q.Header.Get("Content-Encoding") == "gzip" {
		body, _ = gzip.NewReader(q.Body)
	}
	raw, err := io.ReadAll(body)
	sent := &collector.ExportTraceServiceRequest{}
	if err != nil || proto.Unmarshal(raw, sent) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, resource := range sent.GetResourceSpans() {
		r.resources += resource.GetResource().String()
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				r.spans[s.GetName()] = s
			}
		}
	}
}

// span returns the last span of that name; it fails if there was none.
func (r *receiver) span(t *testing.T, name string) *otlp.Span {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.spans[name]
	if !ok {
		t.Fatalf("no span %q came; there are %v", name, r.spans)
	}
	return s
}

// TestATouchpointsWay: one trace leads from the request of the sender over the append to the batch that folded it.
func TestATouchpointsWay(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	const trace, sender = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	a, end := runApp(t, &config{sources: "web:KEY:claimed"}, func(name string) string {
		if name == "OTEL_EXPORTER_OTLP_ENDPOINT" {
			return r.URL
		}
		return runtimeOff(name)
	})
	event := `{"type":"track","event":"E","userId":"hong-gildong","messageId":"m1","properties":{"phone":"010-4821-7730"}}`
	q, err := http.NewRequest(http.MethodPost, a.url()+"/v1/track", strings.NewReader(event))
	if err != nil {
		t.Fatal(err)
	}
	q.SetBasicAuth("KEY", "")
	q.Header.Set("Traceparent", "00-"+trace+"-"+sender+"-01")
	res, err := http.DefaultClient.Do(q)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
	if err := a.house.generations.Live().Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	end() // and with it the last spans are sent
	request, stored, folded := r.span(t, "POST /v1/track"), r.span(t, "append"), r.span(t, "project")
	for _, s := range []*otlp.Span{request, stored, folded} {
		if hex.EncodeToString(s.GetTraceId()) != trace {
			t.Errorf("%s is in trace %x", s.GetName(), s.GetTraceId())
		}
		if text := s.String(); strings.Contains(text, "hong") || strings.Contains(text, "4821") {
			t.Errorf("%s tells who it was: %s", s.GetName(), text)
		}
	}
	if hex.EncodeToString(request.GetParentSpanId()) != sender {
		t.Errorf("the request's parent is %x", request.GetParentSpanId())
	}
	for _, s := range []*otlp.Span{stored, folded} {
		if !bytes.Equal(s.GetParentSpanId(), request.GetSpanId()) {
			t.Errorf("the parent of %s is %x, the request is %x", s.GetName(), s.GetParentSpanId(), request.GetSpanId())
		}
	}
	if links := folded.GetLinks(); len(links) != 1 || !bytes.Equal(links[0].GetSpanId(), request.GetSpanId()) {
		t.Errorf("the batch has links %v", links)
	}
	if !strings.Contains(r.resources, "c360") || !strings.Contains(r.resources, "project") {
		t.Errorf("the spans come from %s", r.resources)
	}
}

// TestACollectorThatIsAway holds nothing up, and the log of c360 says that spans are gone.
func TestACollectorThatIsAway(t *testing.T) {
	t.Parallel()
	said := &lockedBuffer{}
	getenv := func(name string) string {
		if name == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" {
			return "http://127.0.0.1:1/k3y/v1/traces"
		}
		return ""
	}
	tr, err := openTraces(t.Context(), getenv, roles{ingest: true}, slog.New(slog.NewTextHandler(said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, span := tr.provider().Tracer("test").Start(t.Context(), "x")
	span.End()
	began := time.Now()
	tr.close()
	if took := time.Since(began); took > 2*flushPatience {
		t.Errorf("it took %s to end", took)
	}
	if !strings.Contains(said.String(), "spans could not be sent") || strings.Contains(said.String(), "k3y") {
		t.Errorf("it said %s", said)
	}
	if n := strings.Count(said.String(), "http://127.0.0.1:1"); n < 2 {
		t.Errorf("it said %d times where to: %s", n, said)
	}
}

func TestWhereTracesGo(t *testing.T) {
	t.Parallel()
	const all, own = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	for _, c := range []struct {
		env  map[string]string
		want string
		err  string
	}{
		{map[string]string{}, "", ""},
		{map[string]string{all: "http://c:4318"}, "http://c:4318/v1/traces", ""},
		{map[string]string{all: "https://c:4318/otlp/"}, "https://c:4318/otlp/v1/traces", ""},
		{map[string]string{all: "http://c:4318", own: "http://d:4318/x"}, "http://d:4318/x", ""},
		{map[string]string{all: "http://c:4318", "OTEL_SDK_DISABLED": "true"}, "", ""},
		{map[string]string{all: "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, "", ""},
		{map[string]string{all: "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "", "http/protobuf"},
		{map[string]string{all: "c:4318"}, "", all},
		{map[string]string{all: "http://u:s3cret@c:4318"}, "", "OTLP_HEADERS"},
		{map[string]string{all: "http://c:4318?key=s3cret"}, "", "OTLP_HEADERS"}, // OpenTelemetry would leave it out
		{map[string]string{own: "http://c:4318/v1/traces?key=s3cret"}, "", "OTLP_HEADERS"},
	} {
		u, err := traceEndpoint(func(name string) string { return c.env[name] })
		got := ""
		if u != nil {
			got = u.String()
		}
		if got != c.want || (err == nil) != (c.err == "") || err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%v: %q, %v", c.env, got, err)
		}
	}
}

// TestWithoutACollector: nothing is made, and nobody is asked to make anything.
func TestWithoutACollector(t *testing.T) {
	t.Parallel()
	tr, err := openTraces(t.Context(), func(string) string { return "" }, roles{}, slog.New(slog.DiscardHandler))
	if tr != nil || err != nil || tr.provider() != nil || tr.tracer() != nil {
		t.Errorf("%v, %v", fmt.Sprint(tr), err)
	}
	tr.close()
}

// lockedBuffer is a buffer that many may write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
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
