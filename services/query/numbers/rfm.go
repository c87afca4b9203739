package numbers

import (
	"bytes"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

// RFMAnswer is the grid of customers by how lately and how often they bought.
type RFMAnswer struct {
	Basis
	Currency string      `json:"currency"`
	Buyers   int64       `json:"buyers" doc:"customers who bought in the currency: those in the grid"`
	Ties     events.Text `json:"ties" doc:"how fifths are made of customers who tie"`
	Cells    []RFMCell   `json:"cells" doc:"all 25, best recency first; GET /v1/analytics/rfm/customers lists who is in one"`
	Limits   RFMLimits   `json:"limits"`
}

// RFMCell is one place of the grid.
type RFMCell struct {
	R         int            `json:"r" doc:"the fifth by the last purchase, 5 the latest"`
	F         int            `json:"f" doc:"the fifth by how many days with a purchase, 5 the most"`
	Class     value.RFMClass `json:"class"`
	Name      events.Text    `json:"name"`
	Customers int64          `json:"customers"`
	Share     *float64       `json:"share" doc:"of the buyers"`
	Spent     events.Money   `json:"spent" doc:"what they spent in all"`
}

// RFMLimits are the least values of the fifths 2, 3, 4 and 5; null where nobody is in that fifth or above.
type RFMLimits struct {
	Recency   [4]*string       `json:"recency" doc:"days of the last purchase"`
	Frequency [4]*int64        `json:"frequency" doc:"days with a purchase"`
	Money     [4]*events.Money `json:"money" doc:"what was spent in all"`
}

// ties is the tie rule of [value.Quintiles].
var ties = events.Text{
	Ko: "N명 중 n명이 확실히 더 나쁘면 1+⌊5n/N⌋등급입니다. 같은 값은 모두 낮은 쪽 등급이며, 빈 등급이 있을 수 있습니다.",
	En: "who has n of N customers strictly below is in fifth 1+⌊5n/N⌋: those who tie share the lower fifth, and a fifth can be empty",
}

// RFM puts fifths into an answer.
func RFM(b Basis, currency string, q *value.Quintiles) *RFMAnswer {
	b.rests(q.Customers, buyers)
	a := &RFMAnswer{Basis: b, Currency: currency, Buyers: q.Customers, Ties: ties, Limits: limitsOf(q)}
	for r := 5; r >= 1; r-- {
		for f := 5; f >= 1; f-- {
			class := value.Rank{R: r, F: f}.Class()
			a.Cells = append(a.Cells, RFMCell{
				R: r, F: f, Class: class, Name: class.Name(), Customers: q.Grid[r-1][f-1],
				Share: shareOf(q.Grid[r-1][f-1], q.Customers), Spent: q.Spent[r-1][f-1],
			})
		}
	}
	return a
}

func limitsOf(q *value.Quintiles) RFMLimits {
	var l RFMLimits
	for i := range 4 {
		if v := q.Recency[i]; v != math.MaxInt64 {
			day := time.Unix(v*24*60*60, 0).UTC().Format(time.DateOnly)
			l.Recency[i] = &day
		}
		if v := q.Frequency[i]; v != math.MaxInt64 {
			l.Frequency[i] = &v
		}
		if v := events.Money(q.Money[i]); v != math.MaxInt64 {
			l.Money[i] = &v
		}
	}
	return l
}

func shareOf(n, of int64) *float64 {
	if of == 0 {
		return nil
	}
	v := float64(n) / float64(of)
	return &v
}

// CornerCustomer is a customer in a place of the grid.
type CornerCustomer struct {
	ID        uuid.UUID    `json:"id"`
	M         int          `json:"m" doc:"the fifth by what was spent, 5 the most"`
	LastDay   string       `json:"last_day" doc:"of the last purchase"`
	Purchases int          `json:"purchases" doc:"days with a purchase"`
	Spent     events.Money `json:"spent"`
}

// Corner collects a page of the customers in one place of the grid: those with the least ids after one.
type Corner struct {
	fifths *value.Quintiles
	rows   *value.RFM
	r, f   int
	after  uuid.UUID
	limit  int
	found  []CornerCustomer
}

// NewCorner returns a page without a customer. rows reads what fifths were made of.
func NewCorner(fifths *value.Quintiles, rows *value.RFM, r, f int, after uuid.UUID, limit int) *Corner {
	return &Corner{fifths: fifths, rows: rows, r: r, f: f, after: after, limit: limit}
}

// Add takes a customer in.
func (c *Corner) Add(h *history.History) {
	row, ok := c.rows.Row(h)
	if !ok || bytes.Compare(h.Customer[:], c.after[:]) <= 0 {
		return
	}
	if rank := c.fifths.Rank(row); rank.R == c.r && rank.F == c.f {
		c.keep(CornerCustomer{
			ID: h.Customer, M: rank.M, Purchases: row.Frequency, Spent: row.Money,
			LastDay: time.Unix(int64(row.Day)*24*60*60, 0).UTC().Format(time.DateOnly),
		})
	}
}

// keep holds one more than a page, by which the next page is known to be there.
func (c *Corner) keep(one CornerCustomer) {
	place, _ := slices.BinarySearchFunc(c.found, one.ID, func(x CornerCustomer, id uuid.UUID) int { return bytes.Compare(x.ID[:], id[:]) })
	if place > c.limit {
		return
	}
	c.found = slices.Insert(c.found, place, one)
	c.found = c.found[:min(len(c.found), c.limit+1)]
}

// Merge takes in other customers of the same page.
func (c *Corner) Merge(o *Corner) {
	for _, one := range o.found {
		c.keep(one)
	}
}

// Result puts the page into an answer.
func (c *Corner) Result(b Basis, currency string) *CornerAnswer {
	b.rests(c.fifths.Customers, buyers)
	a := &CornerAnswer{Basis: b, Currency: currency, R: c.r, F: c.f, Listed: listed(c.found)}
	if len(c.found) > c.limit {
		a.Listed = c.found[:c.limit]
		a.Next = &a.Listed[c.limit-1].ID
	}
	return a
}
