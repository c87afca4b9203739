package ingest_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/ingest"
)

const (
	senderTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	sender      = "00-" + senderTrace + "-00f067aa0ba902b7-01"
)

func traced(spans *tracetest.SpanRecorder) func(*ingest.Config) {
	return func(c *ingest.Config) { c.Traces = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)) }
}

func attributeOf(s sdktrace.ReadOnlySpan, key string) attribute.Value {
	for _, a := range s.Attributes() {
		if string(a.Key) == key {
			return a.Value
		}
	}
	return attribute.Value{}
}

// theirWords are what the sender of the tests says; no span may repeat it.
var theirWords = []string{"u1", "m1", "POSKEY", "pos", "010-4821", "+8210"}

func TestATouchpointIsTraced(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	e := newEdge(t, traced(spans))
	got := e.one(call{path: "/v1/track", key: posKey, body: track, header: map[string]string{"Traceparent": sender}})
	list := spans.Ended()
	if len(list) != 2 || list[0].Name() != "append" || list[1].Name() != "POST /v1/track" {
		t.Fatalf("spans: %v", list)
	}
	request := list[1]
	if request.Parent().TraceID().String() != senderTrace || !request.Parent().IsRemote() || request.SpanKind() != trace.SpanKindServer {
		t.Errorf("the request's parent is %v", request.Parent())
	}
	if list[0].Parent().SpanID() != request.SpanContext().SpanID() {
		t.Errorf("the append's parent is %v", list[0].Parent())
	}
	if want := "00-" + senderTrace + "-" + request.SpanContext().SpanID().String() + "-01"; got.TraceParent != want {
		t.Errorf("the event is marked %s, want %s", got.TraceParent, want)
	}
	if attributeOf(request, "c360.accepted").AsInt64() != 1 || attributeOf(request, "http.response.status_code").AsInt64() != 200 {
		t.Errorf("attributes: %v", request.Attributes())
	}
	for _, s := range list {
		for _, a := range s.Attributes() {
			if slices.Contains(theirWords, a.Value.String()) {
				t.Errorf("%s repeats %s", s.Name(), a.Value.String())
			}
		}
	}
}

// TestNamesOfSpans: whatever is asked for, the names are those of our routes.
func TestNamesOfSpans(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	e := newEdge(t, traced(spans))
	for _, path := range []string{"/v1/projects/" + posKey + "/settings", "/analytics-next/bundles/x.js", "/v1/nothing/" + posKey} {
		e.do(call{method: http.MethodGet, path: path})
	}
	var names []string
	for _, s := range spans.Ended() {
		names = append(names, s.Name())
		if strings.Contains(attributeOf(s, "http.route").AsString(), posKey) {
			t.Errorf("%v holds a key", s.Attributes())
		}
	}
	if got := strings.Join(names, ", "); got != "GET /v1/projects/{key}/settings, GET /analytics-next/" {
		t.Errorf("spans: %s", got)
	}
}

func TestAFailedAppendIsTraced(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	e := newEdge(t, traced(spans), func(c *ingest.Config) { c.Log = &refusingLog{Log: memlog.New(c.Now), err: events.ErrFull} })
	e.do(call{path: "/v1/track", key: posKey, body: track})
	for _, s := range spans.Ended() {
		if s.Status().Code != codes.Error {
			t.Errorf("%s ended as %v", s.Name(), s.Status())
		}
	}
	if n := len(spans.Ended()); n != 2 {
		t.Errorf("%d spans", n)
	}
}

func TestCarriedMessagesAreTraced(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	service, log, _ := newService(t, traced(spans))
	body := func(id string) []byte {
		return []byte(`{"specversion":"1.0","id":"` + id + `","source":"pos","type":"t"}`)
	}
	from := http.Header{"Traceparent": {sender}}
	unsampled := http.Header{"Traceparent": {sender[:53] + "00"}}
	_, _, err := service.Take(context.Background(), []ingest.Carried{
		{Source: "pos", Header: from, Body: body("1")},
		{Source: "pos", Header: from, Body: body("2")},
		{Source: "pos", Header: unsampled, Body: body("3")},
		{Source: "pos", Body: body("4")},
	})
	if err != nil {
		t.Fatal(err)
	}
	batch := spans.Ended()[1]
	if batch.Name() != "process c360.touchpoints" || len(batch.Links()) != 1 || batch.Links()[0].SpanContext.TraceID().String() != senderTrace {
		t.Fatalf("%s with links %v", batch.Name(), batch.Links())
	}
	list, err := log.Read(context.Background(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	own := batch.SpanContext()
	for i, want := range []string{sender, sender, sender[:53] + "00", "00-" + own.TraceID().String() + "-" + own.SpanID().String() + "-01"} {
		if list[i].TraceParent != want {
			t.Errorf("event %s is marked %s, want %s", list[i].ID, list[i].TraceParent, want)
		}
	}
}

// TestWithoutTracesNothingChanges: the sender's own trace is kept, as ever.
func TestWithoutTracesNothingChanges(t *testing.T) {
	t.Parallel()
	got := newEdge(t).one(call{path: "/v1/track", key: posKey, body: track, header: map[string]string{"Traceparent": sender}})
	if got.TraceParent != sender {
		t.Errorf("the event is marked %q", got.TraceParent)
	}
}
