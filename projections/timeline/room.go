package timeline

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Room is the timeline. It is stateless and may be shared.
type Room struct{}

var _ projections.Room = (*Room)(nil)

// New returns the room.
func New() *Room { return &Room{} }

// Name returns "timeline".
func (r *Room) Name() string { return "timeline" }

// Version is the version of the fold and its tables.
func (r *Room) Version() int { return 2 }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table {
	return []*projections.Table{eventsTable, refsTable, coverageTable}
}

// Want asks for the reference numbers the event mentions and for its source's count.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	coverage.Want(b, coverageKey{t.Source, t.Type})
	if !t.Somebody {
		return
	}
	for _, ref := range mentioned(&t.Body) {
		if terms := events.RefTerms(ref.number); len(terms) > 0 {
			refs.Want(b, refKey{proof(t), terms[0], ref.kind, ref.number, t.Fragment})
		}
	}
}

// Fold appends the event's row.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	coverage.Change(b, coverageKey{t.Source, t.Type}).count(t)
	if !t.Somebody {
		return nil
	}
	b.Put(eventsTable, eventRow(t))
	for _, ref := range mentioned(&t.Body) {
		putRef(b, ref, proof(t), t.Fragment)
	}
	return nil
}

// Settle has nothing to do.
func (r *Room) Settle(*projections.Batch) error { return nil }

func eventRow(t *projections.Touch) projections.Row {
	return projections.Row{
		int64(t.Position), // #nosec G115 -- positions are dense from 1
		t.Fragment[:], t.Time.UnixMicro(), t.RecordedAt.UnixMicro(),
		t.Source, t.ID, t.Type, string(t.Channel), headline(t),
	}
}

// reference is a number that people call something by.
type reference struct{ kind, number string }

// The kinds of references.
const (
	RefOrder   = "order"
	RefInquiry = "inquiry"
	RefCase    = "case"
)

func mentioned(b *events.Body) []reference {
	if b.OrderID == "" && b.InquiryID == "" && b.CaseID == "" {
		return nil
	}
	var all []reference
	for _, ref := range [...]reference{{RefOrder, b.OrderID}, {RefInquiry, b.InquiryID}, {RefCase, b.CaseID}} {
		if ref.number != "" {
			all = append(all, ref)
		}
	}
	return all
}

// The proofs of a reference.
const (
	onlyClaimed int64 = 0
	isProven    int64 = 1
)

// proof says how far an event can be believed to be the person's: as far as the best of its identifiers.
func proof(t *projections.Touch) int64 {
	for _, id := range t.Identifiers {
		if id.Grade >= events.Asserted {
			return isProven
		}
	}
	return onlyClaimed
}

// putRef stores the terms of a reference unless they are there.
func putRef(b *projections.Batch, ref reference, proven int64, f uuid.UUID) {
	terms := events.RefTerms(ref.number)
	if len(terms) == 0 {
		return
	}
	if _, stored := refs.See(b, refKey{proven, terms[0], ref.kind, ref.number, f}); stored {
		return
	}
	for _, term := range terms {
		refs.Fresh(b, refKey{proven, term, ref.kind, ref.number, f})
	}
}
