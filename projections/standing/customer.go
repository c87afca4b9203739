package standing

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// MaxChanges is how many of a customer's entries and exits under one rule are kept: the latest. An even number, so that
// the first one kept is an entry.
const MaxChanges = 128

// customer is a row of the customers: what they entered and left.
type customer struct {
	stands []stand // sorted by rule; those with changes
	dues   []dueOf // sorted by rule; those that are not never
	gone   bool    // they are no customer any more; the row goes
}

// stand are the times at which a customer entered and left, in turns, beginning with an entry.
type stand struct {
	rule  uint32
	times []int64
}

// dueOf says that the answer of a rule does not change before a time if nothing happens.
type dueOf struct {
	rule uint32
	at   int64
}

func (c *customer) times(rule uint32) []int64 {
	if i, found := searchStand(c.stands, rule); found {
		return c.stands[i].times
	}
	return nil
}

func searchStand(list []stand, rule uint32) (int, bool) {
	return slices.BinarySearchFunc(list, rule, func(s stand, rule uint32) int { return cmp.Compare(s.rule, rule) })
}

func (c *customer) setTimes(rule uint32, times []int64) {
	i, found := searchStand(c.stands, rule)
	switch {
	case found && len(times) == 0:
		c.stands = slices.Delete(c.stands, i, i+1)
	case found:
		c.stands[i].times = times
	case len(times) > 0:
		c.stands = slices.Insert(c.stands, i, stand{rule, times})
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
	e := projections.NewEncoder(64)
	e.Uint(uint64(len(c.stands)))
	for _, s := range c.stands {
		e.Uint(uint64(s.rule))
		encodeTimes(e, s.times)
	}
	dues := projections.NewEncoder(8 * len(c.dues))
	last := int64(0)
	for _, d := range c.dues {
		dues.Uint(uint64(d.rule))
		dues.Int(d.at - last)
		last = d.at
	}
	return projections.Row{id[:], e.Bytes(), c.next(), dues.Bytes()}, nil
}

func encodeTimes(e *projections.Encoder, times []int64) {
	e.Uint(uint64(len(times)))
	last := int64(0)
	for _, at := range times {
		e.Int(at - last)
		last = at
	}
}

func decodeCustomer(r projections.Row) (uuid.UUID, customer, error) {
	var c customer
	d := projections.NewDecoder(blobOf(r[1]))
	c.stands = make([]stand, d.Len())
	for i := range c.stands {
		c.stands[i] = stand{uint32(d.Uint()), decodeTimes(d)} // #nosec G115 -- written from one
	}
	if err := d.Err(); err != nil {
		return uuid.UUID{}, c, err
	}
	d = projections.NewDecoder(blobOf(r[3]))
	last := int64(0)
	for d.More() {
		x := dueOf{rule: uint32(d.Uint())} // #nosec G115 -- written from one
		last += d.Int()
		x.at = last
		c.dues = append(c.dues, x)
	}
	return idOf(r[0]), c, d.Err()
}

func decodeTimes(d *projections.Decoder) []int64 {
	times := make([]int64, d.Len())
	last := int64(0)
	for i := range times {
		last += d.Int()
		times[i] = last
	}
	return times
}
