package standing

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// customer is a row of the customers: where they stand.
type customer struct {
	stands []stand // sorted by rule; those that ever changed
	dues   []dueOf // sorted by rule; those that are not never
	gone   bool    // they are no customer any more; the row goes
}

// stand says that a customer entered or left last at a time. What was before follows from their history.
type stand struct {
	rule uint32
	in   bool
	at   int64
}

// dueOf says that the answer of a rule does not change before a time if nothing happens.
type dueOf struct {
	rule uint32
	at   int64
}

// last returns the last entry or exit; the zero stand if there was none.
func (c *customer) last(rule uint32) stand {
	if i, found := searchStand(c.stands, rule); found {
		return c.stands[i]
	}
	return stand{rule: rule, at: first}
}

func searchStand(list []stand, rule uint32) (int, bool) {
	return slices.BinarySearchFunc(list, rule, func(s stand, rule uint32) int { return cmp.Compare(s.rule, rule) })
}

func (c *customer) set(s stand) {
	i, found := searchStand(c.stands, s.rule)
	switch {
	case found && s.at == first:
		c.stands = slices.Delete(c.stands, i, i+1)
	case found:
		c.stands[i] = s
	case s.at != first:
		c.stands = slices.Insert(c.stands, i, s)
	}
}

func searchDue(list []dueOf, rule uint32) (int, bool) {
	return slices.BinarySearchFunc(list, rule, func(d dueOf, rule uint32) int { return cmp.Compare(d.rule, rule) })
}

func (c *customer) due(rule uint32) int64 {
	if i, found := searchDue(c.dues, rule); found {
		return c.dues[i].at
	}
	return Never
}

func (c *customer) setDue(rule uint32, at int64) {
	i, found := searchDue(c.dues, rule)
	switch {
	case found && at == Never:
		c.dues = slices.Delete(c.dues, i, i+1)
	case found:
		c.dues[i].at = at
	case at != Never:
		c.dues = slices.Insert(c.dues, i, dueOf{rule, at})
	}
}

// next is the earliest due time.
func (c *customer) next() int64 {
	next := int64(Never)
	for _, d := range c.dues {
		next = min(next, d.at)
	}
	return next
}

// clone returns a copy that can be changed while the other is only read.
func (c *customer) clone() customer {
	return customer{stands: slices.Clone(c.stands), dues: slices.Clone(c.dues)}
}

func encodeCustomer(id uuid.UUID, c *customer) (projections.Row, error) {
	if c.gone {
		return nil, nil
	}
	e, last := projections.NewEncoder(12*len(c.stands)), int64(0)
	for _, s := range c.stands {
		e.Uint(uint64(s.rule))
		e.Bool(s.in)
		e.Int(s.at - last)
		last = s.at
	}
	dues, last := projections.NewEncoder(12*len(c.dues)), int64(0)
	for _, d := range c.dues {
		dues.Uint(uint64(d.rule))
		dues.Int(d.at - last)
		last = d.at
	}
	return projections.Row{id[:], e.Bytes(), c.next(), dues.Bytes()}, nil
}

func decodeCustomer(r projections.Row) (uuid.UUID, customer, error) {
	var c customer
	d, last := projections.NewDecoder(blobOf(r[1])), int64(0)
	for d.More() {
		s := stand{rule: uint32(d.Uint()), in: d.Bool()} // #nosec G115 -- written from one
		last += d.Int()
		s.at = last
		c.stands = append(c.stands, s)
	}
	if err := d.Err(); err != nil {
		return uuid.UUID{}, c, err
	}
	d, last = projections.NewDecoder(blobOf(r[3])), 0
	for d.More() {
		x := dueOf{rule: uint32(d.Uint())} // #nosec G115 -- written from one
		last += d.Int()
		x.at = last
		c.dues = append(c.dues, x)
	}
	return idOf(r[0]), c, d.Err()
}
