package value

import (
	"cmp"
	"math"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Row is what RFM reads of one customer.
type Row struct {
	// Day is that of the last purchase; Frequency how many there were, at most one a day; Money what they cost in all.
	Day       int32
	Frequency int
	Money     events.Money
}

// RFM collects customers to put them in order by recency, frequency and money. Each customer is added once; in which order
// does not matter.
type RFM struct {
	from, to int64
	currency string
	rows     map[Row]int64
}

// NewRFM begins one over purchases in a currency, from a moment on and by another (Unix microseconds).
func NewRFM(from, to int64, currency string) *RFM {
	return &RFM{from, to, currency, map[Row]int64{}}
}

// Add takes a customer in. Whoever bought nothing is left out.
func (r *RFM) Add(h *history.History) {
	if row, ok := r.Row(h); ok {
		r.AddRow(row)
	}
}

// Row returns what RFM reads of a customer; false if they bought nothing.
func (r *RFM) Row(h *history.History) (Row, bool) {
	return RowOf(between(Bought(h, r.to, r.currency), DayOf(r.from), DayOf(r.to)))
}

// RowOf returns what RFM reads of a customer's purchases, as [Bought] returns them; false if there are none.
func RowOf(list []Purchase) (Row, bool) {
	if len(list) == 0 {
		return Row{}, false
	}
	row := Row{Day: list[len(list)-1].Day, Frequency: len(list)}
	for _, p := range list {
		row.Money += p.Amount
	}
	return row, true
}

// AddRow takes a customer in.
func (r *RFM) AddRow(row Row) { r.rows[row]++ }

// Merge takes in other customers over the same time.
func (r *RFM) Merge(o *RFM) {
	for row, n := range o.rows {
		r.rows[row] += n
	}
}

// Quintiles are the limits of the fifths of the customers by recency, frequency and money, and how many are where.
//
// A customer of whom n of N others are strictly worse is in fifth 1 + ⌊5·n/N⌋. So the worst fifth is 1, the best 5; those
// who tie share the lower fifth, and a fifth can be empty. Nothing but the values decides: no order, no chance.
type Quintiles struct {
	Customers int64 `json:"customers"`
	// Recency, Frequency and Money hold the least value of fifths 2, 3, 4 and 5: days since 1970-01-01, purchases, and
	// 1/10000 of a unit. Nobody reaches math.MaxInt64.
	Recency   [4]int64 `json:"recency"`
	Frequency [4]int64 `json:"frequency"`
	Money     [4]int64 `json:"money"`
	// Grid counts customers by the fifths of recency and frequency, less 1.
	Grid [5][5]int64 `json:"grid"`
	// Spent is what those of each place of Grid spent in all.
	Spent [5][5]events.Money `json:"spent"`
}

// Result returns the fifths.
func (r *RFM) Result() *Quintiles {
	q := &Quintiles{}
	var days, counts, money []weighed
	for row, n := range r.rows {
		q.Customers += n
		days = append(days, weighed{int64(row.Day), n})
		counts = append(counts, weighed{int64(row.Frequency), n})
		money = append(money, weighed{int64(row.Money), n})
	}
	q.Recency, q.Frequency, q.Money = fifths(days), fifths(counts), fifths(money)
	for row, n := range r.rows {
		s := q.Rank(row)
		q.Grid[s.R-1][s.F-1] += n
		q.Spent[s.R-1][s.F-1] += row.Money * events.Money(n)
	}
	return q
}

// weighed is a value that so many customers have.
type weighed struct{ value, customers int64 }

// fifths returns the least values of fifths 2 to 5.
func fifths(list []weighed) [4]int64 {
	slices.SortFunc(list, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	all, worse, least := int64(0), int64(0), [4]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64}
	for _, w := range list {
		all += w.customers
	}
	for i, w := range list {
		if i == 0 || list[i-1].value != w.value { // worse counts those strictly below
			for fifth := 5 * worse / all; fifth > 0 && least[fifth-1] == math.MaxInt64; fifth-- {
				least[fifth-1] = w.value
			}
		}
		worse += w.customers
	}
	return least
}

// Rank is the fifths of a customer, 1 to 5, 5 the best.
type Rank struct {
	R int `json:"r"`
	F int `json:"f"`
	M int `json:"m"`
}

// Rank returns the fifths that a customer is in.
func (q *Quintiles) Rank(r Row) Rank {
	return Rank{fifth(q.Recency, int64(r.Day)), fifth(q.Frequency, int64(r.Frequency)), fifth(q.Money, int64(r.Money))}
}

func fifth(least [4]int64, value int64) int {
	n := 1
	for _, l := range least {
		if value >= l {
			n++
		}
	}
	return n
}
