package analytics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// ReturnOptions say what is asked of returns.
type ReturnOptions struct {
	// At is the instant as of which it is told, Unix microseconds.
	At int64
	// Period is when the orders were placed.
	Period Period
	// Days is within how many days somebody must buy again; 0 stands for 90.
	Days int
}

// Returns compares customers who returned something with those who did not: who buys again? It is for one goroutine;
// several can be merged.
//
// Of each buyer of the period one order counts: the first that was refunded or cancelled, or, if none was, the first. The
// days run from the return, or from the order. Whose days are not over does not count yet, whether they bought or not.
type Returns struct {
	o                ReturnOptions
	returned, others again
}

// again counts who bought again.
type again struct{ customers, bought, open int64 }

// NewReturns returns a comparison without a customer.
func NewReturns(o ReturnOptions) (*Returns, error) {
	if o.Period.From >= o.Period.To {
		return nil, errEmptyPeriod
	}
	if o.Days <= 0 {
		o.Days = 90
	}
	return &Returns{o: o}, nil
}

// placed is an order as of the instant.
type placed struct {
	at int64
	// gone is when something of it was first given back, the end of time if nothing was.
	gone      int64
	cancelled bool
}

// Add takes a customer in.
func (r *Returns) Add(h *history.History) {
	list := r.orders(h)
	first, gave := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, o := range list {
		if r.o.Period.has(o.at) {
			first, gave = min(first, o.at), min(gave, o.gone)
		}
	}
	switch {
	case gave < math.MaxInt64:
		r.returned.add(r, list, gave)
	case first < math.MaxInt64:
		r.others.add(r, list, first)
	}
}

// orders are the orders as of the instant, by when they were placed.
func (r *Returns) orders(h *history.History) []placed {
	var list []placed
	for _, o := range h.Orders() {
		s, ok := o.AsOf(r.o.At)
		if !ok {
			continue
		}
		p := placed{s.Placed, math.MaxInt64, s.Cancelled}
		for i := range o.Steps {
			if x := &o.Steps[i]; x.From <= r.o.At && (x.Returned || x.Cancelled) {
				p.gone = min(p.gone, x.From)
			}
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	return list
}

// add counts a customer whose days run from an instant.
func (a *again) add(r *Returns, list []placed, from int64) {
	end := from + int64(r.o.Days)*Day
	if end > r.o.At {
		a.open++
		return
	}
	a.customers++
	for _, o := range list {
		if o.at > from && o.at <= end && !o.cancelled {
			a.bought++
			return
		}
	}
}

// Merge takes in what another Returns of the same options has seen.
func (r *Returns) Merge(o *Returns) {
	r.returned.merge(&o.returned)
	r.others.merge(&o.others)
}

func (a *again) merge(o *again) {
	a.customers, a.bought, a.open = a.customers+o.customers, a.bought+o.bought, a.open+o.open
}

// ReturnTable says who bought again after a return.
type ReturnTable struct {
	At       time.Time `json:"at"`
	Period   Span      `json:"period"`
	Days     int       `json:"days"`
	Returned Again     `json:"returned"`
	Others   Again     `json:"others"`
	// Difference is the share of Returned less that of Others, null if either is missing, and Interval where it lies (95 %).
	Difference *float64 `json:"difference"`
	Interval   Interval `json:"interval"`
	// Enough says whether both groups have at least Least customers.
	Enough bool `json:"enough"`
}

// Again is who bought again within the days. Open are customers whose days are not over.
type Again struct {
	Customers int64    `json:"customers"`
	Bought    int64    `json:"bought"`
	Open      int64    `json:"open"`
	Share     *float64 `json:"share"`
	Interval  Interval `json:"interval"`
}

// Result returns the comparison.
func (r *Returns) Result() ReturnTable {
	a, b := &r.returned, &r.others
	t := ReturnTable{
		At: instant(r.o.At), Period: r.o.Period.span(), Days: r.o.Days, Returned: a.table(), Others: b.table(),
		Interval: Newcombe(a.bought, a.customers, b.bought, b.customers),
		Enough:   min(a.customers, b.customers) >= Least,
	}
	if t.Returned.Share != nil && t.Others.Share != nil {
		d := *t.Returned.Share - *t.Others.Share
		t.Difference = &d
	}
	return t
}

func (a *again) table() Again {
	return Again{a.customers, a.bought, a.open, share(a.bought, a.customers), wilson(a.bought, a.customers)}
}
