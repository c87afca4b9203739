package churn

import (
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// theirs are the types that are the customer's own doing. What only says that a system did something (a payment approved, a
// parcel sent, an app updated) is not among them, and neither is opening or clicking a message: that follows from what we
// send, mail scanners do it too, and a real click shows as the page it leads to.
var theirs = []string{
	"page.viewed", "screen.viewed", "app.installed", "app.opened", "deep_link.opened",
	"product.viewed", "product.clicked", "products.searched", "product.list_viewed", "product.list_filtered", "product.added",
	"product.removed", "cart.viewed", "cart.shared", "wishlist.product_added", "wishlist.product_removed", "product.shared", "store.visited",
	"checkout.started", "checkout.step_viewed", "checkout.step_completed", "payment.entered",
	"order.completed", "order.status_viewed", "order.picked_up",
	"coupon.applied", "coupon.entered", "coupon.redeemed", "promotion.clicked",
	"call.started", "call.answered", "call.ended",
	"inquiry.opened", "inquiry.reopened", "review.submitted", "survey.answered", "appointment.booked", "appointment.kept",
	"loyalty.joined", "points.burned", "lead.created",
}

// notTheirs are the types that no policy may count: what we send or do is no visit.
var notTheirs = []string{
	"message.sent", "message.delivered", "message.bounced", "campaign.received", "coupon.issued", "survey.sent", "promotion.viewed",
	"inquiry.answered", "inquiry.closed", "review.answered", "note.added", "shipment.dispatched", "shipment.delivered", "shipment.delayed",
	"product.arrived", "order.updated", "order.cancelled", "order.refunded", "order.ready", "payment.approved", "stock.adjusted", "clock.ticked",
	"identity.linked", "identity.unlinked", "parked.skipped",
}

// orderTypes are the types that change what an order is.
var orderTypes = []string{history.OrderCompleted, history.OrderCancelled, history.OrderRefunded}

// counter decides which touchpoints count.
type counter struct {
	purchases bool
	types     map[string]bool
	channels  []events.Channel
}

func newCounter(c *Counts) counter {
	names := c.Types
	if len(names) == 0 {
		names = theirs
	}
	k := counter{purchases: c.Of == Purchases, types: make(map[string]bool, len(names)), channels: c.Channels}
	for _, name := range names {
		k.types[name] = true
	}
	return k
}

// visit reports whether a touchpoint is one of the customer being there. A call that we made is not.
func (k *counter) visit(t *history.Touchpoint) bool {
	if !k.types[t.Type] || !k.through(t.Channel) {
		return false
	}
	return t.Channel != events.ChannelCall || t.Field("direction") != "outbound"
}

func (k *counter) through(c events.Channel) bool {
	return len(k.channels) == 0 || slices.Contains(k.channels, c)
}

// reach says how far back a policy looks: at the latest days, and at those not further than span before the last one, and the
// one before.
type reach struct {
	days int
	span day
}

// days appends the days that count, as of a time, the latest first and each once, as far as the reach goes. What is beyond
// has no part in any answer.
func (k *counter) days(h *history.History, at int64, far reach, into []day) []day {
	if k.purchases {
		return k.orderDays(h, at, into)
	}
	for i := h.Until(at) - 1; i >= 0; i-- {
		t := &h.Touchpoints[i]
		d, n := dayOf(t.At), len(into)
		if n > 0 && into[n-1] == d || !k.visit(t) {
			continue
		}
		if into = append(into, d); far.ends(into) {
			break
		}
	}
	return into
}

// ends reports whether the last of these days is the last one in reach.
func (r reach) ends(days []day) bool {
	n := len(days)
	return n == r.days || days[n-1] < days[0]-r.span
}

// purchase returns what an order was as of a time, if it was one that counts: placed, and not cancelled or refunded whole.
func purchase(o *history.Order, at int64) (*history.OrderStep, bool) {
	s, placed := o.AsOf(at)
	return s, placed && !s.Cancelled && (s.Net > 0 || s.Total == 0)
}

// orderDays appends the days of the purchases as of a time, the latest first and each once.
func (k *counter) orderDays(h *history.History, at int64, into []day) []day {
	orders := h.Orders()
	for i := len(orders) - 1; i >= 0; i-- {
		if s, counts := purchase(&orders[i], at); counts && k.through(s.Channel) {
			into = append(into, dayOf(s.Placed))
		}
	}
	slices.SortFunc(into, func(a, b day) int { return int(b - a) })
	return slices.Compact(into)
}
