package ingest

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/web"
)

// append hands the entries to the log. An entry that the log can never store becomes a reject, and the others are
// appended without it.
func (s *Service) append(ctx context.Context, b *batch) (o Outcome, err error) {
	ctx, span := s.tracing.startAppend(ctx, len(b.entries))
	defer func() { endOf(span, err) }()
	for len(b.entries) > 0 {
		start := s.now()
		results, err := s.log.Append(ctx, b.entries...)
		s.metrics.append.Observe(s.now().Sub(start).Seconds())
		var bad *events.EntryError
		switch {
		case err == nil:
			for _, r := range results {
				o.add(r)
			}
			return o, nil
		case errors.As(err, &bad) && bad.Index >= 0 && bad.Index < len(b.entries):
			b.reject(b.places[bad.Index], wrong(reasonField, "", bad.Err.Error()))
			b.entries = slices.Delete(b.entries, bad.Index, bad.Index+1)
			b.places = slices.Delete(b.places, bad.Index, bad.Index+1)
		default:
			return o, s.appendProblem(ctx, b, err)
		}
	}
	return o, nil
}

func (o *Outcome) add(r events.Result) {
	if r.Outcome == events.Appended {
		o.Accepted++
	} else {
		o.Duplicates++
	}
	o.Position = max(o.Position, r.Position)
}

// appendProblem says what a client is to do when the log could not take its events: try again, always, since
// nothing of them may be lost and a repeat does not count twice.
func (s *Service) appendProblem(ctx context.Context, b *batch, err error) error {
	if ctx.Err() == nil {
		s.logger.ErrorContext(ctx, "append failed", "source", b.source.Name, "events", len(b.entries), "error", err)
	}
	if !errors.Is(ctx.Err(), context.Canceled) { // a sender that hung up says nothing about the log
		s.metrics.appendFailures.WithLabelValues(failureOf(err)).Inc()
	}
	switch {
	case errors.Is(err, events.ErrFull):
		return web.Wrong(http.StatusServiceUnavailable, "the disk is full; nothing was stored, send it again").After(10)
	case errors.Is(err, events.ErrFailed), errors.Is(err, events.ErrClosed):
		return web.Wrong(http.StatusServiceUnavailable, "c360 is restarting its log; send it again").After(5)
	}
	return web.Wrong(http.StatusServiceUnavailable, "the events are not stored yet; send them again").After(1)
}
