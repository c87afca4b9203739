package segment

import (
	"slices"
	"sort"
	"strconv"

	"github.com/c360hq/c360/projections/history"
)

// eachOrder calls each with every order that counts at a time, the one told of last first: it was placed in the window
// (at-within, at], or ever by then, is not cancelled as a whole, and passes the tests.
func (f *filter) eachOrder(h *history.History, at, within int64, each func(*history.OrderStep)) {
	orders := h.Orders()
	begun := sort.Search(len(orders), func(i int) bool { return orders[i].Steps[0].From > at })
	for i := begun - 1; i >= 0; i-- {
		s, placed := orders[i].AsOf(at)
		if placed && !s.Cancelled && (within == 0 || s.Placed > at-within) && f.passesOrder(h, s) {
			each(s)
		}
	}
}

// passesOrder tests an order: its items, channel and net amount are those of the time, the rest is as it was told.
func (f *filter) passesOrder(h *history.History, s *history.OrderStep) bool {
	for i := range f.where {
		w := &f.where[i]
		var passes bool
		switch w.name {
		case fieldChannel:
			passes = w.test.passes(string(s.Channel))
		case fieldAmount:
			passes = w.test.passesMoney(s.Net, true)
		case fieldItemSKU, fieldItemCategory:
			passes = w.passesItems(s.Items)
		default:
			t := completed(h, s)
			passes = t != nil && w.test.passes(t.Field(w.name))
		}
		if !passes {
			return false
		}
	}
	return true
}

// completed is the touchpoint that tells of an order.
func completed(h *history.History, s *history.OrderStep) *history.Touchpoint {
	for _, p := range h.Between(h.Of(history.OrderCompleted), s.Placed-1, s.Placed) {
		if t := &h.Touchpoints[p]; t.Key == s.Key && t.Fragment == s.Fragment {
			return t
		}
	}
	return nil
}

// runOrders is run for orders.
func (c *total) runOrders(h *history.History, at int64, r *running) {
	c.eachOrder(h, at, c.within, func(s *history.OrderStep) {
		if v, ok := c.orderValue(h, s); ok {
			r.add(v, s.Placed)
		}
	})
}

func (c *total) orderValue(h *history.History, s *history.OrderStep) (int64, bool) {
	switch c.sum {
	case "":
		return 1, true
	case fieldAmount:
		return int64(s.Net), s.Currency == c.currency
	}
	if t := completed(h, s); t != nil {
		return number(t.Field(c.sum))
	}
	return 0, false
}

// eachTold calls each with every touchpoint about orders, up to a time, and with what its order alone is, with it and without
// it: an order is all that is told under one number, so nothing else changes with the touchpoint.
func eachTold(h *history.History, at int64, each func(t *history.Touchpoint, with, without *history.History)) {
	told, numbers := ordersTold(h, at)
	for _, number := range numbers {
		list := told[number]
		with := alone(list, -1)
		for i := range list {
			each(&list[i], with, alone(list, i))
		}
	}
}

// ordersTold are the touchpoints about each order, up to a time, and the names of the orders in the order of time.
func ordersTold(h *history.History, at int64) (told map[string][]history.Touchpoint, names []string) {
	told = map[string][]history.Touchpoint{}
	for i := range h.Touchpoints[:h.Until(at)] {
		t := &h.Touchpoints[i]
		if t.Type != history.OrderCompleted && t.Type != history.OrderCancelled && t.Type != history.OrderRefunded {
			continue
		}
		name := t.Order
		if name == "" {
			name = "\x00" + strconv.Itoa(i) // without a number it is an order of its own
		}
		if told[name] == nil {
			names = append(names, name)
		}
		told[name] = append(told[name], *t)
	}
	return told, names
}

// alone is the history of touchpoints, in order, without the one at a place.
func alone(list []history.Touchpoint, without int) *history.History {
	f := &history.Fragment{Touchpoints: list}
	if without >= 0 {
		f.Touchpoints = slices.Delete(slices.Clone(list), without, without+1)
	}
	return history.Merge(f)
}
