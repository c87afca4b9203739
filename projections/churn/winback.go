package churn

import (
	"maps"
	"slices"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Outcome is what became of a flag.
type Outcome string

// The outcomes.
const (
	// Pending: nothing has happened, and there is time left.
	Pending Outcome = "pending"
	// Returned: the customer was there again, and bought nothing by now.
	Returned Outcome = "returned"
	// Bought: the customer placed an order that was not cancelled or refunded whole by now.
	Bought Outcome = "bought"
	// Lost: nothing happened in time.
	Lost Outcome = "lost"
)

// Winback is the outcome of one flag as of a time.
type Winback struct {
	Outcome Outcome
	// Cause is the first touchpoint that made it Returned or Bought; the zero Ref otherwise.
	Cause history.Ref
}

// Winback returns what became, as of a time, of a flag raised at another, within so many days. Times are Unix microseconds.
func (p *Program) Winback(h *history.History, raised, at int64, within int) Winback {
	end := raised + int64(within)*dayMicros
	until := min(at, end)
	if cause, found := bought(h, raised, until, at); found {
		return Winback{Bought, cause}
	}
	if cause, found := p.counter.returned(h, raised, until); found {
		return Winback{Returned, cause}
	}
	if at < end {
		return Winback{Outcome: Pending}
	}
	return Winback{Outcome: Lost}
}

// bought returns the first order that was placed in (after, until] and counts as of another time.
func bought(h *history.History, after, until, at int64) (history.Ref, bool) {
	var first history.Ref
	orders := h.Orders()
	for i := range orders {
		s, counts := purchase(&orders[i], at)
		if counts && s.Placed > after && s.Placed <= until && (first.At == 0 || s.Placed < first.At) {
			first = history.Ref{Fragment: s.Fragment, At: s.Placed, Key: s.Key, Type: history.OrderCompleted}
		}
	}
	return first, first.At != 0
}

// returned returns the first visit in (after, until].
func (k *counter) returned(h *history.History, after, until int64) (history.Ref, bool) {
	for i := h.Until(after); i < len(h.Touchpoints) && h.Touchpoints[i].At <= until; i++ {
		if t := &h.Touchpoints[i]; k.visit(t) {
			return t.Ref(), true
		}
	}
	return history.Ref{}, false
}

// Outcomes counts flags by what became of them.
type Outcomes struct {
	Raised, Pending, Returned, Bought, Lost int64
}

func (o *Outcomes) add(outcome Outcome) {
	o.Raised++
	switch outcome {
	case Pending:
		o.Pending++
	case Returned:
		o.Returned++
	case Bought:
		o.Bought++
	case Lost:
		o.Lost++
	}
}

func (o *Outcomes) merge(b Outcomes) {
	o.Raised, o.Pending, o.Returned = o.Raised+b.Raised, o.Pending+b.Pending, o.Returned+b.Returned
	o.Bought, o.Lost = o.Bought+b.Bought, o.Lost+b.Lost
}

// Winbacks totals what became of all flags that were raised in a stretch of time, fed by a scan. It is not for several goroutines; use one
// each and Merge.
type Winbacks struct {
	program  *Program
	from, to int64
	within   int
	months   map[int]Outcomes // by year*12 + month-1
}

// NewWinbacks begins totals of the flags raised in (from, to], Unix microseconds, as of to, with so many days to come back in.
func NewWinbacks(p *Program, from, to int64, within int) *Winbacks {
	return &Winbacks{p, from, to, within, map[int]Outcomes{}}
}

// Add takes in a customer.
func (w *Winbacks) Add(h *history.History) {
	for _, c := range standing.Changes(w.program, h, w.from, w.to) {
		if c.In && !c.Begin {
			m := w.months[monthOf(c.At)]
			m.add(w.program.Winback(h, c.At, w.to, w.within).Outcome)
			w.months[monthOf(c.At)] = m
		}
	}
}

// Merge takes in the totals of other customers. Both must have begun alike.
func (w *Winbacks) Merge(o *Winbacks) {
	for month, outcomes := range o.months {
		m := w.months[month]
		m.merge(outcomes)
		w.months[month] = m
	}
}

// MonthOutcomes are the outcomes of the flags raised in one month.
type MonthOutcomes struct {
	// Month is "2006-01" in history.Zone.
	Month string
	Outcomes
}

// Result returns the totals, and those of each month in which a flag was raised, the earliest first.
func (w *Winbacks) Result() (total Outcomes, months []MonthOutcomes) {
	for _, m := range slices.Sorted(maps.Keys(w.months)) {
		total.merge(w.months[m])
		months = append(months, MonthOutcomes{monthName(m), w.months[m]})
	}
	return total, months
}
