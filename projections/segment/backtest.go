package segment

import (
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Backtest says what a rule would have done: who would have been a member at the end of each month, who would have come and
// gone, and what happened to them next, beside everybody else. Membership is that of standing.Changes, so it is what a live
// segment would have had; what happened next is only looked at to be told. Parts of a scan can be counted apart and merged.
type Backtest struct {
	judge    standing.Judge
	from, to int64
	horizon  int64
	result   BacktestResult
}

// BacktestResult is what a backtest counted.
type BacktestResult struct {
	// From and To are the stretch of time, Unix microseconds; Horizon is how long "next" is.
	From, To int64
	Horizon  time.Duration
	Months   []Month
	// Entered is what happened next to those who came in, each time they did; after To-Horizon nobody is counted.
	Entered Outcome
	// Members and Others are what happened next to members and to all other customers, added up over the ends of the months.
	Members, Others Outcome
}

// Month is one month of a backtest, in history.Zone.
type Month struct {
	// End is the last microsecond of the month, or To in the last one, which may be cut short.
	End int64
	// Members and Customers are how many there were at the end; a customer is there from the first touchpoint on.
	Members, Customers int64
	// Entered and Left are how many came and went during the month. Who is in when the backtest begins did not come.
	Entered, Left int64
	// Next is what happened to members after the end of the month, Others to everybody else. They are empty if To is nearer
	// than the horizon.
	Next, Others Outcome
}

// Outcome is what happened to customers within the horizon after a moment of each.
type Outcome struct {
	// Customers are how often somebody was looked at.
	Customers int64
	// Ordered is how many of them placed an order that counted at the end of the horizon, Orders how many orders.
	Ordered, Orders int64
	// Net is what those orders brought, as it stood at the end of the horizon, by currency, sorted.
	Net []history.Amount
	// Silent is how many of them did nothing at all. What the company did (a message sent, a coupon issued) is no sign of life.
	Silent int64
}

// NewBacktest returns a backtest of a judge over (from, to], Unix microseconds.
func NewBacktest(j standing.Judge, from, to int64, horizon time.Duration) *Backtest {
	b := &Backtest{judge: j, from: from, to: to, horizon: horizon.Microseconds()}
	b.result = BacktestResult{From: from, To: to, Horizon: horizon}
	for end := monthEnd(from); ; end = monthEnd(end + 1) {
		b.result.Months = append(b.result.Months, Month{End: min(end, to)})
		if end >= to {
			return b
		}
	}
}

// monthEnd returns the last microsecond of the month a moment lies in.
func monthEnd(at int64) int64 {
	y, m, _ := time.UnixMicro(at).In(history.Zone).Date()
	return time.Date(y, m+1, 1, 0, 0, 0, 0, history.Zone).UnixMicro() - 1
}

// Add looks at a customer.
func (b *Backtest) Add(h *history.History) {
	changes := standing.Changes(b.judge, h, b.from, b.to)
	next, in := 0, false
	for i := range b.result.Months {
		m := &b.result.Months[i]
		for ; next < len(changes) && changes[next].At <= m.End; next++ {
			in = changes[next].In
			b.change(m, h, &changes[next])
		}
		if in {
			m.Members++
		}
		if exists(h, m.End) {
			m.Customers++
			b.after(m, h, in)
		}
	}
}

// exists reports whether the customer was there at a time.
func exists(h *history.History, at int64) bool {
	return len(h.Touchpoints) > 0 && h.Touchpoints[0].At <= at ||
		slices.ContainsFunc(h.Older, func(o history.Older) bool { return o.First <= at })
}

func (b *Backtest) change(m *Month, h *history.History, c *standing.Change) {
	switch {
	case c.Begin:
	case !c.In:
		m.Left++
	default:
		m.Entered++
		if c.At <= b.to-b.horizon {
			b.result.Entered.look(h, c.At, c.At+b.horizon)
		}
	}
}

// after looks at what happened after the end of a month.
func (b *Backtest) after(m *Month, h *history.History, in bool) {
	if m.End > b.to-b.horizon {
		return
	}
	one, all := &m.Others, &b.result.Others
	if in {
		one, all = &m.Next, &b.result.Members
	}
	var o Outcome
	o.look(h, m.End, m.End+b.horizon)
	one.merge(&o)
	all.merge(&o)
}

// look adds what happened to a customer in (after, upTo].
func (o *Outcome) look(h *history.History, after, upTo int64) {
	o.Customers++
	orders := int64(0)
	list := h.Orders()
	for i := range list {
		if s, ok := list[i].AsOf(upTo); ok && s.Placed > after && !s.Cancelled {
			orders++
			o.Net = addAmount(o.Net, history.Amount{Currency: s.Currency, Amount: s.Net})
		}
	}
	if o.Orders += orders; orders > 0 {
		o.Ordered++
	}
	if silent(h, after, upTo) {
		o.Silent++
	}
}

// silent reports whether the customer did nothing in (after, upTo].
func silent(h *history.History, after, upTo int64) bool {
	for _, t := range h.Touchpoints[h.Until(after):h.Until(upTo)] {
		if !slices.Contains(byCompany, t.Type) {
			return false
		}
	}
	return true
}

// byCompany are the types that tell of what the company did to or for a customer, without them.
var byCompany = []string{
	"message.sent", "message.delivered", "message.bounced", "campaign.received", "coupon.issued", "survey.sent", "inquiry.answered",
	"inquiry.closed", "review.answered", "note.added", "tier.changed", "points.earned", "order.ready", "order.updated",
	"shipment.dispatched", "shipment.delivered", "shipment.delayed", "stock.adjusted", "identity.linked", "identity.unlinked",
	"appointment.missed",
}

func (o *Outcome) merge(x *Outcome) {
	o.Customers, o.Ordered, o.Orders = o.Customers+x.Customers, o.Ordered+x.Ordered, o.Orders+x.Orders
	o.Silent += x.Silent
	for _, a := range x.Net {
		o.Net = addAmount(o.Net, a)
	}
}

// addAmount adds an amount to those of its currency. The list is sorted by currency.
func addAmount(list []history.Amount, a history.Amount) []history.Amount {
	i, found := slices.BinarySearchFunc(list, a.Currency, func(x history.Amount, c string) int { return strings.Compare(x.Currency, c) })
	if !found {
		return slices.Insert(list, i, a)
	}
	list[i].Amount += a.Amount
	return list
}

// Merge adds what another backtest of the same judge and stretch of time counted of other customers.
func (b *Backtest) Merge(other *Backtest) {
	r, o := &b.result, &other.result
	for i := range r.Months {
		m, x := &r.Months[i], &o.Months[i]
		m.Members, m.Customers = m.Members+x.Members, m.Customers+x.Customers
		m.Entered, m.Left = m.Entered+x.Entered, m.Left+x.Left
		m.Next.merge(&x.Next)
		m.Others.merge(&x.Others)
	}
	r.Entered.merge(&o.Entered)
	r.Members.merge(&o.Members)
	r.Others.merge(&o.Others)
}

// Result returns what was counted. It must not be changed.
func (b *Backtest) Result() BacktestResult { return b.result }
