package identity

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

var customersTable = &projections.Table{
	Name: "identity_customers",
	Doc:  "The customers of several fragments. Every other fragment is a customer of its own.",
	Columns: []projections.Column{
		{Name: "customer", Kind: projections.Blob, Doc: "The smallest fragment id of the customer."},
		{Name: "fragments", Kind: projections.Blob, Doc: "Its fragments, 16 bytes each, in the order of their ids."},
	},
	KeyLen: 1,
}

// together are the fragments of a customer, sorted; none or one has no row.
type together []uuid.UUID

var customers = &projections.States[uuid.UUID, together]{
	Table: customersTable,
	Key:   func(c uuid.UUID) []any { return []any{c[:]} },
	Decode: func(r projections.Row) (uuid.UUID, together, error) {
		return idOf(r[0]), decodeIDs(blobOf(r[1])), nil
	},
	Encode: func(c uuid.UUID, t *together) (projections.Row, error) {
		if len(*t) < 2 {
			return nil, nil
		}
		b := make([]byte, 0, 16*len(*t))
		for _, f := range *t {
			b = append(b, f[:]...)
		}
		return projections.Row{c[:], b}, nil
	},
}

func decodeIDs(b []byte) together {
	t := make(together, len(b)/16)
	for i := range t {
		copy(t[i][:], b[16*i:])
	}
	return t
}

// move is a fragment that changed hands.
type move struct{ fragment, from, to uuid.UUID }

// regroup writes down which customers lost and won fragments.
func (g *graph) regroup() {
	for _, m := range g.moves {
		customers.Want(g.b, m.from)
		customers.Want(g.b, m.to)
	}
	for _, m := range g.moves {
		old := togetherOf(g.b, m.from)
		*old = slices.DeleteFunc(slices.Clone(*old), func(f uuid.UUID) bool { return f == m.fragment })
		own := togetherOf(g.b, m.to)
		if i, found := slices.BinarySearchFunc(*own, m.fragment, compareIDs); !found {
			*own = slices.Insert(slices.Clone(*own), i, m.fragment)
		}
	}
}

// togetherOf returns the fragments of a customer for changing: a customer without a row is the fragment it is called by.
func togetherOf(b *projections.Batch, customer uuid.UUID) *together {
	_, had := customers.See(b, customer)
	t := customers.Change(b, customer)
	if !had {
		*t = together{customer}
	}
	return t
}

// Customer returns, in a batch that the room has settled, the customer that a fragment belongs to, and its fragments in
// the order of their ids.
func (r *Room) Customer(b *projections.Batch, fragment uuid.UUID) (customer uuid.UUID, all []uuid.UUID) {
	customer = fragment
	if s, ok := fragments.See(b, fragment); ok {
		customer = s.customer
	}
	t, ok := customers.See(b, customer)
	if !ok || len(*t) == 0 {
		return customer, []uuid.UUID{customer}
	}
	return customer, *t
}

// WantCustomers asks for the rows that Customer needs, of fragments that are loaded.
func (r *Room) WantCustomers(b *projections.Batch, of []uuid.UUID) {
	for _, f := range of {
		fragments.Want(b, f)
	}
	for _, f := range of {
		if s, ok := fragments.See(b, f); ok {
			customers.Want(b, s.customer)
		}
	}
}

// Regrouped returns the ids of the customers who won or lost fragments in a batch that the room has settled; those who
// lost all of them are customers no longer.
func (r *Room) Regrouped(b *projections.Batch) []uuid.UUID { return slices.Clone(customers.Changed(b)) }

// Groups returns, for every fragment of every customer of several, all fragments of that customer.
func (r *Room) Groups(ctx context.Context, from projections.Reader) (map[uuid.UUID][]uuid.UUID, error) {
	groups := map[uuid.UUID][]uuid.UUID{}
	err := from.Scan(ctx, customersTable, projections.Range{}, func(row projections.Row) (bool, error) {
		t := decodeIDs(blobOf(row[1]))
		for _, f := range t {
			groups[f] = t
		}
		return true, nil
	})
	return groups, err
}
