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
		if i, ok := d.places[s.rule]; ok {
			d.seats[i].in, d.seats[i].at = s.in, s.at
		}
	}
	for _, x := range had.dues {
		if i, ok := d.places[x.rule]; ok {
			d.seats[i].due = x.at
		}
	}
}

// askAll has the customer judged under every rule.
func (d *desk) askAll() {
	for i := range d.seats {
		d.seats[i].asked = true
	}
}

// row is what is known now. What did not change is in its order already, so there is little to sort.
func (d *desk) row(numbers []uint32) customer {
	c := customer{
		stands: slices.Grow([]stand(nil), len(d.had.stands)), dues: slices.Grow([]dueOf(nil), len(d.had.dues)),
	}
	for _, s := range d.had.stands {
		if i, ok := d.places[s.rule]; !ok || !d.seats[i].moved {
			c.stands = append(c.stands, s)
		}
	}
	for _, x := range d.had.dues {
		if i, ok := d.places[x.rule]; !ok || !d.seats[i].delayed {
			c.dues = append(c.dues, x)
		}
	}
	for i := range d.seats {
		s := &d.seats[i]
		if s.moved && s.at != first {
			c.stands = append(c.stands, stand{numbers[i], s.in, s.at})
		}
		if s.delayed && s.due != Never {
			c.dues = append(c.dues, dueOf{numbers[i], s.due})
		}
	}
	slices.SortFunc(c.stands, compareStands)
	slices.SortFunc(c.dues, compareDues)
	return c
}
