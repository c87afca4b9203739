package analytics

import (
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/projections/history"
)

// Activity says what counts as a customer being active.
type Activity string

// The kinds of activity. The zero Activity stands for ByOrders.
const (
	// ByOrders: an order was placed that is not cancelled.
	ByOrders Activity = "orders"
	// ByVisits: the customer was on the site, in the app or in a store. Buying is a visit too.
	ByVisits Activity = "visits"
	// ByAnything: the customer did something, whatever it was. What the company does (messages, shipments, answers) is not.
	ByAnything Activity = "anything"
)

// visits are the types that a visit is told by.
var visits = map[string]bool{
	"page.viewed": true, "screen.viewed": true, "app.opened": true, "deep_link.opened": true, "store.visited": true,
	"product.viewed": true, "product.clicked": true, "products.searched": true, "product.list_viewed": true,
	"product.list_filtered": true, "product.added": true, "product.removed": true, "cart.viewed": true,
	"wishlist.product_added": true, "checkout.started": true, "checkout.step_viewed": true, "checkout.step_completed": true,
	"order.status_viewed": true, "order.picked_up": true, "appointment.kept": true, history.OrderCompleted: true,
}

// done are the types that the company causes, not the customer.
var done = map[string]bool{
	"order.updated": true, "order.ready": true, history.OrderCancelled: true, history.OrderRefunded: true,
	"shipment.dispatched": true, "shipment.delivered": true, "shipment.delayed": true, "stock.adjusted": true,
	"coupon.issued": true, "coupon.denied": true, "campaign.received": true, "promotion.viewed": true, "tier.changed": true,
	"points.earned": true, "message.sent": true, "message.delivered": true, "message.bounced": true, "survey.sent": true,
	"inquiry.answered": true, "inquiry.closed": true, "review.answered": true, "note.added": true, "call.missed": true,
	"appointment.missed": true, "app.updated": true, "app.uninstalled": true,
}

// check refuses what is no activity.
func (a Activity) check() error {
	switch a {
	case "", ByOrders, ByVisits, ByAnything:
		return nil
	}
	return fmt.Errorf("%.40q is no activity; give %q, %q or %q", string(a), ByOrders, ByVisits, ByAnything)
}

// times are the instants up to at when the customer was active, in order.
func (a Activity) times(h *history.History, at int64) []int64 {
	if a == "" || a == ByOrders {
		return purchases(h, at)
	}
	var all []int64
	for i := range h.Touchpoints[:h.Until(at)] {
		if a.counts(&h.Touchpoints[i]) {
			all = append(all, h.Touchpoints[i].At)
		}
	}
	return all
}

func (a Activity) counts(t *history.Touchpoint) bool {
	if a == ByVisits {
		return visits[t.Type]
	}
	return !done[t.Type] && !strings.HasPrefix(t.Type, "case.") && t.Field("direction") != "outbound"
}

// purchases are the instants when orders were placed that, as of at, are not cancelled, in order.
func purchases(h *history.History, at int64) []int64 {
	orders := h.Orders()
	all := make([]int64, 0, len(orders))
	for i := range orders {
		if s, ok := orders[i].AsOf(at); ok && !s.Cancelled {
			all = append(all, s.Placed)
		}
	}
	slices.Sort(all)
	return all
}

// lower is the first place in times at or after an instant.
func lower(times []int64, at int64) int {
	i, _ := slices.BinarySearch(times, at)
	return i
}

// within reports whether one of the times lies in a period.
func within(times []int64, p Period) bool {
	i := lower(times, p.From)
	return i < len(times) && times[i] < p.To
}
