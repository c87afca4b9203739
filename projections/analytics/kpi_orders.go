package analytics

import (
	"github.com/c360hq/c360/projections/history"
)

// addOrders tallies revenue, orders and baskets by when the order was placed, as it looks at the instant.
func (k *KPI) addOrders(h *history.History) {
	orders := h.Orders()
	for i := range orders {
		s, ok := orders[i].AsOf(k.o.At)
		if !ok {
			continue
		}
		channel := part{"channel", string(s.Channel)}
		k.put(Revenue, s.Currency, s.Placed, fact{top: int64(s.Net)}, channel)
		if !s.Cancelled {
			k.put(Orders, "", s.Placed, fact{top: 1}, channel)
			k.put(AverageBasket, s.Currency, s.Placed, fact{top: int64(s.Total), bottom: 1}, channel)
		}
	}
	k.addIntervals(h)
}

// addIntervals tallies the days between days with a purchase.
func (k *KPI) addIntervals(h *history.History) {
	times := purchases(h, k.o.At)
	for i := 1; i < len(times); i++ {
		if days := dayOf(times[i]) - dayOf(times[i-1]); days > 0 {
			k.put(PurchaseInterval, "", times[i], fact{value: days, valued: true})
		}
	}
}

// addCustomer tallies what is asked of the customer as a whole, window by window.
func (k *KPI) addCustomer(h *history.History) {
	bought := purchases(h, k.o.At)
	active := bought
	if k.o.Active != "" && k.o.Active != ByOrders {
		active = k.o.Active.times(h, k.o.At)
	}
	first := beginning(h, k.o.Active, active)
	for i := range k.windows() {
		now, before := k.window(i)
		k.addActive(i, active, first, now, before)
		k.addRepeat(i, h, bought, now)
	}
}

func (k *KPI) addActive(i int, active []int64, first int64, now, before Period) {
	came := within(active, now)
	if came {
		k.putIn(i, ActiveCustomers, "", fact{top: 1})
	}
	if now.has(first) {
		k.putIn(i, NewCustomers, "", fact{top: 1})
	}
	if within(active, before) {
		k.putIn(i, RetentionRate, "", fact{top: number(came), bottom: 1})
	}
	if last := lower(active, now.From); last > 0 && active[last-1] < now.From-int64(k.o.Silence)*Day {
		k.putIn(i, Reactivation, "", fact{top: number(came), bottom: 1})
	}
}

func (k *KPI) addRepeat(i int, h *history.History, bought []int64, now Period) {
	if within(bought, now) {
		times := int64(lower(bought, now.To)) + h.OlderOf(history.OrderCompleted).Count
		k.putIn(i, RepeatPurchase, "", fact{top: number(times > 1), bottom: 1})
	}
}

// beginning is when the customer was first active, also among what is no longer kept apart; the end of time if never.
func beginning(h *history.History, a Activity, active []int64) int64 {
	first := int64(1<<63 - 1)
	if len(active) > 0 {
		first = active[0]
	}
	for i := range h.Older {
		o := &h.Older[i]
		orders := (a == "" || a == ByOrders) && o.Type == history.OrderCompleted
		if orders || a == ByVisits && visits[o.Type] || a == ByAnything && !done[o.Type] {
			first = min(first, o.First)
		}
	}
	return first
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
