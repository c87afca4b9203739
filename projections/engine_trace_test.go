package projections_test

import (
	"fmt"
	"slices"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// tracedEvents are n touchpoints, each brought by a request of its own.
func tracedEvents(n, from int) []events.Event {
	list := make([]events.Event, n)
	for i := range list {
		list[i] = event(from+i, "person", "page.viewed")
		list[i].TraceParent = fmt.Sprintf("00-%032x-%016x-01", from+i+1, from+i+1)
	}
	return list
}

func (b *bundle) trace() *tracetest.SpanRecorder {
	spans := tracetest.NewSpanRecorder()
	b.opts.Tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)).Tracer("test")
	return spans
}

func fold(t *testing.T, b *bundle) {
	t.Helper()
	e := b.engine(t)
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), b.head(t)))
	e.Stop()
}

func TestABatchHasLinksToWhatBroughtIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	spans := b.trace()
	plain := event(900, "person", "page.viewed")
	unsampled := tracedEvents(1, 901)[0]
	unsampled.TraceParent = unsampled.TraceParent[:53] + "00"
	odd := event(902, "person", "page.viewed")
	odd.TraceParent = "00-what is this"
	b.add(t, slices.Concat([]events.Event{plain, unsampled, odd}, tracedEvents(3, 0))...)
	fold(t, b)
	list := spans.Ended()
	if len(list) != 1 || list[0].Name() != "project" {
		t.Fatalf("spans: %v", list)
	}
	span := list[0]
	if p := span.Parent(); p.TraceID().String() != fmt.Sprintf("%032x", 1) || !p.IsRemote() {
		t.Errorf("its parent is %v", p)
	}
	var linked []string
	for _, l := range span.Links() {
		linked = append(linked, l.SpanContext.SpanID().String())
	}
	if want := []string{fmt.Sprintf("%016x", 1), fmt.Sprintf("%016x", 2), fmt.Sprintf("%016x", 3)}; !slices.Equal(linked, want) {
		t.Errorf("links to %v, want %v", linked, want)
	}
	for _, a := range span.Attributes() {
		if want := map[string]int64{"c360.events": 6, "c360.parked": 0, "c360.position.first": 1, "c360.position.last": 6}; a.Value.AsInt64() != want[string(a.Key)] {
			t.Errorf("%s is %d", a.Key, a.Value.AsInt64())
		}
	}
}

func TestLinksOfABatchAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	spans := b.trace()
	b.add(t, tracedEvents(200, 0)...)
	fold(t, b)
	if list := spans.Ended(); len(list) != 1 || len(list[0].Links()) != 32 {
		t.Fatalf("%d spans", len(list))
	}
}

// TestHistoryIsNotTraced: a rebuild folds what was traced when it came, and events nobody traces leave no span.
func TestHistoryIsNotTraced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	spans := b.trace()
	head := b.add(t, tracedEvents(50, 0)...)
	must(t, projections.NewEngine(b.opts).RunTo(t.Context(), head))
	b.add(t, many(50, 5)[:40]...)
	fold(t, b)
	if list := spans.Ended(); len(list) != 0 {
		t.Errorf("%d spans", len(list))
	}
}
