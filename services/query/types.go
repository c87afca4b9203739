package query

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/projections"
)

type typesParams struct{ waiting }

// types answers what every source sends.
func (s *Service) types(ctx context.Context, _ *typesParams) (*TypesAnswer, error) {
	a := &TypesAnswer{Types: []TypeCoverage{}}
	err := s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		all, err := s.timelines.Coverage(ctx, v)
		if err != nil {
			return fmt.Errorf("read the coverage: %w", err)
		}
		for i := range all {
			c := &all[i]
			a.Types = append(a.Types, TypeCoverage{
				Source: c.Source, Type: c.Type, Known: s.book.Known(c.Type), Channel: string(c.Channel), Count: c.Count,
				FirstSeen: when(c.FirstSeen), LastSeen: when(c.LastSeen),
			})
		}
		return nil
	})
	return a, err
}
