package query

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query/offers"
)

// since is what became of customers after a position.
type since struct {
	groups history.Groups
	parked map[uuid.UUID][]events.Position
	names  naming
	// owners are the customers, before or after, who are counted and not what they were.
	owners []uuid.UUID
}

// turn counts again whom something was told of since the counts were made, and who won or lost fragments. It returns false if
// that is more work than to count everybody.
func (k *shopkeeper) turn(ctx context.Context, at offers.OfferModel) (turned bool, err error) {
	v, err := k.s.scene(ctx, &moment{}, projections.Instant{}, nil)
	if err != nil {
		return false, err
	}
	defer v.Close()
	if k.s.serving() != at.Generation || v.Checkpoint().Position == at.Position && len(k.parked) == 0 {
		return true, nil
	}
	if far(v.Checkpoint().Position-at.Position, at.Customers) {
		return false, nil
	}
	n, err := k.newsOf(ctx, v, at.Position)
	if err != nil || anew(len(n.owners), at.Customers) {
		return false, err
	}
	return true, k.bring(ctx, v, n)
}

// aFew is how many customers are always counted again one by one.
const aFew = 1000

// far reports whether so much was told since that to read it takes longer than to count everybody, from one view besides.
func far(told events.Position, customers int) bool {
	return told > events.Position(max(aFew, customers))
}

// farLess: to count one customer again takes so many times as long as to count one in passing.
const farLess = 8

// anew reports whether everybody is counted sooner than so many are again, each of whom is looked up, taken out and put in; or
// whether too many are counted by now.
func anew(again, customers int) bool {
	return customers > offers.CountedAtMost || again > aFew && again > customers/farLess
}

// bring counts customers again.
func (k *shopkeeper) bring(ctx context.Context, v *scene, n *since) error {
	t := k.shop.Turn()
	k.torn = true // until it is done; if it breaks off, everybody is counted anew
	p := newPace(k.s.now)
	for _, owner := range n.owners {
		p.rest(ctx)
		if err := k.again(ctx, v, t, n.groups, owner); err != nil {
			return err
		}
	}
	t.End(v.Checkpoint().Position, n.names.names)
	k.groups, k.parked, k.torn = n.groups, n.parked, false
	return nil
}

// again counts one customer, or takes out who is none any more.
func (k *shopkeeper) again(ctx context.Context, v projections.Reader, t *offers.Turn, groups history.Groups, owner uuid.UUID) error {
	if ownerOf(groups, owner) != owner {
		t.Remove(owner)
		return nil
	}
	fragments := groups[owner]
	if fragments == nil {
		fragments = []uuid.UUID{owner}
	}
	h, err := k.s.histories.Load(ctx, v, fragments)
	if err != nil {
		return fmt.Errorf("read the history of a customer: %w", err)
	}
	if len(h.Touchpoints) == 0 {
		t.Remove(owner)
		return nil
	}
	h.Customer = owner
	t.Put(affinity.Of(h, offers.Forever))
	return nil
}

// newsOf finds out what became of whom.
func (k *shopkeeper) newsOf(ctx context.Context, v *scene, after events.Position) (*since, error) {
	n := &since{names: naming{s: k.s, names: map[string]string{}}}
	touched := map[uuid.UUID]bool{}
	for f, positions := range k.parked {
		touched[f] = true
		n.names.orders = append(n.names.orders, positions...)
	}
	slices.Sort(n.names.orders)
	err := k.s.allRowsAfter(ctx, v, after, func(r *timeline.Row) {
		touched[r.Fragment] = true
		n.names.see(r)
	})
	if err != nil {
		return nil, err
	}
	if err := n.names.readOrders(ctx); err != nil {
		return nil, err
	}
	if n.groups, err = v.people.Groups(ctx, v); err != nil {
		return nil, fmt.Errorf("read who is one customer: %w", err)
	}
	if n.parked, err = parkedIn(ctx, v); err != nil {
		return nil, err
	}
	regrouped(k.groups, n.groups, touched)
	regrouped(n.groups, k.groups, touched)
	n.owners = slices.DeleteFunc(ownersOf(touched, k.groups, n.groups), func(c uuid.UUID) bool { return !k.shop.Has(c) })
	return n, nil
}

// regrouped adds the fragments that are not in the same company in other groups.
func regrouped(groups, other history.Groups, touched map[uuid.UUID]bool) {
	for f, together := range groups {
		if !slices.Equal(together, other[f]) {
			touched[f] = true
		}
	}
}

// ownersOf lists the customers that fragments belonged to and belong to, in the order of their ids.
func ownersOf(fragments map[uuid.UUID]bool, before, after history.Groups) []uuid.UUID {
	owners := map[uuid.UUID]bool{}
	for f := range fragments {
		owners[ownerOf(before, f)], owners[ownerOf(after, f)] = true, true
	}
	delete(owners, uuid.UUID{}) // parked events that name nobody
	return slices.SortedFunc(maps.Keys(owners), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
}

// ownerOf returns the customer of a fragment: the smallest id of its group.
func ownerOf(groups history.Groups, fragment uuid.UUID) uuid.UUID {
	if together := groups[fragment]; len(together) > 0 {
		return together[0]
	}
	return fragment
}
