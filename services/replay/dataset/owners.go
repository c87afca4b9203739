package dataset

import (
	"context"

	"github.com/google/uuid"
)

// owners knows the customers of fragments. What was asked for lately is kept in two halves that take turns, so its
// memory is bounded whatever the number of fragments.
type owners struct {
	source      *Source
	known, old  map[uuid.UUID]owner
	unknown     []uuid.UUID
	unknownSeen map[uuid.UUID]bool
}

// owner is a fragment and its customer as text. The customer is empty if the read models have never heard of it: its
// events wait parked.
type owner struct{ fragment, customer string }

// ownersKept is how many fragments a half keeps.
const ownersKept = 100_000

func newOwners(s *Source) *owners {
	return &owners{source: s, known: map[uuid.UUID]owner{}, unknownSeen: map[uuid.UUID]bool{}}
}

// find looks up the fragments of a page together.
func (o *owners) find(ctx context.Context, page []touched) error {
	if len(o.known) > ownersKept {
		o.old, o.known = o.known, make(map[uuid.UUID]owner, ownersKept)
	}
	o.unknown = o.unknown[:0]
	clear(o.unknownSeen)
	for i := range page {
		if page[i].somebody {
			o.want(page[i].fragment)
		}
	}
	if len(o.unknown) == 0 {
		return nil
	}
	found, err := o.source.Identity.Customers(ctx, o.source.View, o.unknown)
	if err != nil {
		return err
	}
	for _, f := range o.unknown {
		x := owner{fragment: f.String()}
		if customer, ok := found[f]; ok && customer == f {
			x.customer = x.fragment
		} else if ok {
			x.customer = customer.String()
		}
		o.known[f] = x
	}
	return nil
}

func (o *owners) want(f uuid.UUID) {
	if _, ok := o.known[f]; ok || o.unknownSeen[f] {
		return
	}
	if x, ok := o.old[f]; ok {
		o.known[f] = x
		return
	}
	o.unknownSeen[f] = true
	o.unknown = append(o.unknown, f)
}
