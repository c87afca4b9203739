package value

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
)

// Sample counts customers by their summary: those with the same repeat purchases, recency and age are one cell with a
// weight, so a million of them cost what their distinct cells cost. The order in which they are added does not matter.
type Sample struct {
	cells  map[cell]int64
	spends map[spent]int64
	// Customers, Repeaters and Repeats are how many were added, how many of them bought again, and how often in all.
	Customers, Repeaters, Repeats int64
}

type cell struct {
	x     int
	tx, t float64
}

type spent struct {
	x     int
	spend events.Money
}

// NewSample returns an empty sample.
func NewSample() *Sample { return &Sample{cells: map[cell]int64{}, spends: map[spent]int64{}} }

// Add takes a customer in.
func (s *Sample) Add(c Summary) {
	s.cells[cell{c.X, c.Tx, c.T}]++
	s.Customers++
	if c.X == 0 {
		return
	}
	s.spends[spent{c.X, c.Spend}]++
	s.Repeaters++
	s.Repeats += int64(c.X)
}

// Merge takes another sample in, of other customers.
func (s *Sample) Merge(o *Sample) {
	for c, n := range o.cells {
		s.cells[c] += n
	}
	for c, n := range o.spends {
		s.spends[c] += n
	}
	s.Customers += o.Customers
	s.Repeaters += o.Repeaters
	s.Repeats += o.Repeats
}

// sorted returns the cells in order, so sums over them come out the same however they were added.
func (s *Sample) sorted() []cell {
	list := make([]cell, 0, len(s.cells))
	for c := range s.cells {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.tx, b.tx), cmp.Compare(a.t, b.t))
	})
	return list
}

// pace returns how many weeks one customer lets pass from purchase to purchase and how many one has been watched, both on
// average: where a fit begins.
func (s *Sample) pace() (gap, span float64) {
	for _, c := range s.sorted() {
		span += c.t * float64(s.cells[c])
	}
	return max(span/float64(max(s.Repeats, 1)), 1e-3), max(span/float64(max(s.Customers, 1)), 1e-3)
}
