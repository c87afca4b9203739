package affinity

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Purchases is what one customer had bought, looked at and given back by a time: all this package reads of a history.
type Purchases struct {
	Customer uuid.UUID
	// At is the time as of which the rest is told, Unix microseconds.
	At int64
	// Baskets are the orders that stand, by time.
	Baskets []Basket
	// Looks are the product views, by time.
	Looks []Look
	// Returns are the products that were given back.
	Returns []Return
}

// Basket is one order, without what was given back of it.
type Basket struct {
	At    int64 // Unix microseconds
	Items []Item
	Ref   history.Ref
}

// Item is a product as it was told of by an order or a view. All but SKU may be empty.
type Item struct {
	SKU, Category, Brand, Currency string
	Price                          events.Money
}

// Look is one view of a product or of a category.
type Look struct {
	At   int64 // Unix microseconds
	Item Item
	Ref  history.Ref
}

// Return is a product that the customer gave back.
type Return struct {
	At  int64 // Unix microseconds
	SKU string
	Ref history.Ref
}

// Of returns what a customer had bought and looked at by a time, Unix microseconds. Orders that were cancelled or wholly
// refunded do not count, and neither do the lines that a refund names.
func Of(h *history.History, at int64) *Purchases {
	p := &Purchases{Customer: h.Customer, At: at, Looks: looks(h, at)}
	back := givenBack(h, at)
	for _, o := range h.Orders() {
		if s, placed := o.AsOf(at); placed && !s.Cancelled {
			p.take(s, back[o.Number])
		}
	}
	slices.SortStableFunc(p.Baskets, func(a, b Basket) int { return cmp.Compare(a.At, b.At) })
	return p
}

// take adds an order, and what of it came back.
func (p *Purchases) take(s *history.OrderStep, refund *history.Touchpoint) {
	ref := history.Ref{Fragment: s.Fragment, At: s.Placed, Key: s.Key, Type: history.OrderCompleted}
	all := s.Returned && s.Net == 0 && s.Total > 0
	b := Basket{At: s.Placed, Ref: ref}
	for i := range s.Items {
		it := &s.Items[i]
		switch {
		case it.SKU == "":
		case refund != nil && (all || about(refund, it.SKU)):
			p.Returns = append(p.Returns, Return{refund.At, it.SKU, refund.Ref()})
		case !slices.ContainsFunc(b.Items, func(x Item) bool { return x.SKU == it.SKU }):
			b.Items = append(b.Items, Item{SKU: it.SKU, Category: it.Category, Currency: s.Currency, Price: it.Price})
		}
	}
	if len(b.Items) > 0 {
		p.Baskets = append(p.Baskets, b)
	}
}

// about reports whether a refund says that it is about a product.
func about(refund *history.Touchpoint, sku string) bool {
	return refund.Field("sku") == sku || slices.ContainsFunc(refund.Items, func(i history.Item) bool { return i.SKU == sku })
}

// givenBack returns the refunds by order number, all of one order made one.
func givenBack(h *history.History, at int64) map[string]*history.Touchpoint {
	var back map[string]*history.Touchpoint
	for _, place := range h.Between(h.Of(history.OrderRefunded), -1<<63, at) {
		t := &h.Touchpoints[place]
		if back == nil {
			back = map[string]*history.Touchpoint{}
		}
		if first := back[t.Order]; first != nil {
			both := *t
			both.Items = slices.Concat(first.Items, t.Items)
			t = &both
		}
		back[t.Order] = t
	}
	return back
}

// lookTypes are the touchpoints that show interest in a product or a category without buying.
var lookTypes = [...]string{"product.viewed", "product.clicked", "product.list_viewed", "wishlist.product_added", "product.added"}

func looks(h *history.History, at int64) []Look {
	var all []Look
	for _, kind := range lookTypes {
		for _, place := range h.Between(h.Of(kind), -1<<63, at) {
			t := &h.Touchpoints[place]
			look := Look{At: t.At, Ref: t.Ref(), Item: Item{
				SKU: t.Field("sku"), Category: t.Field("category"), Brand: t.Field("brand"), Currency: t.Currency, Price: max(t.Amount, 0),
			}}
			if look.Item.SKU != "" || look.Item.Category != "" {
				all = append(all, look)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Look) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Item.SKU, b.Item.SKU), cmp.Compare(a.Ref.Key, b.Ref.Key))
	})
	return all
}
