package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// EachFragment calls found with every fragment and its customer, in the order of fragments.
func (r *Room) EachFragment(ctx context.Context, from projections.Reader, found func(fragment, customer uuid.UUID) error) error {
	return from.Scan(ctx, fragmentsTable, projections.Range{}, func(row projections.Row) (bool, error) {
		return true, found(idOf(row[0]), idOf(row[1]))
	})
}

// EachCustomer calls found with every customer and its fragments, both in the order of their ids. The fragments
// belong to the callee.
func (r *Room) EachCustomer(ctx context.Context, from projections.Reader, found func(customer uuid.UUID, fragments []uuid.UUID) error) error {
	var customer uuid.UUID
	var of []uuid.UUID
	err := from.Scan(ctx, fragmentsTable, projections.Range{Index: "customer"}, func(row projections.Row) (bool, error) {
		if next := idOf(row[1]); next != customer {
			if err := told(customer, of, found); err != nil {
				return false, err
			}
			customer, of = next, nil
		}
		of = append(of, idOf(row[0]))
		return true, nil
	})
	if err != nil {
		return err
	}
	return told(customer, of, found)
}

func told(customer uuid.UUID, of []uuid.UUID, found func(uuid.UUID, []uuid.UUID) error) error {
	if len(of) == 0 {
		return nil
	}
	return found(customer, of)
}

// Owned is an identifier of one fragment, at the best grade it was seen at there.
type Owned struct {
	Fragment, Customer uuid.UUID
	events.Identifier
	FirstSeen time.Time
	// Inert: too many fragments share it, or it is blocked, so it ties nobody.
	Inert bool
}

// eachAtOnce is how many fragments are looked at together.
const eachAtOnce = 256

// EachIdentifier calls found with every identifier of every fragment, some at a time: all identifiers that a row of a
// fragment holds in the order of fragments, each fragment's in the order of kinds and values, and after them those of
// fragments that are known by more than fit.
func (r *Room) EachIdentifier(ctx context.Context, from projections.Reader, found func([]Owned) error) error {
	all := &owning{rules: &r.rules, ctx: ctx, from: from, found: found}
	err := from.Scan(ctx, fragmentsTable, projections.Range{}, func(row projections.Row) (bool, error) {
		f, s, err := decodeFragment(row)
		if err != nil {
			return false, err
		}
		for i := range s.known {
			all.add(f, s.customer, &s.known[i])
		}
		return true, all.some(eachAtOnce)
	})
	if err != nil {
		return err
	}
	err = from.Scan(ctx, moreTable, projections.Range{}, func(row projections.Row) (bool, error) {
		o, k, err := more.Decode(row)
		if err != nil {
			return false, err
		}
		all.add(o.fragment, uuid.UUID{}, &k)
		return true, all.some(eachAtOnce)
	})
	if err != nil {
		return err
	}
	return all.some(1)
}

// owning is the identifiers that wait to be told.
type owning struct {
	rules *compiled
	ctx   context.Context
	from  projections.Reader
	found func([]Owned) error
	rows  []Owned
}

func (o *owning) add(f, customer uuid.UUID, k *known) {
	first := k.first()
	o.rows = append(o.rows, Owned{Fragment: f, Customer: customer, Identifier: k.identifier(), FirstSeen: first.at()})
}

// some tells what waits if it is at least n.
func (o *owning) some(n int) error {
	if len(o.rows) < n {
		return nil
	}
	if err := o.complete(); err != nil {
		return err
	}
	err := o.found(o.rows)
	o.rows = o.rows[:0]
	return err
}

// complete fills in what stands in other rows: how many fragments share an identifier, and the customer if it is not known.
func (o *owning) complete() error {
	seen := map[name]bool{}
	var names []name
	var strays []uuid.UUID
	for i := range o.rows {
		x := &o.rows[i]
		if n := (name{x.Kind, x.Value}); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
		if x.Customer == (uuid.UUID{}) && (len(strays) == 0 || strays[len(strays)-1] != x.Fragment) {
			strays = append(strays, x.Fragment)
		}
	}
	shared, err := readMembers(o.ctx, o.from, names)
	if err != nil {
		return err
	}
	customers := map[uuid.UUID]uuid.UUID{}
	err = o.from.Get(o.ctx, fragmentsTable, fragmentKeys(strays), func(row projections.Row) error {
		customers[idOf(row[0])] = idOf(row[1])
		return nil
	})
	for i := range o.rows {
		x := &o.rows[i]
		x.Inert = o.rules.inert(x.Kind, x.Value, len(shared[name{x.Kind, x.Value}]))
		if x.Customer == (uuid.UUID{}) {
			x.Customer = customers[x.Fragment]
		}
	}
	return err
}

// Links returns why these fragments, which are those of a customer, are one.
func (r *Room) Links(ctx context.Context, from projections.Reader, of []uuid.UUID) ([]Link, error) {
	x, err := r.read(ctx, from, of)
	if err != nil {
		return nil, err
	}
	return x.links(x.identifiers(), x.decisions()), nil
}
