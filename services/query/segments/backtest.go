package segments

import (
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
)

// Backtest is the answer that says what a backtest counted.
func Backtest(r segment.BacktestResult) SegmentBacktest {
	a := SegmentBacktest{
		From: Time(r.From), To: Time(r.To), HorizonDays: int(r.Horizon / (24 * time.Hour)), Months: make([]SegmentMonth, len(r.Months)),
		Entered: outcome(&r.Entered), Members: outcome(&r.Members), Others: outcome(&r.Others),
	}
	for i := range r.Months {
		m := &r.Months[i]
		a.Months[i] = SegmentMonth{
			Month: time.UnixMicro(m.End).In(history.Zone).Format("2006-01"), End: Time(m.End), Members: m.Members, Customers: m.Customers,
			Entered: m.Entered, Left: m.Left, Next: outcome(&m.Next), Others: outcome(&m.Others),
		}
	}
	return a
}

func outcome(o *segment.Outcome) SegmentOutcome {
	a := SegmentOutcome{Customers: o.Customers, Ordered: o.Ordered, Orders: o.Orders, Silent: o.Silent, Net: make([]SegmentAmount, len(o.Net))}
	for i, x := range o.Net {
		a.Net[i] = SegmentAmount{Currency: x.Currency, Amount: x.Amount}
	}
	return a
}
