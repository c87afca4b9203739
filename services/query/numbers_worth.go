package query

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/numbers"
)

type customerValueParams struct {
	moment
	ID       uuid.UUID `path:"id" doc:"id of the customer, or of any fragment of theirs"`
	Years    int       `query:"years" min:"1" max:"20" default:"3" doc:"how far the customer's lifetime value looks"`
	Discount int       `query:"discount" min:"0" max:"100" default:"10" doc:"by how many percent a year what is to come is discounted"`
}

// WorthAnswer is what one customer is worth.
type WorthAnswer struct {
	numbers.WorthAnswer
	Moment
}

// customerValue answers what one customer is worth.
func (s *Service) customerValue(ctx context.Context, p *customerValueParams) (*WorthAnswer, error) {
	if s.histories == nil {
		return nil, noHistories()
	}
	var a *WorthAnswer
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		h, err := s.historyIn(ctx, v, fragments)
		if err != nil {
			return err
		}
		a = &WorthAnswer{Moment: v.moment}
		a.Customer, a.Position, a.At = id, v.Checkpoint().Position, v.today.UTC()
		return s.measure(ctx, v, h, p, a)
	})
	return a, err
}

// measure fills in what is found by measuring.
func (s *Service) measure(ctx context.Context, v *scene, h *history.History, p *customerValueParams, a *WorthAnswer) error {
	y, err := s.yardstickOf(ctx, v)
	if err != nil {
		return err
	}
	if y == nil {
		a.Why = &events.Text{
			Ko: "전체 고객을 기준으로 측정하는 중입니다. 잠시 후 다시 물어 주십시오.",
			En: "what customers are measured by is being made; ask again in a moment",
		}
		a.Forecasts = []numbers.Ahead{}
		return nil
	}
	w, err := y.Measure(h, v.today.UnixMicro(), s.tiers, numbers.Terms{Years: p.Years, Discount: float64(p.Discount) / 100})
	if err != nil {
		return fmt.Errorf("measure a customer: %w", err)
	}
	a.Worth, a.Enough, a.Why = *w, y.Why == nil, y.Why
	return nil
}

// yardstickOf returns what customers of a scene are measured by: what is kept for now, or what was so at the instant.
func (s *Service) yardstickOf(ctx context.Context, v *scene) (*numbers.Yardstick, error) {
	if v.moment == (Moment{}) {
		return s.yardsticks.soon(ctx, s), nil
	}
	p := &valueModelParams{Model: string(usualModel)}
	if p.Of = v.moment.Generation; p.Of == "" {
		p.AsOf = time.UnixMicro(numbers.Whole(v.today.UnixMicro())).In(history.Zone).Format(time.DateOnly)
	}
	return s.measured(ctx, p)
}

// glance returns what the page of a customer shows of their worth; nil if that is not known yet, or at another instant
// than now, where GET /v1/customers/{id}/value tells.
func (s *Service) glance(ctx context.Context, v *scene, fragments []uuid.UUID) (*numbers.Glance, error) {
	if s.histories == nil || s.segments == nil || v.moment != (Moment{}) {
		return nil, nil //nolint:nilnil // null is the answer
	}
	y := s.yardsticks.current(ctx, s)
	if y == nil {
		return nil, nil //nolint:nilnil // as above
	}
	h, err := s.historyIn(ctx, v, fragments)
	if err != nil {
		return nil, err
	}
	w, err := y.Measure(h, v.today.UnixMicro(), s.tiers, numbers.DefaultTerms)
	if err != nil {
		return nil, fmt.Errorf("measure a customer: %w", err)
	}
	return y.Glance(w), nil
}
