package identity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// The decision types and the only stream they count in: nobody decides by sending a touchpoint.
const (
	typeLinked   = "identity.linked"
	typeUnlinked = "identity.unlinked"
	stream       = "identity"
)

// Room is the read model of identity. It is stateless and may be shared.
type Room struct{ rules compiled }

var _ projections.Room = (*Room)(nil)

// New returns a room that folds under these rules.
func New(r Rules) (*Room, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return &Room{rules: compile(r)}, nil
}

// Name returns "identity".
func (r *Room) Name() string { return "identity" }

// Version is the version of the fold and its tables.
func (r *Room) Version() int { return 3 }

// Rules returns the rules the room folds under.
func (r *Room) Rules() Rules { return r.rules.Rules }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table {
	return []*projections.Table{fragmentsTable, moreTable, membersTable, claimsTable, digitsTable, customersTable}
}

// Want asks for the fragment's row, or for the two that a decision is about.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	if x, y, ok := pair(t); ok {
		fragments.Want(b, x)
		fragments.Want(b, y)
	} else if t.Somebody {
		fragments.Want(b, t.Fragment)
	}
}

// Fold writes down what the event says about identity, which is seldom anything new.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	if x, y, ok := pair(t); ok {
		decide(b, t, x, y)
		decide(b, t, y, x)
		return nil
	}
	if !t.Somebody {
		return nil
	}
	p := proofOf(t)
	if s, ok := fragments.See(b, t.Fragment); ok && saysAll(b, t, s, &p) {
		return nil
	}
	s := change(b, t.Fragment)
	for _, id := range t.Identifiers {
		learn(b, t.Fragment, s, id, p)
	}
	return nil
}

// pair returns the two fragments that a decision is about.
func pair(t *projections.Touch) (x, y uuid.UUID, ok bool) {
	if t.Stream != stream || t.Type != typeLinked && t.Type != typeUnlinked {
		return x, y, false
	}
	x, errX := uuid.Parse(t.Body.A)
	y, errY := uuid.Parse(t.Body.B)
	return x, y, errX == nil && errY == nil && x != y
}

func decide(b *projections.Batch, t *projections.Touch, f, other uuid.UUID) {
	s := change(b, f)
	if s.decide(decision{
		other: other, linked: t.Type == typeLinked, proof: proofOf(t), reason: t.Body.Reason, actor: t.Body.Actor,
	}) {
		s.torn = true
	}
}

// change returns the state of a fragment, which is its own customer until something ties it to others.
func change(b *projections.Batch, f uuid.UUID) *fragment {
	s := fragments.Change(b, f)
	if s.customer == (uuid.UUID{}) {
		s.customer = f
	}
	return s
}

// saysAll reports whether the event tells nothing new about its fragment.
func saysAll(b *projections.Batch, t *projections.Touch, s *fragment, p *proof) bool {
	for _, id := range t.Identifiers {
		k := s.find(b, t.Fragment, name{id.Kind, id.Value})
		if k == nil || !k.says(id.Grade, p) {
			return false
		}
	}
	return true
}

// find returns what is known of one identifier of the fragment, for reading; nil if nothing is.
func (s *fragment) find(b *projections.Batch, f uuid.UUID, n name) *known {
	i, found := s.search(n)
	if found {
		return &s.known[i]
	}
	if i < maxInline {
		return nil
	}
	if k, ok := more.See(b, owned{f, n}); ok {
		return k
	}
	return nil
}

// place returns the place of an identifier, making one if it is new. The least maxInline are in the row.
func (s *fragment) place(b *projections.Batch, f uuid.UUID, n name) *known {
	i, found := s.search(n)
	switch {
	case found:
		return &s.known[i]
	case i == maxInline:
		k := more.Change(b, owned{f, n})
		k.name = n
		return k
	case len(s.known) == maxInline:
		last := s.known[maxInline-1]
		*more.Change(b, owned{f, last.name}) = last
		s.known = s.known[:maxInline-1]
	}
	s.known = slices.Insert(s.known, i, known{name: n})
	return &s.known[i]
}

// learn notes that an event gave the fragment an identifier.
func learn(b *projections.Batch, f uuid.UUID, s *fragment, id events.Identifier, p proof) {
	n := name{id.Kind, id.Value}
	k := s.place(b, f, n)
	if k.says(id.Grade, &p) {
		return
	}
	linked, grade, claimed := k.links(), k.grade(), k.proofs[slot(events.Claimed)].set
	k.proofs[slot(id.Grade)] = p
	switch {
	case !linked && k.links():
		s.fresh = append(s.fresh, n)
		members.Want(b, n)
	case linked && k.grade() != grade:
		s.raised = append(s.raised, n)
	}
	if !claimed && !id.Links() {
		b.Put(claimsTable, projections.Row{n.kind, n.value, f[:]})
		putDigits(b, n, claimedDigits)
	}
}

// What somebody only claims to have is found after, and never instead of, what somebody has.
const (
	claimedDigits = int64(0)
	provenDigits  = int64(1)
)

// putDigits makes a phone number searchable.
func putDigits(b *projections.Batch, n name, proven int64) {
	if n.kind != events.KindPhone {
		return
	}
	for _, term := range events.PhoneTerms(n.value) {
		b.Put(digitsTable, projections.Row{proven, term, n.value})
	}
}

// Settle enters what the batch brought into the graph and derives the customers it touched.
func (r *Room) Settle(b *projections.Batch) error {
	g := graph{rules: &r.rules, b: b}
	g.enter()
	g.tie()
	g.settle()
	g.regroup()
	g.forget()
	return b.Err()
}
