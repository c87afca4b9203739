package dataset

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
)

// ReadLog calls emit with the events of the source that the query holds, a page at a time in log order. Pages may be
// empty: done is the position up to which the log was read.
func ReadLog(ctx context.Context, s *Source, q Query, emit func(page []events.Recorded, done events.Position) error) error {
	spans := q.Spans
	if spans == nil {
		spans = []Span{{To: s.Until()}}
	}
	for _, span := range spans {
		for after := span.After; after < span.To; {
			page, err := s.Log.Read(ctx, after, int(min(batchRows, span.To-after)))
			if err != nil {
				return fmt.Errorf("read the log after position %d: %w", after, err)
			}
			if len(page) == 0 {
				return fmt.Errorf("the log ends at position %d, the read store goes on to %d; run `c360 verify`", after, span.To)
			}
			after = page[len(page)-1].Position
			if err := emit(s.held(page, &q), after); err != nil {
				return err
			}
		}
	}
	return nil
}

// held keeps the events of the page that the instant and the query hold, in place.
func (s *Source) held(page []events.Recorded, q *Query) []events.Recorded {
	all := q.All() && s.At.Occurred.IsZero()
	if all {
		return page
	}
	kept := page[:0]
	for i := range page {
		if s.At.Holds(&page[i]) && q.Holds(&page[i]) {
			kept = append(kept, page[i])
		}
	}
	return kept
}

// touched is an event brought up to date and decoded. Its room is used again for one of a later page.
type touched struct {
	*events.Recorded
	body     events.Body
	fragment uuid.UUID
	somebody bool
}

// read takes an event in. One that cannot be brought up to date is shown as it was sent.
func (t *touched) read(r *events.Recorded) {
	_ = events.Upcast(r) // it waits parked, and says why there
	t.Recorded = r
	t.body.Decode(r.Data)
	t.fragment, t.somebody = r.Fragment()
}

// pagesAhead is how many pages are read and decoded before they are wanted.
const pagesAhead = 2

// touches is ReadLog with the events decoded, which is done in its own goroutine, some pages ahead. A page belongs to
// touches again when emit returns.
func touches(ctx context.Context, s *Source, q Query, emit func([]touched) error) error {
	g, ctx := errgroup.WithContext(ctx)
	pages, free := make(chan []touched, pagesAhead), make(chan []touched, pagesAhead+2)
	for range cap(free) {
		free <- make([]touched, 0, batchRows)
	}
	g.Go(func() error {
		defer close(pages)
		return ReadLog(ctx, s, q, func(page []events.Recorded, _ events.Position) error {
			var decoded []touched
			select {
			case decoded = <-free:
				decoded = decoded[:len(page)]
			case <-ctx.Done():
				return ctx.Err()
			}
			for i := range page {
				decoded[i].read(&page[i])
			}
			select {
			case pages <- decoded:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	g.Go(func() error {
		for page := range pages {
			if err := emit(page); err != nil {
				return err
			}
			free <- page
		}
		return nil
	})
	return g.Wait()
}
