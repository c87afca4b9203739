package analytics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// RetentionOptions say what retention is told of.
type RetentionOptions struct {
	// At is the instant as of which it is told, Unix microseconds.
	At int64
	// Active says by what customers join and come back; "" stands for ByOrders.
	Active Activity
}

// Retention counts, by the month in which customers were first active, in which months since they were active again. It
// is for one goroutine; several can be merged.
type Retention struct {
	o       RetentionOptions
	joined  map[month][]int64 // customers by months since joining
	orders  int64
	revenue map[string]events.Money
}

// NewRetention returns a table without a customer.
func NewRetention(o RetentionOptions) (*Retention, error) {
	if err := o.Active.check(); err != nil {
		return nil, fmt.Errorf("analytics: %w", err)
	}
	return &Retention{o: o, joined: map[month][]int64{}, revenue: map[string]events.Money{}}, nil
}

// Add takes a customer in. One who was never active by then is left out.
func (r *Retention) Add(h *history.History) {
	times := r.o.Active.times(h, r.o.At)
	first := beginning(h, r.o.Active, times)
	if first > r.o.At || first == math.MaxInt64 {
		return
	}
	start, last := monthOf(first), month(-1)
	if len(times) == 0 || monthOf(times[0]) != start {
		r.count(start, 0)
	}
	for _, at := range times {
		if m := monthOf(at); m != last {
			r.count(start, int(m-start))
			last = m
		}
	}
	r.addOrders(h)
}

// count notes that a customer of a joining month was active so many months later.
func (r *Retention) count(start month, since int) {
	list := r.joined[start]
	for len(list) <= since {
		list = append(list, 0)
	}
	list[since]++
	r.joined[start] = list
}

func (r *Retention) addOrders(h *history.History) {
	orders := h.Orders()
	for i := range orders {
		if s, ok := orders[i].AsOf(r.o.At); ok && !s.Cancelled {
			r.orders++
			r.revenue[strings.Clone(s.Currency)] += s.Net
		}
	}
}

// Merge takes in what another Retention of the same options has seen.
func (r *Retention) Merge(o *Retention) {
	for start, list := range o.joined {
		mine := r.joined[start]
		for len(mine) < len(list) {
			mine = append(mine, 0)
		}
		for i, n := range list {
			mine[i] += n
		}
		r.joined[start] = mine
	}
	r.orders += o.orders
	for currency, amount := range o.revenue {
		r.revenue[currency] += amount
	}
}

// RetentionTable is retention by joining month.
type RetentionTable struct {
	At     time.Time `json:"at"`
	Active Activity  `json:"active"`
	// Customers, Orders and Revenue are those that the table is made of; orders that are not cancelled, net of refunds.
	Customers int64      `json:"customers"`
	Orders    int64      `json:"orders"`
	Revenue   []Revenues `json:"revenue"`
	// Months are the months in which customers joined, the earliest first; a month without is left out.
	Months []JoiningMonth `json:"months"`
}

// Revenues is money in one currency.
type Revenues struct {
	Currency string       `json:"currency"`
	Amount   events.Money `json:"amount"`
}

// JoiningMonth are the customers who were first active in a month.
type JoiningMonth struct {
	// Month is "2010-12".
	Month     string `json:"month"`
	Customers int64  `json:"customers"`
	// Since are the months from that one (0) to that of At, each of them.
	Since []MonthSince `json:"since"`
}

// MonthSince is one cell: those who were active so many months after joining.
type MonthSince struct {
	Months    int   `json:"months"`
	Customers int64 `json:"customers"`
	// Share is Customers as a share of those who joined, 0 to 1.
	Share float64 `json:"share"`
	// InProgress marks the month that was not over: more may still come.
	InProgress bool `json:"in_progress,omitempty"`
}

// Result returns the table.
func (r *Retention) Result() RetentionTable {
	t := RetentionTable{At: instant(r.o.At), Active: r.o.Active, Orders: r.orders, Revenue: revenues(r.revenue), Months: []JoiningMonth{}}
	if t.Active == "" {
		t.Active = ByOrders
	}
	starts := make([]month, 0, len(r.joined))
	for start := range r.joined {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	for _, start := range starts {
		j := r.month(start)
		t.Customers += j.Customers
		t.Months = append(t.Months, j)
	}
	return t
}

func (r *Retention) month(start month) JoiningMonth {
	list, now := r.joined[start], monthOf(r.o.At)
	j := JoiningMonth{Month: start.String(), Customers: list[0]}
	over := r.o.At+1 >= (now + 1).start()
	for i := range int(now-start) + 1 {
		c := MonthSince{Months: i, InProgress: start+month(i) == now && !over}
		if i < len(list) {
			c.Customers = list[i]
		}
		c.Share = float64(c.Customers) / float64(j.Customers)
		j.Since = append(j.Since, c)
	}
	return j
}

// revenues are sums by currency, sorted.
func revenues(sums map[string]events.Money) []Revenues {
	list := make([]Revenues, 0, len(sums))
	for currency, amount := range sums {
		list = append(list, Revenues{currency, amount})
	}
	slices.SortFunc(list, func(a, b Revenues) int { return strings.Compare(a.Currency, b.Currency) })
	return list
}
