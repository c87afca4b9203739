package ingest

import (
	"context"
	"net/http"

	attr "go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/c360hq/c360/services/web"
)

// scope is what the spans of this package say they come from.
const scope = "github.com/c360hq/c360/services/ingest"

// linksAtMost bounds how many of the traces that a batch belongs to its span names.
const linksAtMost = 32

// tracing makes spans, or nothing: without a provider a request does not notice it. No attribute holds anything of an
// event, nor a path or a name from outside.
type tracing struct{ tracer trace.Tracer }

func newTracing(p trace.TracerProvider) tracing {
	if p == nil {
		return tracing{}
	}
	return tracing{p.Tracer(scope)}
}

// spanOf returns the span of a request or batch, which takes no harm from being used when there is none.
func spanOf(ctx context.Context) trace.Span { return trace.SpanFromContext(ctx) }

// none is the span of what is not traced.
func none() trace.Span { return spanOf(context.Background()) }

// startAppend begins the span of an append below that of its request.
func (t tracing) startAppend(ctx context.Context, entries int) (context.Context, trace.Span) {
	if t.tracer == nil {
		return ctx, none()
	}
	return t.tracer.Start(ctx, "append", trace.WithAttributes(attr.Int("c360.events", entries)))
}

// serve answers a request inside a span, which goes on with the trace of whoever sent it.
func (t tracing) serve(w http.ResponseWriter, r *http.Request, pattern string, serve func(http.ResponseWriter, *http.Request)) {
	if t.tracer == nil {
		serve(w, r)
		return
	}
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, r.Method+" "+pattern, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attr.String("http.request.method", r.Method), attr.String("http.route", pattern)))
	defer span.End()
	sw := web.NewStatus(w)
	serve(sw, r.WithContext(ctx))
	span.SetAttributes(attr.Int("http.response.status_code", sw.Code))
	if sw.Code >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}

// tell adds what became of the events to the span of their request.
func (o *Outcome) tell(span trace.Span) {
	if span.IsRecording() {
		span.SetAttributes(attr.Int("c360.accepted", o.Accepted), attr.Int("c360.duplicates", o.Duplicates),
			attr.Int("c360.rejected", o.Rejected), attr.Int64("c360.position", int64(o.Position))) //nolint:gosec // positions are counted from 1
	}
}

// startCarried begins the span of a batch from a broker, which belongs to the traces of all its messages.
func (t tracing) startCarried(ctx context.Context, messages []Carried) (context.Context, trace.Span) {
	if t.tracer == nil {
		return ctx, none()
	}
	return t.tracer.Start(ctx, "process c360.touchpoints", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithLinks(linksTo(messages)...), trace.WithAttributes(
			attr.String("messaging.system", "nats"), attr.Int("messaging.batch.message_count", len(messages))))
}

func linksTo(messages []Carried) []trace.Link {
	var links []trace.Link
	seen := map[trace.SpanID]bool{}
	for i := range messages {
		c := trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(messages[i].Header)))
		if !c.IsSampled() || seen[c.SpanID()] {
			continue
		}
		if seen[c.SpanID()] = true; len(links) < linksAtMost {
			links = append(links, trace.Link{SpanContext: c})
		}
	}
	return links
}

// traceOf is the W3C trace context that the events of a request are marked with: that of our own span, so that who
// looks at it finds the request; without tracing what the sender said, if it looks like one.
func traceOf(ctx context.Context, h http.Header) string {
	if own := parentOf(ctx); own != "" {
		return own
	}
	return saidOf(h)
}

// saidOf is the trace context that a sender gave, if it looks like one.
func saidOf(h http.Header) string {
	if t := h.Get("Traceparent"); len(t) == 55 {
		return t
	}
	return ""
}

// parentOf is the span of ctx in the form of a traceparent header; "" if there is none.
func parentOf(ctx context.Context) string {
	c := trace.SpanContextFromContext(ctx)
	if !c.IsValid() {
		return ""
	}
	return "00-" + c.TraceID().String() + "-" + c.SpanID().String() + "-" + c.TraceFlags().String()
}

// endOf ends a span, as failed if err is not nil. What failed is in the log of c360.
func endOf(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
