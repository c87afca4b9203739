package value

import (
	"fmt"
	"math"
	"slices"
)

// grid is a sample laid out for a law: by the number of repeat purchases, and for each the distinct times, so that what
// depends on (x, time) is computed once however many customers share it.
type grid struct{ groups []group }

type group struct {
	x           float64
	times       []float64
	cells       []place
	alive, dead []float64 // room to compute in
}

// place is a cell by the indexes of its times.
type place struct {
	last, end int32
	customers float64
}

// coarse is about how many cells a grid has that only leads towards the peak.
const coarse = 4000

// newGrid lays a sample out, or with every > 1 only each so many-th of its cells.
func newGrid(s *Sample, every int) *grid {
	g, cells := &grid{}, s.sorted()
	kept := cells[:0]
	for i := 0; i < len(cells); i += every {
		kept = append(kept, cells[i])
	}
	for len(kept) > 0 {
		n := 1
		for n < len(kept) && kept[n].x == kept[0].x {
			n++
		}
		g.groups = append(g.groups, newGroup(kept[:n], s.cells))
		kept = kept[n:]
	}
	return g
}

// possible reports a customer there cannot be.
func (s *Sample) possible() error {
	for _, c := range s.sorted() {
		if one := (Summary{X: c.x, Tx: c.tx, T: c.t}); !one.possible() {
			return fmt.Errorf("no customer has %d repeat purchases, the last at %v weeks, by %v weeks", c.x, c.tx, c.t)
		}
	}
	return nil
}

func newGroup(cells []cell, customers map[cell]int64) group {
	g := group{x: float64(cells[0].x), cells: make([]place, len(cells))}
	for _, c := range cells {
		g.times = append(g.times, c.tx, c.t)
	}
	slices.Sort(g.times)
	g.times = slices.Compact(g.times)
	g.alive, g.dead = make([]float64, len(g.times)), make([]float64, len(g.times))
	for i, c := range cells {
		g.cells[i] = place{g.at(c.tx), g.at(c.t), float64(customers[c])}
	}
	return g
}

func (g *group) at(t float64) int32 {
	i, _ := slices.BinarySearch(g.times, t)
	return int32(i) // #nosec G115 -- days of a life
}

// logLikelihood returns that of all customers. It computes in the grid, so one at a time.
func (g *grid) logLikelihood(l law) float64 {
	var total sum
	for i := range g.groups {
		x := &g.groups[i]
		l.curve(x.x, x.times, x.alive, x.dead)
		x.add(&total, l.norm(x.x), l.whenever())
	}
	return total.value()
}

func (g *group) add(total *sum, norm float64, whenever bool) {
	over := math.Inf(-1)
	for _, c := range g.cells {
		if whenever {
			over = g.dead[c.end]
		}
		total.add(c.customers * (norm + either(g.alive[c.end], g.dead[c.last], over)))
	}
}
