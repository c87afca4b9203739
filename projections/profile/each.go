package profile

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Order is what is known of one order of a customer, told of by any of its fragments.
type Order struct {
	// Number is the order number; an order without one is called by the id of its event.
	Number string
	// Fragment tells of it; of several, the one whose order.completed says what it cost.
	Fragment uuid.UUID
	// CompletedAt is zero, and Source and EventID are empty, if only a cancellation or refund told of it.
	CompletedAt     time.Time
	Source, EventID string
	Currency        string
	// Total is what it cost, Revenue what is left of that after cancellation.
	Total, Revenue events.Money
	Cancelled      bool
	Refunds        int64
	Refunded       []Amount
}

// Parts returns what each of these fragments brings to a profile; those without events are left out.
func (r *Room) Parts(ctx context.Context, from projections.Reader, of []uuid.UUID) (map[uuid.UUID]Part, error) {
	m, err := r.merged(ctx, from, of)
	if err != nil {
		return nil, err
	}
	parts := make(map[uuid.UUID]Part, len(of))
	for i := range m.p.Fragments {
		parts[m.p.Fragments[i].ID] = m.p.Fragments[i]
	}
	return parts, nil
}

// Consents returns the latest word on every purpose and medium that these fragments, which are those of a customer,
// have said.
func (r *Room) Consents(ctx context.Context, from projections.Reader, of []uuid.UUID) ([]Consent, error) {
	m, err := r.merged(ctx, from, of)
	if err != nil {
		return nil, err
	}
	return m.finish().Consents, nil
}

// Cases returns all cases of these fragments, which are those of a customer, the open ones first, then the newest.
func (r *Room) Cases(ctx context.Context, from projections.Reader, of []uuid.UUID) ([]Case, error) {
	told := map[string]*caseState{}
	for _, f := range of {
		err := from.Scan(ctx, casesTable, projections.Range{Prefix: []any{f[:]}}, func(row projections.Row) (bool, error) {
			k, c, err := cases.Decode(row)
			if had, ok := told[k.number]; ok {
				had.merge(&c)
			} else {
				told[k.number] = &c
			}
			return true, err
		})
		if err != nil {
			return nil, err
		}
	}
	return deriveCases(told), nil
}

// Orders returns all orders of these fragments, which are those of a customer, in the order of their numbers. An order
// that several of them tell of is one.
func (r *Room) Orders(ctx context.Context, from projections.Reader, of []uuid.UUID) ([]Order, error) {
	told := map[string]*ownedOrder{}
	for _, f := range of {
		err := from.Scan(ctx, ordersTable, projections.Range{Prefix: []any{f[:]}}, func(row projections.Row) (bool, error) {
			k, o, err := orders.Decode(row)
			if had, ok := told[k.number]; ok {
				had.merge(f, &o)
			} else {
				told[k.number] = &ownedOrder{o, f}
			}
			return true, err
		})
		if err != nil {
			return nil, err
		}
	}
	all := make([]Order, 0, len(told))
	for _, number := range slices.Sorted(maps.Keys(told)) {
		all = append(all, told[number].show(number))
	}
	return all, nil
}

// ownedOrder is an order and the fragment that tells of it best.
type ownedOrder struct {
	order
	fragment uuid.UUID
}

func (o *ownedOrder) merge(f uuid.UUID, other *order) {
	before := o.completed
	o.order.merge(other)
	if o.completed != before {
		o.fragment = f
	}
}

func (o *ownedOrder) show(number string) Order {
	x := Order{
		Number: shownNumber(number), Fragment: o.fragment, CompletedAt: o.completed.at(),
		Source: o.completed.source, EventID: o.completed.id, Currency: o.currency, Total: o.total,
		Cancelled: o.cancelled, Refunds: int64(o.refunds), Refunded: o.refunded, // #nosec G115 -- a count of events
	}
	if o.completed.said() {
		x.Revenue = o.revenue()
	}
	return x
}
