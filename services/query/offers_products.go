package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/services/query/offers"
	"github.com/c360hq/c360/services/web"
)

// products lists what sells.
func (s *Service) products(ctx context.Context, p *productsParams) (a *offers.ProductsAnswer, err error) {
	err = s.inShop(ctx, p.waiting, func(c *offers.Counts) error {
		a = c.Products(p.Q, s.now().UnixMicro(), p.Limit)
		return nil
	})
	return a, err
}

// inShop asks the counts, when they hold what a caller waits for.
func (s *Service) inShop(ctx context.Context, w waiting, read func(*offers.Counts) error) error {
	return s.inShopBy(ctx, w, s.shopkeeper.shop.Ask, read)
}

func (s *Service) inShopBy(ctx context.Context, w waiting, ask func(func(*offers.Counts)) bool, read func(*offers.Counts) error) error {
	if s.histories == nil {
		return noHistories()
	}
	if err := s.shopkeeper.reach(ctx, w.Wait); err != nil {
		return err
	}
	var failed error
	err := s.shopkeeper.lend(ask, func(c *offers.Counts) { failed = read(c) })
	return errors.Join(err, failed)
}

// boughtTogether answers what goes with a product.
func (s *Service) boughtTogether(ctx context.Context, p *togetherParams) (a *offers.TogetherAnswer, err error) {
	err = s.inShop(ctx, p.waiting, func(c *offers.Counts) error {
		var known bool
		if a, known = c.Together(p.SKU, p.Limit); !known {
			return noSuchProduct()
		}
		return nil
	})
	return a, err
}

func noSuchProduct() error {
	return web.Wrong(http.StatusNotFound, "nobody ever bought or looked at a product of that article number; GET /v1/products lists those there are")
}

// leastSupport keeps a search for rules from looking at everything.
const leastSupport = 0.0005

// productRules answers with the association rules. It is worked out once for all who ask the same.
func (s *Service) productRules(ctx context.Context, p *rulesParams) (*offers.RulesAnswer, error) {
	q := offers.RuleQuery{Of: p.Of, Length: p.Length, Limit: p.Limit}
	var err error
	if q.MinSupport, err = shareOf("min_support", p.MinSupport, leastSupport); err != nil {
		return nil, err
	}
	if q.MinConfidence, err = shareOf("min_confidence", p.MinConfidence, 0); err != nil {
		return nil, err
	}
	return together(ctx, s, "productRules", p, func(ctx context.Context) (a *offers.RulesAnswer, err error) {
		err = s.inShopBy(ctx, p.waiting, s.shopkeeper.shop.AskLong, func(c *offers.Counts) (err error) {
			a, err = c.Rules(q)
			return err
		})
		return a, tooMany(err)
	})
}

// shareOf reads a share of 1.
func shareOf(name, text string, least float64) (float64, error) {
	share, err := strconv.ParseFloat(text, 64)
	if err != nil || !(share >= least && share <= 1) {
		return 0, wrongParam(name, fmt.Sprintf("%s is a share from %g to 1, as 0.01 for one in a hundred", name, least))
	}
	return share, nil
}

// tooMany turns the error of a search that found too much into a problem.
func tooMany(err error) error {
	var many *affinity.TooManyError
	if errors.As(err, &many) {
		return web.Wrong(http.StatusUnprocessableEntity, many.Error()).At("?min_support")
	}
	return err
}

// mostItems is how many items a basket has at most.
const mostItems = 100

// completeBasket answers what goes with a basket.
func (s *Service) completeBasket(ctx context.Context, p *basketParams, q *offers.BasketRequest) (a *offers.BasketAnswer, err error) {
	if err := checkBasket(q); err != nil {
		return nil, err
	}
	err = s.inShop(ctx, p.waiting, func(c *offers.Counts) error {
		a = c.Basket(q.Items, s.now().UnixMicro(), q.Limit)
		return nil
	})
	return a, err
}

// checkBasket refuses what is no basket, and fills in the limit.
func checkBasket(q *offers.BasketRequest) error {
	if q.Limit == 0 {
		q.Limit = 5
	}
	switch {
	case len(q.Items) == 0 || len(q.Items) > mostItems:
		return web.Wrong(http.StatusBadRequest, "items holds the article numbers of the basket, 1 to 100 of them").At("/items")
	case q.Limit < 1 || q.Limit > 50:
		return web.Wrong(http.StatusBadRequest, "limit must be from 1 to 50").At("/limit")
	}
	for i, sku := range q.Items {
		if sku == "" || len(sku) > 128 {
			return web.Wrong(http.StatusBadRequest, "an article number has 1 to 128 bytes").At(fmt.Sprintf("/items/%d", i))
		}
	}
	return nil
}
