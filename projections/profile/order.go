package profile

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// order is what is known of one order. Everything in it is the first of the best grade, a largest, or a sum.
type order struct {
	completed saying // the earliest order.completed of the best grade
	currency  string
	total     events.Money

	cancelled bool
	whole     bool         // a cancellation named no total
	taken     events.Money // the largest total of a cancellation

	refunds  uint64
	refunded amounts
}

func isOrder(kind string) bool {
	return kind == "order.completed" || kind == "order.cancelled" || kind == "order.refunded"
}

// orderNumber returns the number of the order an event is about; without one it is an order of its own.
func orderNumber(t *projections.Touch) string {
	if t.Body.OrderID != "" {
		return t.Body.OrderID
	}
	return "\x00" + t.Source + "\x00" + t.ID
}

// take takes in an event about the order.
func (o *order) take(t *projections.Touch) {
	total, given := totalOf(&t.Body)
	switch t.Type {
	case "order.completed":
		if said := sayingOf(t); said.founds(&o.completed) {
			o.completed, o.total, o.currency = said, total, t.Body.CurrencyCode()
		}
	case "order.cancelled":
		o.cancelled = true
		o.whole = o.whole || !given
		o.taken = max(o.taken, max(total, -total))
	case "order.refunded":
		o.refunds++
		o.refunded.add(t.Body.CurrencyCode(), max(total, -total))
	}
}

// merge takes in what another fragment knows of the same order.
func (o *order) merge(other *order) {
	if other.completed.said() && other.completed.founds(&o.completed) {
		o.completed, o.total, o.currency = other.completed, other.total, other.currency
	}
	o.cancelled = o.cancelled || other.cancelled
	o.whole = o.whole || other.whole
	o.taken = max(o.taken, other.taken)
	o.refunds += other.refunds
	for _, a := range other.refunded {
		o.refunded.add(a.Currency, a.Amount)
	}
}

// revenue is what the order earned.
func (o *order) revenue() events.Money {
	switch {
	case !o.cancelled:
		return o.total
	case o.whole || o.taken >= o.total:
		return 0
	}
	return o.total - o.taken
}

// totalOf returns what an order cost: its total, or the sum of its items.
func totalOf(b *events.Body) (total events.Money, given bool) {
	if b.HasTotal {
		return b.Total, true
	}
	for i := range b.Items {
		total += b.Items[i].Cost()
	}
	return total, len(b.Items) > 0
}

func (o *order) encode() []byte {
	e := projections.NewEncoder(64)
	o.completed.encode(e)
	e.Text(o.currency)
	e.Int(int64(o.total))
	e.Bool(o.cancelled)
	e.Bool(o.whole)
	e.Int(int64(o.taken))
	e.Uint(o.refunds)
	o.refunded.encode(e)
	return e.Bytes()
}

func decodeOrder(d *projections.Decoder) order {
	o := order{completed: decodeSaying(d), currency: d.Text(), total: events.Money(d.Int())}
	o.cancelled, o.whole, o.taken, o.refunds = d.Bool(), d.Bool(), events.Money(d.Int()), d.Uint()
	o.refunded = decodeAmounts(d)
	return o
}

// amounts are sums by currency, sorted.
type amounts []Amount

func (a *amounts) add(currency string, m events.Money) {
	i, found := slices.BinarySearchFunc(*a, currency, func(x Amount, c string) int { return cmp.Compare(x.Currency, c) })
	if !found {
		*a = slices.Insert(*a, i, Amount{Currency: currency})
	}
	(*a)[i].Amount += m
}

func (a *amounts) encode(e *projections.Encoder) {
	e.Uint(uint64(len(*a)))
	for _, x := range *a {
		e.Text(x.Currency)
		e.Int(int64(x.Amount))
	}
}

func decodeAmounts(d *projections.Decoder) amounts {
	var a amounts
	for range d.Len() {
		a = append(a, Amount{d.Text(), events.Money(d.Int())})
	}
	return a
}
