package analytics

import (
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
)

// ValueTable is what groups of customers are worth.
type ValueTable struct {
	At     time.Time `json:"at"`
	Period Span      `json:"period"`
	// CostCurrency is that of Cost.
	CostCurrency string `json:"cost_currency"`
	// All is everybody, in a group or not.
	All GroupValue `json:"all"`
	// Groups are sorted by name. A customer in several groups counts in each.
	Groups []GroupValue `json:"groups"`
}

// GroupValue is what one group is worth.
type GroupValue struct {
	Group     string `json:"group,omitempty"`
	Customers int64  `json:"customers"`
	// Buyers are those with an order in the period; Orders are those placed in it that are not cancelled; Returned are those
	// cancelled or refunded in part or whole.
	Buyers   int64 `json:"buyers"`
	Orders   int64 `json:"orders"`
	Returned int64 `json:"returned"`
	// Revenue is net of cancellations and refunds, Margin what was earned by it, if known.
	Revenue []Worth `json:"revenue"`
	Margin  []Worth `json:"margin,omitempty"`
	// Calls and Inquiries are contacts, Cost is what serving them cost at the costs given.
	Calls     int64        `json:"calls"`
	Inquiries int64        `json:"inquiries"`
	Cost      events.Money `json:"cost"`
	// CostPerCustomer is Cost by Customers.
	CostPerCustomer events.Money `json:"cost_per_customer"`
	// Churned are customers who were active once and no longer count as such; ChurnedShare is their share of those who ever were.
	Churned      int64    `json:"churned"`
	ChurnedShare *float64 `json:"churned_share"`
}

// Worth is money of a group in one currency, and by customer of it, cut off at 1/10000.
type Worth struct {
	Currency    string       `json:"currency"`
	Amount      events.Money `json:"amount"`
	PerCustomer events.Money `json:"per_customer"`
}

// Result returns the table.
func (v *Values) Result() ValueTable {
	t := ValueTable{At: instant(v.o.At), Period: v.o.Period.span(), CostCurrency: v.o.CostCurrency, All: v.all.value(""), Groups: []GroupValue{}}
	for name, w := range v.byName {
		t.Groups = append(t.Groups, w.value(name))
	}
	slices.SortFunc(t.Groups, func(a, b GroupValue) int { return strings.Compare(a.Group, b.Group) })
	return t
}

func (w *worth) value(name string) GroupValue {
	return GroupValue{
		Group: name, Customers: w.customers, Buyers: w.buyers, Orders: w.orders, Returned: w.returned,
		Revenue: w.each(w.revenue), Margin: w.each(w.margin),
		Calls: w.calls, Inquiries: w.inquiries, Cost: w.cost, CostPerCustomer: w.per(w.cost),
		Churned: w.churned, ChurnedShare: share(w.churned, w.active),
	}
}

func (w *worth) each(sums map[string]events.Money) []Worth {
	list := []Worth{}
	for _, r := range revenues(sums) {
		list = append(list, Worth{r.Currency, r.Amount, w.per(r.Amount)})
	}
	return list
}

func (w *worth) per(amount events.Money) events.Money {
	return amount / events.Money(max(w.customers, 1))
}
