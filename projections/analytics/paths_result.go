package analytics

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// PathTable are the paths that were gone most.
type PathTable struct {
	At     time.Time `json:"at"`
	Period Span      `json:"period"`
	// Exact says that every journey was counted. If not, one customer in OneIn was, and counts are those times OneIn.
	Exact bool  `json:"exact"`
	OneIn int64 `json:"one_in"`
	// Journeys and Different are how many journeys reached the goal and how many different paths they took.
	Journeys  int64  `json:"journeys"`
	Different int64  `json:"different"`
	Paths     []Path `json:"paths"`
}

// Path is one way from anchor to goal.
type Path struct {
	// Types are the types on the way, the goal last; runs of one type are one, "…" stands for what is left out.
	Types     []string `json:"types"`
	Journeys  int64    `json:"journeys"`
	Customers int64    `json:"customers"`
	// Share is that of all journeys, 0 to 1.
	Share float64 `json:"share"`
}

// Result returns the paths gone most; of two gone as often the one that is first by name.
func (p *Paths) Result() PathTable {
	t := PathTable{At: instant(p.o.At), Period: p.o.Period.span(), Exact: p.depth == 0, OneIn: 1 << p.depth, Paths: []Path{}}
	for path, c := range p.counts {
		times, customers := c.sum(p.depth)
		t.Journeys += times * t.OneIn
		t.Different++
		t.Paths = append(t.Paths, Path{Types: strings.Split(path, "\n"), Journeys: times * t.OneIn, Customers: customers * t.OneIn})
	}
	slices.SortFunc(t.Paths, func(a, b Path) int {
		return cmp.Or(cmp.Compare(b.Journeys, a.Journeys), slices.Compare(a.Types, b.Types))
	})
	t.Paths = t.Paths[:min(len(t.Paths), p.o.Top)]
	for i := range t.Paths {
		t.Paths[i].Share = float64(t.Paths[i].Journeys) / float64(t.Journeys)
	}
	return t
}
