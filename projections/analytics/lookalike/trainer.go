package lookalike

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
)

// The bounds of what a model is fitted on: the customers with the smallest ids, which are hashes.
const (
	// MaxSeeds is how many of the seed group.
	MaxSeeds = 20_000
	// MaxOthers is how many of the rest.
	MaxOthers = 40_000
)

// Trainer gathers what a model is fitted on. It is for one goroutine; several can be merged.
type Trainer struct {
	o      Options
	seed   func(*history.History) bool
	groups [2]group // the seed group, the rest
	keys   map[Key]*Key
}

// group are the customers of one side that are kept, and how many there were.
type group struct {
	limit int
	seen  int64
	rows  []row
}

// row is one customer.
type row struct {
	id       uuid.UUID
	seed     bool
	features []held
	// touchpoints is how many had been heard of the customer.
	touchpoints int
}

// held is a feature of a customer who is kept; customers share the keys.
type held struct {
	key   *Key
	value float64
}

// NewTrainer returns a trainer without a customer. seed says who is in the group to find the like of.
func NewTrainer(o Options, seed func(*history.History) bool) *Trainer {
	return &Trainer{o: o, seed: seed, groups: [2]group{{limit: MaxSeeds}, {limit: MaxOthers}}, keys: map[Key]*Key{}}
}

// Add takes a customer in.
func (t *Trainer) Add(h *history.History) {
	list := t.o.collect(h)
	if list == nil {
		return
	}
	r := row{id: h.Customer, seed: t.seed(h), features: t.hold(list), touchpoints: h.Until(t.o.At)}
	side := &t.groups[1]
	if r.seed {
		side = &t.groups[0]
	}
	side.seen++
	side.add(r)
}

// hold makes features small enough to be kept.
func (t *Trainer) hold(list []feature) []held {
	kept := make([]held, len(list))
	for i, f := range list {
		key, ok := t.keys[f.key]
		if !ok {
			clone := f.key.clone()
			key = &clone
			t.keys[clone] = key
		}
		kept[i] = held{key, f.value}
	}
	return kept
}

// add keeps a customer, and now and then drops those beyond the limit.
func (g *group) add(r row) {
	g.rows = append(g.rows, r)
	if len(g.rows) >= 2*g.limit {
		g.trim()
	}
}

// trim sorts the customers and keeps the first.
func (g *group) trim() {
	slices.SortFunc(g.rows, func(a, b row) int { return bytes.Compare(a.id[:], b.id[:]) })
	if len(g.rows) > g.limit {
		clear(g.rows[g.limit:])
		g.rows = g.rows[:g.limit]
	}
}

// Merge takes in what another Trainer of the same options has seen.
func (t *Trainer) Merge(o *Trainer) {
	for i := range t.groups {
		g, other := &t.groups[i], &o.groups[i]
		g.seen += other.seen
		for _, r := range other.rows {
			g.add(r)
		}
	}
}

// rows are the customers that are kept, by id.
func (t *Trainer) rows() []row {
	var all []row
	for i := range t.groups {
		t.groups[i].trim()
		all = append(all, t.groups[i].rows...)
	}
	slices.SortFunc(all, func(a, b row) int { return bytes.Compare(a.id[:], b.id[:]) })
	return all
}
