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
	generation string
	position   events.Position // up to which everything is in it
	groups     history.Groups
	parked     map[uuid.UUID][]events.Position
	names      naming
	// owners are the customers, before or after, who are counted and not what they were.
	owners []uuid.UUID
}

// turn counts again whom something was told of since the counts were made, and who won or lost fragments. It returns false if
// that is more work than to count everybody.
func (k *shopkeeper) turn(ctx context.Context, at offers.OfferModel) (turned bool, err error) {
	n, many, err := k.news(ctx, at)
	if err != nil || many {
		return false, err
	}
	if n == nil {
		return true, nil
	}
	return true, k.bring(ctx, n)
}

// news finds out what became of whom since the counts were made, nil if nothing did; and whether they are so many that it is
// less work to count everybody.
func (k *shopkeeper) news(ctx context.Context, at offers.OfferModel) (n *since, many bool, err error) {
	v, err := k.s.scene(ctx, &moment{}, projections.Instant{}, nil)
	if err != nil {
		return nil, false, err
	}
	defer v.Close()
	position := v.Checkpoint().Position
	switch {
	case k.s.serving() != at.Generation || position == at.Position && len(k.parked) == 0:
		return nil, false, nil
	case far(position-at.Position, at.Customers):
		return nil, true, nil
	}
	if n, err = k.newsOf(ctx, v, at.Position); err != nil {
		return nil, false, err
	}
	n.position, n.generation = position, at.Generation
	return n, anew(len(n.owners), at.Customers), nil
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

// fromOneView is how many customers are counted again from one view: one that is held for long keeps the write-ahead log of
// the read store from starting over.
const fromOneView = 100

// bring counts customers again, some at a time. Those that come later are read as they are by then; what was told after the
// position is counted again with the next turn.
func (k *shopkeeper) bring(ctx context.Context, n *since) error {
	t := k.shop.Turn()
	k.torn = true // until it is done; if it breaks off, everybody is counted anew
	p := newPace(k.s.now)
	for some := range slices.Chunk(n.owners, fromOneView) {
		p.rest(ctx)
		if err := k.bringSome(ctx, t, n, some); err != nil {
			return err
		}
	}
	t.End(n.position, n.names.names)
	k.groups, k.parked, k.torn = n.groups, n.parked, false
	return nil
}

func (k *shopkeeper) bringSome(ctx context.Context, t *offers.Turn, n *since, owners []uuid.UUID) error {
	v, err := k.s.still(ctx, n.generation)
	if err != nil {
		return err
	}
	defer v.Close()
	for _, owner := range owners {
		if err := k.again(ctx, v, t, n.groups, owner); err != nil {
			return err
		}
	}
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
