package query

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/projections/timeline"
)

// months answers how much happened in which month, with a cursor for each.
func (s *Service) months(ctx context.Context, p *customerParams) (*MonthsAnswer, error) {
	a := &MonthsAnswer{Months: []Month{}}
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		a.Position, a.Moment = v.Checkpoint().Position, v.moment
		_, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		like, err := s.profiles.Load(ctx, v, fragments)
		if err != nil {
			return fmt.Errorf("read the profile of a customer: %w", err)
		}
		for _, m := range like.Months() {
			next := timeline.CursorAt(m.Start.AddDate(0, 1, 0))
			a.Months = append(a.Months, Month{Month: m.Month, Channel: string(m.Channel), Count: m.Count, Cursor: next.String()})
		}
		return nil
	})
	return a, err
}
