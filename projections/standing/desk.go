package standing

import (
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
)

// desk is where customers are judged, one after the other: what is known of one, laid out by the places of the rules.
type desk struct {
	places map[uint32]int // of the rules, by number
	seats  []seat         // one a rule

	id    uuid.UUID
	h     *history.History
	to    int64 // up to when
	had   *customer
	known bool // there is a row
	dirty bool

	stands []stand // room for what row sorts
	dues   []dueOf
}

// seat is where the customer stands under one rule.
type seat struct {
	in      bool
	asked   bool  // whether what happened may have changed the answer
	moved   bool  // the last entry or exit is another
	delayed bool  // the due time is another
	at, due int64 // of the last entry or exit, and when to look again
}

// sit lays out what is known of a customer.
func (d *desk) sit(id uuid.UUID, h *history.History, to int64, had *customer, known bool) {
	d.id, d.h, d.to, d.had, d.known, d.dirty = id, h, to, had, known, false
	for i := range d.seats {
		d.seats[i] = seat{at: first, due: Never}
	}
	for _, s := range had.stands {
		seat := d.seat(s.rule)
		seat.in, seat.at = s.in, s.at
	}
	for _, x := range had.dues {
		d.seat(x.rule).due = x.at
	}
}

// seat returns the seat of the rule of a number; the definition of a rule that a row speaks of is never forgotten.
func (d *desk) seat(rule uint32) *seat { return &d.seats[d.places[rule]] }

// askAll has the customer judged under every rule.
func (d *desk) askAll() {
	for i := range d.seats {
		d.seats[i].asked = true
	}
}

// row is what is known now: what did not change is in its order already, the rest is put in its place.
func (d *desk) row(numbers []uint32) customer {
	d.stands = slices.DeleteFunc(append(d.stands[:0], d.had.stands...), func(s stand) bool { return d.seat(s.rule).moved })
	d.dues = slices.DeleteFunc(append(d.dues[:0], d.had.dues...), func(x dueOf) bool { return d.seat(x.rule).delayed })
	for i := range d.seats {
		s := &d.seats[i]
		if s.moved && s.at != first {
			d.stands = insert(d.stands, stand{numbers[i], s.in, s.at}, compareStands)
		}
		if s.delayed && s.due != Never {
			d.dues = insert(d.dues, dueOf{numbers[i], s.due}, compareDues)
		}
	}
	return customer{stands: slices.Clone(d.stands), dues: slices.Clone(d.dues)}
}

func insert[T any](sorted []T, x T, compare func(a, b T) int) []T {
	i, _ := slices.BinarySearchFunc(sorted, x, compare)
	return slices.Insert(sorted, i, x)
}
