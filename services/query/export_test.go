package query

import (
	"context"

	"github.com/c360hq/c360/services/query/numbers"
)

// GroupOf is how like events become one row.
var GroupOf = group

// MaxBehind is how many events a listener may be behind.
const MaxBehind = maxBehind

// MeasureGently makes what customers are measured by as it is made in the background.
func (s *Service) MeasureGently(ctx context.Context) (*numbers.ModelAnswer, error) {
	y, err := s.remeasured(ctx, nil)
	if err != nil {
		return nil, err
	}
	return numbers.Model(y), nil
}
