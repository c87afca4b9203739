package standing

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

// Groups says which fragments are one customer, in a batch that it has settled: the identity room.
type Groups interface {
	// WantCustomers asks for what Customer needs to know of these fragments.
	WantCustomers(b *projections.Batch, of []uuid.UUID)
	// Customer returns whose a fragment is, and all fragments of that customer in the order of their ids.
	Customer(b *projections.Batch, fragment uuid.UUID) (uuid.UUID, []uuid.UUID)
	// Regrouped returns the customers who won or lost fragments.
	Regrouped(b *projections.Batch) []uuid.UUID
}

// Config says which rules a room keeps.
type Config struct {
	// Tables are those of the room; it is called by their name.
	Tables *Tables
	// Version rises when the rules' meaning or the tables change.
	Version int
	// Stream is the prefix of the streams that definitions count in; Defined and Removed are their types. Nobody decides
	// by sending a touchpoint.
	Stream, Defined, Removed string
	// Read reads what a definition event says; false if it says nothing. Parse reads a definition's body.
	Read  func(t *projections.Touch) (Definition, bool)
	Parse func(body []byte) (Rule, error)
	// Groups settles before this room; the history room folds into its own rows and settles after it.
	Groups Groups
	// Sweep is how many customers are judged at a time when everybody is, or all who are due; 0 is 250.
	Sweep int
}

// Room keeps who stands under the rules. It is stateless and may be shared.
type Room struct {
	c Config
	t *Tables
}

var _ projections.Sweeper = (*Room)(nil)

// The stream and the type of the log's clock.
const (
	ClockStream = "clock"
	ClockTicked = "clock.ticked"
)

// New returns a room.
func New(c Config) *Room {
	if c.Sweep == 0 {
		c.Sweep = sweepSize
	}
	return &Room{c: c, t: c.Tables}
}

// Name returns the name of the room.
func (r *Room) Name() string { return r.t.name }

// Version is the version of the fold and its tables.
func (r *Room) Version() int { return r.c.Version }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table { return r.t.all() }

// Want asks for the rules, and for whose event it is.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	r.t.rules.Want(b, onlyRow)
	r.t.clock.Want(b, onlyRow)
	if d, ok := r.t.rules.See(b, onlyRow); ok && t.Somebody && len(d.all) > 0 {
		r.t.customers.Want(b, t.Fragment) // a guess: most are customers of their own
	}
}

// Fold takes in what concerns the rules and the clock. Touchpoints are the history room's.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	switch {
	case t.Stream == ClockStream && t.Type == ClockTicked:
		r.tick(b, t.Time.UnixMicro())
	case strings.HasPrefix(t.Stream, r.c.Stream) && (t.Type == r.c.Defined || t.Type == r.c.Removed):
		r.define(b, t)
	}
	return nil
}

func (r *Room) tick(b *projections.Batch, at int64) {
	if c := r.t.clock.Change(b, onlyRow); at > c.at {
		c.at = at
	}
}

// define takes a definition in. c360 itself writes it, so it says what time it is.
func (r *Room) define(b *projections.Batch, t *projections.Touch) {
	x, ok := r.c.Read(t)
	if !ok {
		return
	}
	r.tick(b, t.Time.UnixMicro())
	x.Source, x.ID, x.Removed = t.Source, t.ID, t.Type == r.c.Removed
	d := r.t.rules.Change(b, onlyRow)
	isNew := !slices.ContainsFunc(d.all, func(had Definition) bool { return had.Name == x.Name })
	d.add(x)
	d.news = append(d.news, news{x.Name, x.From, isNew})
}

// spread has everybody judged under the rules that a batch brought, from their moments on, and under all that builds on
// them. Rules are compiled once a batch, however many it brings.
func (r *Room) spread(b *projections.Batch) {
	d, ok := r.t.rules.See(b, onlyRow)
	if !ok || len(d.news) == 0 {
		return
	}
	for _, x := range d.news {
		for _, name := range r.compiled(d).onto(x.name) {
			r.unsweep(b, name, x.from, x.isNew && name == x.name)
		}
	}
	d.news = nil
}

// unsweep has everybody judged under a rule, from a time on. A sweep that is under way begins again.
func (r *Room) unsweep(b *projections.Batch, rule string, from int64, fresh bool) {
	w := r.t.sweeps.Change(b, rule)
	if !w.left {
		*w = sweep{left: true, from: from, fresh: fresh}
	}
	w.fresh = w.fresh && len(w.after) == 0
	w.from, w.after, w.done = min(w.from, from), nil, 0
}

func (r *Room) compiled(d *directory) *Set {
	if d.set == nil {
		d.set = NewSet(d.all, r.c.Parse)
	}
	return d.set
}

// rules returns the rules as the batch knows them; nil if there are none.
func (r *Room) rules(b *projections.Batch) *Set {
	d, ok := r.t.rules.See(b, onlyRow)
	if !ok || len(d.all) == 0 {
		return nil
	}
	return r.compiled(d)
}

// touch is a customer whom a batch concerns.
type touch struct {
	id        uuid.UUID
	fragments []uuid.UUID
	from      int64 // the earliest time of what is new
	whole     bool  // who they are is new
}

// Settle judges the customers whom the batch touched.
func (r *Room) Settle(b *projections.Batch) error {
	r.spread(b)
	set := r.rules(b)
	if set == nil || r.untouched(b, set) {
		return b.Err()
	}
	all := r.touches(b)
	var fragments []uuid.UUID
	for i := range all {
		r.t.customers.Want(b, all[i].id)
		fragments = append(fragments, all[i].fragments...)
	}
	history.Want(b, fragments)
	if err := b.Load(); err != nil {
		return err
	}
	j := r.judging(b, set)
	for i := range all {
		if err := j.touched(&all[i]); err != nil {
			return err
		}
	}
	return j.count()
}

// untouched reports whether nobody was ever judged under any rule, as while a store is loaded.
func (r *Room) untouched(b *projections.Batch, set *Set) bool {
	for _, s := range set.Schedules {
		if w, ok := r.t.sweeps.See(b, s.Name); !ok || !w.left || !w.fresh || len(w.after) > 0 {
			return false
		}
	}
	return true
}

// touches lists the customers of the fragments that the batch brought something of, and those who were regrouped.
func (r *Room) touches(b *projections.Batch) []touch {
	brought := history.TouchedIn(b)
	ids := make([]uuid.UUID, len(brought))
	for i := range brought {
		ids[i] = brought[i].Fragment
	}
	r.c.Groups.WantCustomers(b, ids)
	all := make([]touch, 0, len(brought))
	place := make(map[uuid.UUID]int, len(brought))
	for i := range brought {
		id, fragments := r.c.Groups.Customer(b, ids[i])
		p, there := place[id]
		if !there {
			p = len(all)
			place[id], all = p, append(all, touch{id: id, fragments: fragments, from: brought[i].From})
		}
		all[p].from = min(all[p].from, brought[i].From)
	}
	for _, id := range r.c.Groups.Regrouped(b) {
		p, there := place[id]
		if !there {
			p = len(all)
			place[id], all = p, append(all, touch{id: id})
		}
		owner, fragments := r.c.Groups.Customer(b, id)
		if all[p].whole = true; owner == id {
			all[p].fragments = slices.Clone(fragments)
		} else {
			all[p].fragments = nil // nobody's name any more
		}
	}
	return all
}
