package analytics

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// ValueOptions say how groups of customers are valued.
type ValueOptions struct {
	// At is the instant as of which everything is told, Unix microseconds.
	At int64
	// Period is when the orders and contacts happened.
	Period Period
	// Silence is after how many days without activity a customer counts as churned; 0 stands for 90.
	Silence int
	// Churned says who counts as churned instead; nil stands for Silence. It must look at nothing after at.
	Churned func(h *history.History, at int64) bool
	// Margin is what is earned by an order, in its currency; nil if that is not known.
	Margin func(*history.OrderStep) events.Money
	// Costs are what serving one contact costs, by its type ("call.ended", "inquiry.opened"), in CostCurrency ("" for KRW).
	Costs        map[string]events.Money
	CostCurrency string
}

// Values tallies what groups of customers are worth. It is for one goroutine; several can be merged.
type Values struct {
	o      ValueOptions
	groups func(*history.History) []string
	all    *worth
	byName map[string]*worth
}

// worth is what a group is worth.
type worth struct {
	customers, buyers, orders, returned int64
	active, churned                     int64
	calls, inquiries                    int64
	cost                                events.Money
	revenue, margin                     map[string]events.Money
}

func newWorth() *worth {
	return &worth{revenue: map[string]events.Money{}, margin: map[string]events.Money{}}
}

// NewValues returns a table without a customer. groups names the groups of a customer; it may name none, and several.
func NewValues(o ValueOptions, groups func(*history.History) []string) (*Values, error) {
	if o.Period.From >= o.Period.To {
		return nil, errEmptyPeriod
	}
	if o.Silence <= 0 {
		o.Silence = defaultSilence
	}
	if o.CostCurrency == "" {
		o.CostCurrency = "KRW"
	}
	return &Values{o: o, groups: groups, all: newWorth(), byName: map[string]*worth{}}, nil
}

// Add takes a customer in.
func (v *Values) Add(h *history.History) {
	if h.Until(v.o.At) == 0 {
		return
	}
	w := v.worth(h)
	v.all.merge(w)
	seen := map[string]bool{}
	for _, name := range v.groups(h) {
		if !seen[name] {
			v.group(name).merge(w)
		}
		seen[name] = true
	}
}

func (v *Values) group(name string) *worth {
	w := v.byName[name]
	if w == nil {
		w = newWorth()
		v.byName[name] = w
	}
	return w
}

// worth is what one customer is worth.
func (v *Values) worth(h *history.History) *worth {
	w := newWorth()
	w.customers = 1
	v.addOrders(w, h)
	v.addContacts(w, h)
	if times := ByAnything.times(h, v.o.At); len(times) > 0 {
		w.active = 1
		w.churned = number(v.churned(h, times[len(times)-1]))
	}
	return w
}

func (v *Values) addOrders(w *worth, h *history.History) {
	orders := h.Orders()
	for i := range orders {
		s, ok := orders[i].AsOf(v.o.At)
		if !ok || !v.o.Period.has(s.Placed) {
			continue
		}
		w.returned += number(s.Returned || s.Cancelled)
		if s.Cancelled {
			continue
		}
		w.orders, w.buyers = w.orders+1, 1
		w.revenue[s.Currency] += s.Net
		if v.o.Margin != nil {
			w.margin[s.Currency] += v.o.Margin(s)
		}
	}
}

// addContacts counts calls, by their end, and inquiries, and what contacts cost.
func (v *Values) addContacts(w *worth, h *history.History) {
	for i := range h.Touchpoints[:h.Until(v.o.At)] {
		t := &h.Touchpoints[i]
		if !v.o.Period.has(t.At) {
			continue
		}
		w.calls += number(t.Type == "call.ended")
		w.inquiries += number(t.Type == "inquiry.opened" || t.Type == "inquiry.reopened")
		w.cost += v.o.Costs[t.Type]
	}
}

func (v *Values) churned(h *history.History, last int64) bool {
	if v.o.Churned != nil {
		return v.o.Churned(h, v.o.At)
	}
	return last < v.o.At-int64(v.o.Silence)*Day
}

func (w *worth) merge(o *worth) {
	w.customers, w.buyers, w.orders, w.returned = w.customers+o.customers, w.buyers+o.buyers, w.orders+o.orders, w.returned+o.returned
	w.active, w.churned = w.active+o.active, w.churned+o.churned
	w.calls, w.inquiries, w.cost = w.calls+o.calls, w.inquiries+o.inquiries, w.cost+o.cost
	for currency, amount := range o.revenue {
		w.revenue[currency] += amount
	}
	for currency, amount := range o.margin {
		w.margin[currency] += amount
	}
}

// Merge takes in what another Values of the same options has seen.
func (v *Values) Merge(o *Values) {
	v.all.merge(o.all)
	for name, w := range o.byName {
		v.group(name).merge(w)
	}
}
