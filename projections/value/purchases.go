package value

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

const (
	day     = int64(24 * 60 * 60 * 1e6) // microseconds
	oneWeek = 7                         // days
)

// DayOf returns the number of the day, in [history.Zone], that a time (Unix microseconds) lies in. Days are counted from
// 1970-01-01.
func DayOf(at int64) int32 {
	_, seconds := unixTime(at).Zone()
	at += int64(seconds) * 1e6
	n := at / day
	if at%day < 0 {
		n--
	}
	return int32(n) // #nosec G115 -- a day of the years 0 to 9999
}

// dayEnd returns the last moment of the day that a time lies in.
func dayEnd(at int64) int64 {
	_, seconds := unixTime(at).Zone()
	return (int64(DayOf(at))+1)*day - int64(seconds)*1e6 - 1
}

// Purchase is what one customer bought on one day.
type Purchase struct {
	Day    int32
	Amount events.Money
}

// Bought returns the purchases of a customer in one currency, as known and placed by a time (Unix microseconds): one a day,
// in order. An order that was cancelled or refunded whole by then is not a purchase; of one refunded in part the rest
// counts. An order that cost nothing is a purchase of nothing.
func Bought(h *history.History, upTo int64, currency string) []Purchase {
	var list []Purchase
	orders := h.Orders()
	for i := range orders {
		if o, ok := orders[i].AsOf(upTo); ok && counts(o, currency) {
			list = append(list, Purchase{DayOf(o.Placed), o.Net})
		}
	}
	return byDay(list)
}

// counts reports whether an order, as it looks now, is a purchase in the currency.
func counts(o *history.OrderStep, currency string) bool {
	return o.Currency == currency && !o.Cancelled && (o.Net > 0 || o.Total == 0)
}

// byDay makes one purchase of those of a day.
func byDay(list []Purchase) []Purchase {
	slices.SortFunc(list, func(a, b Purchase) int { return cmp.Compare(a.Day, b.Day) })
	kept := list[:0]
	for _, p := range list {
		if n := len(kept); n > 0 && kept[n-1].Day == p.Day {
			kept[n-1].Amount += p.Amount
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// Transaction is one line of a plain list of purchases.
type Transaction struct {
	// Customer and Key name it: of lines with the same customer and key only one counts.
	Customer string
	Key      uint64
	// Day is any running number of the day.
	Day    int32
	Amount events.Money
}

// Collect makes the purchases of each customer out of plain lines. Neither their order nor repeats matter.
func Collect(lines []Transaction) map[string][]Purchase {
	sorted := slices.Clone(lines)
	slices.SortFunc(sorted, func(a, b Transaction) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Amount, b.Amount))
	})
	sorted = slices.CompactFunc(sorted, func(a, b Transaction) bool { return a.Customer == b.Customer && a.Key == b.Key })
	all := map[string][]Purchase{}
	for _, t := range sorted {
		all[t.Customer] = append(all[t.Customer], Purchase{t.Day, t.Amount})
	}
	for customer, list := range all {
		all[customer] = byDay(list)
	}
	return all
}
