package value

import (
	"math"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Summary is all that the models read of one customer: recency and frequency as Fader, Hardie & Lee (2005) count them.
// The first purchase makes a customer; only what comes after it is counted.
type Summary struct {
	// X is the number of repeat purchases, at most one a day.
	X int
	// Tx and T are weeks (days/7) from the first purchase: to the last one, 0 if there is only one, and to the end.
	Tx, T float64
	// Spend is the sum of the repeat purchases, Mean that of one in units of the currency; 0 without repeat purchases.
	Spend events.Money
	Mean  float64
}

// SummaryOf sums up what a customer had bought from a moment on and by another (Unix microseconds), in a currency; false
// if nothing. It looks at nothing that happened after to. Purchases before from are not seen, as if the books began there.
func SummaryOf(h *history.History, from, to int64, currency string) (Summary, bool) {
	return Summarize(Bought(h, to, currency), DayOf(from), DayOf(to))
}

// Summarize sums up the purchases of the days from and to and those between; false if there are none. They must be as
// [Bought] and [Collect] return them.
func Summarize(list []Purchase, from, to int32) (Summary, bool) {
	list = between(list, from, to)
	if len(list) == 0 {
		return Summary{}, false
	}
	first, repeats := list[0].Day, list[1:]
	s := Summary{X: len(repeats), T: weeks(to - first)}
	for _, p := range repeats {
		s.Spend += p.Amount
		s.Tx = weeks(p.Day - first)
	}
	if s.X > 0 {
		s.Mean = units(s.Spend) / float64(s.X)
	}
	return s, true
}

func between(list []Purchase, from, to int32) []Purchase {
	for len(list) > 0 && list[0].Day < from {
		list = list[1:]
	}
	for len(list) > 0 && list[len(list)-1].Day > to {
		list = list[:len(list)-1]
	}
	return list
}

// possible reports whether there can be such a customer.
func (s *Summary) possible() bool {
	return s.X >= 0 && s.Tx >= 0 && s.T >= s.Tx && s.T < math.MaxInt32 && (s.X > 0 || s.Tx == 0)
}

func weeks(days int32) float64 { return float64(days) / oneWeek }

// units returns money in units of its currency.
func units(m events.Money) float64 { return float64(m) / 10000 }

func unixTime(at int64) time.Time { return time.UnixMicro(at).In(history.Zone) }
