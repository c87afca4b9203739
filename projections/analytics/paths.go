package analytics

import (
	"errors"
	"fmt"
	"strings"

	"github.com/c360hq/c360/projections/history"
)

// PathOptions say which journeys are looked at.
type PathOptions struct {
	// At is the instant as of which they are told, Unix microseconds.
	At int64
	// Period is when the goal was reached.
	Period Period
	// Goal ends a journey; Anchor begins it: the first such touchpoint since the goal before. Without an Anchor (no type)
	// a journey begins with the first touchpoint that is looked at.
	Anchor, Goal Step
	// Within is how long a journey may take, microseconds: what lies further back is not part of it; 0 stands for 30 days.
	Within int64
	// Types are the types looked at, beside anchor and goal; none stands for all that customers do.
	Types []string
	// Longest is how many touchpoints a path has at most, the goal included: of a longer one the first are told; 0 stands
	// for 6, at most 12.
	Longest int
	// Top is how many paths are told; 0 stands for 20, at most 200.
	Top int
	// Room bounds the different paths that are counted; 0 stands for 20,000.
	Room int
}

// Paths counts journeys. It is for one goroutine; several can be merged.
//
// The counts are exact as long as there are no more different paths than there is room for. Beyond that it goes on with
// every second customer, chosen by id, then with every fourth, and so on: adaptive sampling (Flajolet 1990). The result
// says which. Which customers count depends on the set of histories only, not on their order.
type Paths struct {
	o     PathOptions
	types map[string]bool
	// depth: customers whose id ends in that many zero bits count.
	depth int
	// counts are journeys by the path and by how many zero bits the customer's id ends in.
	counts map[string]*pathCount
}

// The bounds of paths.
const (
	maxLongest = 12
	maxTop     = 200
)

// NewPaths returns paths without a customer.
func NewPaths(o PathOptions) (*Paths, error) {
	if err := o.Goal.check(); err != nil {
		return nil, fmt.Errorf("analytics: the goal of the paths: %w", err)
	}
	if o.Anchor.Type != "" || len(o.Anchor.Where) > 0 {
		if err := o.Anchor.check(); err != nil {
			return nil, fmt.Errorf("analytics: the anchor of the paths: %w", err)
		}
	}
	if o.Period.From >= o.Period.To {
		return nil, errEmptyPeriod
	}
	o.Longest, o.Top, o.Room = or(o.Longest, 6), or(o.Top, 20), or(o.Room, 20_000)
	if o.Longest < 2 || o.Longest > maxLongest || o.Top > maxTop {
		return nil, errors.New("analytics: give paths of 2 to 12 touchpoints, and 200 of them at most")
	}
	if o.Within <= 0 {
		o.Within = 30 * Day
	}
	p := &Paths{o: o, types: map[string]bool{}, counts: map[string]*pathCount{}}
	for _, t := range o.Types {
		p.types[t] = true
	}
	return p, nil
}

func or(value, fallback int) int {
	if value <= 0 {
		return fallback
	}
	return value
}

// Add takes a customer in.
func (p *Paths) Add(h *history.History) {
	zeros := depthOf(h.Customer)
	if zeros < p.depth {
		return
	}
	seen := map[string]bool{}
	var way []*history.Touchpoint // since the goal before
	for i := range h.Touchpoints[:h.Until(p.o.At)] {
		t := &h.Touchpoints[i]
		goal := p.o.Goal.fits(t)
		if goal || p.looksAt(t) {
			way = append(way, t)
		}
		if !goal {
			continue
		}
		if path := p.path(way); path != "" && p.o.Period.has(t.At) {
			p.count(path, zeros, !seen[path])
			seen[path] = true
		}
		way = way[:0]
	}
	p.thin()
}

func (p *Paths) looksAt(t *history.Touchpoint) bool {
	switch {
	case p.o.Anchor.Type != "" && p.o.Anchor.fits(t):
		return true
	case len(p.types) > 0:
		return p.types[t.Type]
	}
	return ByAnything.counts(t)
}

// path writes the types from the anchor to the goal, which is last, "" if there is no anchor; a run of one type is one.
func (p *Paths) path(way []*history.Touchpoint) string {
	goal := way[len(way)-1]
	for len(way) > 0 && (way[0].At < goal.At-p.o.Within || p.o.Anchor.Type != "" && !p.o.Anchor.fits(way[0])) {
		way = way[1:]
	}
	if len(way) == 0 || len(way) == 1 && p.o.Anchor.Type != "" {
		return ""
	}
	var types []string
	for _, t := range way[:len(way)-1] {
		if n := len(types); n == 0 || types[n-1] != t.Type {
			types = append(types, t.Type)
		}
	}
	if len(types) > p.o.Longest-1 {
		types = append(types[:p.o.Longest-2], cutMark)
	}
	return strings.Join(append(types, goal.Type), "\n")
}

// cutMark stands in a path for what was left out of it.
const cutMark = "…"
