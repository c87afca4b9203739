package history

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// The types that an order is told by.
const (
	OrderCompleted = "order.completed"
	OrderCancelled = "order.cancelled"
	OrderRefunded  = "order.refunded"
)

// OfOrders is what has to be read of those who were heard of by a time, Unix microseconds, for their Orders.
func OfOrders(by int64) Need {
	return Need{By: by, Kinds: []string{OrderCompleted, OrderCancelled, OrderRefunded}}
}

// Order is one order, however many events told of it. Several order.completed with one number are one order: the one with
// the best proof of who it is about, and of those the earliest, says what was bought and when; the same rule as in the
// profile.
type Order struct {
	// Number is the order number; an order without one has a number made of its key.
	Number string
	// Steps say what was known of it when, in the order of From. There is at least one.
	Steps []OrderStep
}

// OrderStep is what an order looked like from a moment on, until the next step.
type OrderStep struct {
	// From is when it began to look so; Placed is when it was placed. Unix microseconds.
	From, Placed int64
	// Total is what it cost, Net what is left of that after cancellations and refunds, never below 0.
	Total, Net events.Money
	Currency   string
	// Cancelled: nothing is left of it because it was cancelled. Returned: something was refunded.
	Cancelled, Returned bool
	Items               []Item
	Channel             events.Channel
	// Key and Fragment name the order.completed event that counts.
	Key      uint64
	Fragment uuid.UUID
}

// AsOf returns what the order looked like at a time, Unix microseconds; false if it was not placed yet.
func (o *Order) AsOf(at int64) (*OrderStep, bool) {
	for i := len(o.Steps) - 1; i >= 0; i-- {
		if o.Steps[i].From <= at {
			return &o.Steps[i], true
		}
	}
	return nil, false
}

// Orders returns the customer's orders in the order of their first step's time.
func (h *History) Orders() []Order {
	if !h.sorted {
		h.orders, h.sorted = h.makeOrders(), true
	}
	return h.orders
}

// telling is what has been told of an order so far.
type telling struct {
	completed       *Touchpoint
	cancelled       bool
	whole           bool
	taken, refunded events.Money
	returned        bool
	steps           []OrderStep
}

func (h *History) makeOrders() []Order {
	var places []int32
	for _, kind := range [...]string{OrderCompleted, OrderCancelled, OrderRefunded} {
		places = append(places, h.Of(kind)...)
	}
	if len(places) == 0 {
		return nil
	}
	slices.Sort(places)
	told := make(map[string]*telling, len(places))
	names := make([]string, 0, len(places))
	for _, p := range places {
		t := &h.Touchpoints[p]
		name := orderName(t)
		o := told[name]
		if o == nil {
			o = &telling{}
			told[name] = o
			names = append(names, name)
		}
		o.take(t)
	}
	return inOrder(names, told)
}

func inOrder(names []string, told map[string]*telling) []Order {
	orders := make([]Order, 0, len(names))
	for _, name := range names {
		if o := told[name]; len(o.steps) > 0 {
			orders = append(orders, Order{Number: name, Steps: o.steps})
		}
	}
	slices.SortStableFunc(orders, func(a, b Order) int {
		return int(min(max(a.Steps[0].From-b.Steps[0].From, -1), 1))
	})
	return orders
}

// orderName is the number, or a name for an order that has none.
func orderName(t *Touchpoint) string {
	if t.Order != "" {
		return t.Order
	}
	return "\x00" + strconv.FormatUint(t.Key, 36)
}

func (o *telling) take(t *Touchpoint) {
	amount := max(t.Amount, -t.Amount)
	switch t.Type {
	case OrderCompleted:
		if o.completed == nil || t.Grade > o.completed.Grade {
			o.completed = t
		}
	case OrderCancelled:
		o.cancelled, o.whole, o.taken = true, o.whole || !t.HasAmount, max(o.taken, amount)
	case OrderRefunded:
		o.returned, o.refunded = true, o.refunded+amount
	}
	if o.completed != nil {
		o.step(t.At)
	}
}

// step writes down how the order looks from a time on. A step at the time of the one before replaces it.
func (o *telling) step(at int64) {
	c := o.completed
	s := OrderStep{
		From: at, Placed: c.At, Total: c.Amount, Net: c.Amount, Currency: c.Currency, Items: c.Items, Channel: c.Channel,
		Key: c.Key, Fragment: c.Fragment, Returned: o.returned,
	}
	if o.cancelled {
		s.Net -= o.taken
		s.Cancelled = o.whole || o.taken >= c.Amount
	}
	if s.Net -= o.refunded; s.Cancelled || s.Net < 0 {
		s.Net = 0
	}
	if n := len(o.steps); n > 0 && o.steps[n-1].From == at {
		o.steps[n-1] = s
		return
	}
	o.steps = append(o.steps, s)
}
