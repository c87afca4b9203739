package query

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/offers"
)

// recommendations answers what one customer may want next.
func (s *Service) recommendations(ctx context.Context, p *recommendationsParams) (*RecommendationsAnswer, error) {
	if s.histories == nil {
		return nil, noHistories()
	}
	if err := s.shopkeeper.reach(ctx, p.Wait); err != nil {
		return nil, err
	}
	var a *RecommendationsAnswer
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err == nil {
			a, err = s.nextFor(ctx, v, p, id, fragments)
		}
		return err
	})
	return a, err
}

// nextFor answers for a customer, of these fragments, in a scene.
func (s *Service) nextFor(ctx context.Context, v *scene, p *recommendationsParams, id uuid.UUID, fragments []uuid.UUID) (*RecommendationsAnswer, error) {
	bought, err := s.boughtBy(ctx, v, fragments)
	if err != nil {
		return nil, err
	}
	a := &RecommendationsAnswer{Moment: v.moment}
	err = s.shopkeeper.ask(func(c *offers.Counts) { a.RecommendationsAnswer = *c.Next(bought, p.Limit, p.Within) })
	if err != nil {
		return nil, err
	}
	a.Customer, a.Position = id, v.Checkpoint().Position
	return a, a.Find(s.positions(ctx, v))
}

// boughtBy reads what a customer of some fragments had bought and looked at.
func (s *Service) boughtBy(ctx context.Context, v *scene, fragments []uuid.UUID) (*affinity.Purchases, error) {
	h, err := s.historyIn(ctx, v, fragments)
	if err != nil {
		return nil, err
	}
	return affinity.Of(h, v.today.UnixMicro()), nil
}

// positions returns what finds touchpoints in the log. It remembers what it found.
func (s *Service) positions(ctx context.Context, v projections.Reader) offers.Finder {
	found := map[history.Ref]events.Position{}
	return func(r history.Ref) (events.Position, error) {
		if at, ok := found[r]; ok {
			return at, nil
		}
		row, err := s.rowOf(ctx, v, r)
		if err != nil {
			return 0, err
		}
		found[r] = 0
		if row != nil {
			found[r] = row.Position
		}
		return found[r], nil
	}
}

// offersFor fills in what the page of a customer offers, or why it does not.
func (s *Service) offersFor(ctx context.Context, v *scene, fragments []uuid.UUID, a *CustomerAnswer) error {
	a.Recommendations = []offers.OfferBrief{}
	if s.histories == nil {
		return nil
	}
	if at, _ := s.shopkeeper.shop.Reached(); at.Generation == "" {
		a.OffersNote = &events.Text{
			Ko: "함께 구매하는 상품을 집계하는 중입니다. 잠시 후에 다시 열어 주세요.",
			En: "What is bought together is being counted; open the page again in a moment.",
		}
		return nil
	}
	bought, err := s.boughtBy(ctx, v, fragments)
	if err != nil {
		return err
	}
	return s.shopkeeper.ask(func(c *offers.Counts) { a.Recommendations = c.Brief(bought) })
}
