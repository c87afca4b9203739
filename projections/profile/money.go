package profile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// money is the sum over the orders of a fragment.
type money struct {
	completed, cancelled, refunds int64
	revenue, refunded             amounts
	quarters                      quarters
	first, last                   int64 // time of the earliest and latest order.completed, 0 if there is none
}

// sum is a sum over one quarter.
type sum struct {
	quarter  int64
	currency string
	amount   events.Money
}

// quarters are sorted by quarter and currency.
type quarters []sum

func (q *quarters) add(quarter int64, currency string, m events.Money) {
	x := sum{quarter: quarter, currency: currency}
	i, found := slices.BinarySearchFunc(*q, x, func(a, b sum) int {
		return cmp.Or(cmp.Compare(a.quarter, b.quarter), cmp.Compare(a.currency, b.currency))
	})
	if !found {
		*q = slices.Insert(*q, i, x)
	}
	(*q)[i].amount += m
}

// add adds (sign 1) or takes off (sign -1) what an order counts for.
func (m *money) add(o *order, sign int64) {
	if o.completed.said() {
		m.completed += sign
		earned := o.revenue() * events.Money(sign)
		m.revenue.add(o.currency, earned)
		m.quarters.add(quarter(o.completed.time), o.currency, earned)
	}
	if o.cancelled {
		m.cancelled += sign
	}
	m.refunds += sign * int64(o.refunds) // #nosec G115 -- a count of events
	for _, a := range o.refunded {
		m.refunded.add(a.Currency, a.Amount*events.Money(sign))
	}
}

// settle drops sums that have come to nothing, so that they are the same whatever was added and taken off on the way.
func (m *money) settle() {
	nothing := func(a Amount) bool { return a.Amount == 0 }
	m.revenue = slices.DeleteFunc(m.revenue, nothing)
	m.refunded = slices.DeleteFunc(m.refunded, nothing)
	m.quarters = slices.DeleteFunc(m.quarters, func(s sum) bool { return s.amount == 0 })
}

func (m *money) span(first, last int64) {
	if first != 0 && (m.first == 0 || first < m.first) {
		m.first = first
	}
	if last != 0 && (m.last == 0 || last > m.last) {
		m.last = last
	}
}

// merge adds the sums of another fragment.
func (m *money) merge(o *money) {
	m.completed += o.completed
	m.cancelled += o.cancelled
	m.refunds += o.refunds
	for _, a := range o.revenue {
		m.revenue.add(a.Currency, a.Amount)
	}
	for _, a := range o.refunded {
		m.refunded.add(a.Currency, a.Amount)
	}
	for _, s := range o.quarters {
		m.quarters.add(s.quarter, s.currency, s.amount)
	}
	m.span(o.first, o.last)
}

func encodeMoney(e *projections.Encoder, m *money) {
	e.Int(m.completed)
	e.Int(m.cancelled)
	e.Int(m.refunds)
	e.Int(m.first)
	e.Int(m.last)
	m.revenue.encode(e)
	m.refunded.encode(e)
	for _, s := range m.quarters {
		e.Int(s.quarter)
		e.Text(s.currency)
		e.Int(int64(s.amount))
	}
}

func decodeMoney(d *projections.Decoder) money {
	if !d.More() {
		return money{}
	}
	m := money{completed: d.Int(), cancelled: d.Int(), refunds: d.Int(), first: d.Int(), last: d.Int()}
	m.revenue, m.refunded = decodeAmounts(d), decodeAmounts(d)
	for d.More() {
		m.quarters = append(m.quarters, sum{d.Int(), d.Text(), events.Money(d.Int())})
	}
	return m
}

func quarterName(q int64) string { return fmt.Sprintf("%dQ%d", q/4, q%4+1) }
