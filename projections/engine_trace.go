package projections

import (
	"context"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// linksAtMost bounds how many traces the span of a batch names.
const linksAtMost = 32

// traced begins the span of a batch that was folded since began: the way of its touchpoints from the request that
// brought them (events.Event.TraceParent) to the read store. It goes on with the trace of the first and has links to
// those of all. A batch none of whose events is traced has no span, and neither has history that is folded anew.
func (f *folder) traced(ctx context.Context, began time.Time, batch []*Touch) trace.Span {
	if f.e.opts.Tracer == nil || f.until != 0 {
		return nil
	}
	links := linksTo(batch)
	if len(links) == 0 {
		return nil
	}
	first, last := batch[0], batch[len(batch)-1]
	_, span := f.e.opts.Tracer.Start(trace.ContextWithRemoteSpanContext(ctx, links[0].SpanContext), "project", trace.WithTimestamp(began), trace.WithLinks(links...),
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
			attribute.Int("c360.events", len(batch)), attribute.Int("c360.parked", len(f.parking)),
			attribute.Int64("c360.position.first", int64(first.Position)), //nolint:gosec // positions are counted from 1
			attribute.Int64("c360.position.last", int64(last.Position))))  //nolint:gosec // positions are counted from 1
	return span
}

// linksTo returns the spans that brought the events, each once, without those that nobody recorded.
func linksTo(batch []*Touch) []trace.Link {
	var links []trace.Link
	seen := map[string]bool{}
	for _, t := range batch {
		if len(links) == linksAtMost {
			break
		}
		if t.TraceParent == "" || seen[t.TraceParent] {
			continue
		}
		seen[t.TraceParent] = true
		if c := spanOf(t.TraceParent); c.IsSampled() {
			links = append(links, trace.Link{SpanContext: c})
		}
	}
	return links
}

// spanOf reads a W3C trace parent, 00-TRACE-SPAN-FLAGS; what is none is no span.
func spanOf(parent string) trace.SpanContext {
	part := strings.Split(parent, "-")
	if len(parent) != 55 || len(part) != 4 || part[0] != "00" {
		return trace.SpanContext{}
	}
	t, err := trace.TraceIDFromHex(part[1])
	s, wrong := trace.SpanIDFromHex(part[2])
	flags, odd := strconv.ParseUint(part[3], 16, 8)
	if err != nil || wrong != nil || odd != nil {
		return trace.SpanContext{}
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: t, SpanID: s, TraceFlags: trace.TraceFlags(flags), Remote: true})
}

// end ends the span of a batch, if it has one, when it is in the store or failed to get there.
func (b *committing) end(err error) {
	if b.span == nil {
		return
	}
	if err != nil {
		b.span.SetStatus(codes.Error, "")
	}
	b.span.End()
}
