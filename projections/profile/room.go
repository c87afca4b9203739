package profile

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Room is the read model of profiles. It is stateless and may be shared.
type Room struct{}

var _ projections.Room = (*Room)(nil)

// New returns the room.
func New() *Room { return &Room{} }

// Name returns "profile".
func (r *Room) Name() string { return "profile" }

// Version is the version of the fold and its tables.
func (r *Room) Version() int { return 3 }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table {
	return []*projections.Table{fragmentsTable, namesTable, ordersTable, casesTable, notesTable}
}

// Want asks for the fragment's row, and for that of the order, case or note the event is about.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	if !t.Somebody {
		return
	}
	if concerns(t) {
		fragments.Want(b, t.Fragment)
	}
	switch {
	case isOrder(t.Type):
		orders.Want(b, owned{t.Fragment, orderNumber(t)})
	case t.Type == "note.added" && fromStaff(t):
		notes.Want(b, owned{t.Fragment, noteNumber(t)})
	default:
		if number := caseNumber(t); number != "" {
			cases.Want(b, owned{t.Fragment, number})
		}
	}
}

// concerns reports whether an event says more of its fragment than that it happened. Most do not, and change no row here.
func concerns(t *projections.Touch) bool {
	switch t.Type {
	case "tier.changed", "loyalty.joined", "note.added":
		return fromStaff(t)
	case "consent.given", "consent.withdrawn", "message.unsubscribed", "order.completed", "order.cancelled", "order.refunded":
		return true
	}
	return tellsTraits(t) || caseNumber(t) != ""
}

// Fold takes in what the event says.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	if !t.Somebody || !concerns(t) {
		return nil
	}
	s := fragments.Change(b, t.Fragment)
	if tellsTraits(t) {
		s.describe(t, t.Body.Traits)
	}
	switch t.Type {
	case "tier.changed", "loyalty.joined":
		if fromStaff(t) {
			s.learn(t)
		}
	case "consent.given", "consent.withdrawn", "message.unsubscribed":
		s.consent(t)
	case "order.completed", "order.cancelled", "order.refunded":
		s.order(b, t)
	case "note.added":
		if fromStaff(t) {
			s.note(b, t)
		}
	default:
		if number := caseNumber(t); number != "" {
			s.inquire(b, t, number)
		}
	}
	return nil
}

// order takes an event about an order in, and corrects the sums by what it changes.
func (s *state) order(b *projections.Batch, t *projections.Touch) {
	k := owned{t.Fragment, orderNumber(t)}
	_, had := orders.See(b, k)
	o, sums := orders.Change(b, k), s.money.change(decodeMoney)
	if had {
		sums.add(o, -1)
	} else {
		s.orders++
	}
	o.take(t)
	sums.add(o, 1)
	sums.settle()
	if t.Type == "order.completed" {
		sums.span(t.Time.UnixMicro(), t.Time.UnixMicro())
	}
}

// fromStaff reports whether somebody behind a server-side key says it. Notes, tiers and memberships are the company's
// to give: what a browser claims of them is counted like any event and has no effect.
func fromStaff(t *projections.Touch) bool { return sayingOf(t).grade >= events.Asserted }

func (s *state) note(b *projections.Batch, t *projections.Touch) {
	k := owned{t.Fragment, noteNumber(t)}
	if _, had := notes.See(b, k); !had {
		s.notes++
	}
	notes.Change(b, k).take(t)
}

func (s *state) inquire(b *projections.Batch, t *projections.Touch, number string) {
	k := owned{t.Fragment, number}
	if _, had := cases.See(b, k); !had {
		s.cases++
	}
	cases.Change(b, k).take(t)
}

// Settle makes the fragments that were given another name, or another proof of it, findable by it, and no longer by
// the old one.
func (r *Room) Settle(b *projections.Batch) error {
	type change struct {
		key termKey
		is  indexed
	}
	var changes []change
	for _, f := range fragments.Changed(b) {
		s := fragments.Change(b, f)
		if !s.renamed {
			continue
		}
		if name, old := s.traits.get(decodeTraits).called(), s.oldName; name != old {
			for _, term := range events.NameTerms(old.name) {
				changes = append(changes, change{termKey{old.proven, term, f}, false})
			}
			for _, term := range events.NameTerms(name.name) {
				changes = append(changes, change{termKey{name.proven, term, f}, true})
			}
		}
		s.renamed, s.oldName = false, called{}
	}
	for _, c := range changes {
		names.Want(b, c.key)
	}
	for _, c := range changes {
		*names.Change(b, c.key) = c.is
	}
	return b.Err()
}
