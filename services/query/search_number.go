package query

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/timeline"
)

// byNumber returns two ways to find those with an order, inquiry or case number: exactly that number, and one that begins
// or ends so. Both go by one read.
func (s *Service) byNumber(q string) (exactly, partly lookup) {
	var refs []timeline.Ref
	var customers map[uuid.UUID]uuid.UUID
	exactly = func(ctx context.Context, v projections.View, found *findings) (err error) {
		if refs, customers, err = s.readNumbers(ctx, v, q); err == nil {
			addNumbers(found, refs, customers, func(number string) bool { return sameNumber(number, q) })
		}
		return err
	}
	partly = func(_ context.Context, _ projections.View, found *findings) error {
		addNumbers(found, refs, customers, func(number string) bool { return !sameNumber(number, q) })
		return nil
	}
	return exactly, partly
}

func (s *Service) readNumbers(ctx context.Context, v projections.View, q string) ([]timeline.Ref, map[uuid.UUID]uuid.UUID, error) {
	refs, err := s.timelines.ByRef(ctx, v, q, maxPerLookup)
	if err != nil {
		return nil, nil, fmt.Errorf("look up a number: %w", err)
	}
	fragments := make([]uuid.UUID, len(refs))
	for i := range refs {
		fragments[i] = refs[i].Fragment
	}
	customers, err := s.identities.Customers(ctx, v, distinct(fragments))
	if err != nil {
		return nil, nil, fmt.Errorf("resolve fragments: %w", err)
	}
	return refs, customers, nil
}

func addNumbers(found *findings, refs []timeline.Ref, customers map[uuid.UUID]uuid.UUID, wanted func(number string) bool) {
	for _, ref := range refs {
		if wanted(ref.Number) {
			found.add(customers[ref.Fragment], Matched{Kind: ref.Kind, Value: ref.Number, Proven: ref.Proven})
		}
	}
}

// sameNumber reports whether two ways of writing a number mean the same one.
func sameNumber(a, b string) bool {
	x, y := events.RefQuery(a), events.RefQuery(b)
	return len(x) > 0 && len(y) > 0 && x[0] == y[0]
}
