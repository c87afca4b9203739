package query

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/offers"
)

// whoCaresProduct answers who cares about what a product is.
func (s *Service) whoCaresProduct(ctx context.Context, p *whoCaresProductParams) (*WhoCaresAnswer, error) {
	t := offers.Topic{SKU: p.SKU}
	err := s.inShop(ctx, p.waiting, func(c *offers.Counts) error {
		product, known := c.Product(p.SKU)
		if !known {
			return noSuchProduct()
		}
		t.Category, t.Brand = product.Category, product.Brand
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.whoCares(ctx, &p.whoCaresParams, t)
}

// whoCaresCategory answers who cares about a category.
func (s *Service) whoCaresCategory(ctx context.Context, p *whoCaresCategoryParams) (*WhoCaresAnswer, error) {
	return s.whoCares(ctx, &p.whoCaresParams, offers.Topic{Category: p.Name, Brand: p.Brand})
}

// whoCares asks everybody, once for all who ask the same.
func (s *Service) whoCares(ctx context.Context, p *whoCaresParams, t offers.Topic) (*WhoCaresAnswer, error) {
	if err := s.inShop(ctx, p.waiting, func(*offers.Counts) error { return nil }); err != nil {
		return nil, err
	}
	asked := struct {
		Params *whoCaresParams
		Topic  offers.Topic
	}{p, t}
	return together(ctx, s, "whoCares", asked, func(ctx context.Context) (a *WhoCaresAnswer, err error) {
		err = s.scan(ctx, "whoCares", &p.everybody, func(ctx context.Context, x *scan) error {
			a, err = s.survey(ctx, x, t, p.Limit)
			return err
		})
		return a, err
	})
}

// survey asks the customers of a scan.
func (s *Service) survey(ctx context.Context, x *scan, t offers.Topic, limit int) (*WhoCaresAnswer, error) {
	var model offers.OfferModel
	all, err := fold(ctx, x, func() (one *offers.Survey, err error) {
		err = s.shopkeeper.ask(func(c *offers.Counts) { one, model = c.Survey(t, x.at, limit), c.Model() })
		return one, err
	})
	if err != nil {
		return nil, err
	}
	a := &WhoCaresAnswer{Moment: x.moment, WhoCaresAnswer: *all.Answer(t, x.customers, x.Checkpoint().Position, model)}
	if err := s.nameThem(ctx, x, a.Customers); err != nil {
		return nil, err
	}
	return a, a.Find(s.positions(ctx, x))
}

// nameThem fills in the names of customers.
func (s *Service) nameThem(ctx context.Context, x *scan, list []offers.Caring) error {
	for i := range list {
		c := &list[i]
		fragments := x.groups[c.ID]
		if fragments == nil {
			fragments = []uuid.UUID{c.ID}
		}
		like, err := s.profiles.Load(ctx, x, fragments)
		if err != nil {
			return fmt.Errorf("read the profile of a customer: %w", err)
		}
		c.Name = like.Name
	}
	return nil
}
