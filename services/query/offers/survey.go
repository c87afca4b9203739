package offers

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// Survey asks customers whether they care about something that arrives. It is an accumulator of histories, and keeps no more
// of them than it has to tell of.
type Survey struct {
	shop    *Shop
	arrival *affinity.Arrival
	from    float64
	at      int64
	limit   int
	best    []caring
	caring  int
}

// caring is a customer who cares.
type caring struct {
	id    uuid.UUID
	match affinity.Match
}

// Topic is what a survey is about: a category, a brand, or a product with the category and the brand it is of.
type Topic struct{ SKU, Category, Brand string }

// Survey prepares to ask everybody as of a time, Unix microseconds, and keeps the first so many. It outlives the Counts: the
// shop may turn between two customers.
func (c *Counts) Survey(t Topic, at int64, limit int) *Survey {
	return &Survey{
		shop: c.shop, arrival: c.model.WhoCares(t.Category, t.Brand, at), from: c.model.Settings().Cares, at: at, limit: limit,
	}
}

// Add asks one customer.
func (s *Survey) Add(h *history.History) {
	m := s.ask(affinity.Of(h, s.at))
	if !m.Cares {
		return
	}
	s.caring++
	s.keep(caring{h.Customer, m})
}

func (s *Survey) ask(p *affinity.Purchases) affinity.Match {
	s.shop.mu.RLock()
	defer s.shop.mu.RUnlock()
	return s.arrival.Match(p)
}

// keep puts a customer in their place, if they are among the first.
func (s *Survey) keep(c caring) {
	place, _ := slices.BinarySearchFunc(s.best, c, before)
	if place >= s.limit {
		return
	}
	s.best = slices.Insert(s.best, place, c)
	s.best = s.best[:min(s.limit, len(s.best))]
}

func before(a, b caring) int {
	return cmp.Or(cmp.Compare(b.match.Score, a.match.Score), cmp.Compare(b.match.Looks+b.match.Purchases, a.match.Looks+a.match.Purchases),
		bytes.Compare(a.id[:], b.id[:]))
}

// Merge adds what another survey of the same heard.
func (s *Survey) Merge(other *Survey) {
	s.caring += other.caring
	for _, c := range other.best {
		s.keep(c)
	}
}

// Answer is what was heard from so many customers. Names are left to the caller.
func (s *Survey) Answer(t Topic, asked int64, at events.Position, model OfferModel) *WhoCaresAnswer {
	a := &WhoCaresAnswer{
		SKU: t.SKU, Category: t.Category, Brand: t.Brand, Share: s.arrival.Share, From: s.from, Customers: []Caring{},
		Caring: s.caring, Asked: asked, Model: model, Position: at,
	}
	for i := range s.best {
		c := &s.best[i]
		a.Customers = append(a.Customers, Caring{
			ID: c.id, Score: c.match.Score, Looks: c.match.Looks, Purchases: c.match.Purchases, Reason: c.match.Text,
			Evidence: latestOf(c.match.Evidence),
		})
	}
	return a
}
