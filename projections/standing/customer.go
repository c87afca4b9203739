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
	return projections.Row{id[:], encodeStands(c.stands), c.next(), encodeDues(c.dues)}, nil
}

// encodeStands writes them in the order of time, since one event moves somebody under several rules at once.
func encodeStands(stands []stand) []byte {
	inTime := slices.Clone(stands)
	slices.SortFunc(inTime, func(a, b stand) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rule, b.rule)) })
	e, last := projections.NewEncoder(8+6*len(inTime)), int64(0)
	for _, s := range inTime {
		e.Int((s.at-last)<<1 | oneIf(s.in))
		e.Short(s.rule)
		last = s.at
	}
	return e.Bytes()
}

func encodeDues(dues []dueOf) []byte {
	inTime := slices.Clone(dues)
	slices.SortFunc(inTime, func(a, b dueOf) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rule, b.rule)) })
	e, last := projections.NewEncoder(8+8*len(inTime)), int64(0)
	for _, d := range inTime {
		e.Int(d.at - last)
		e.Short(d.rule)
		last = d.at
	}
	return e.Bytes()
}

func decodeCustomer(r projections.Row) (uuid.UUID, customer, error) {
	c := customer{}
	d, last := projections.NewDecoder(blobOf(r[1])), int64(0)
	for d.More() {
		step := d.Int()
		last += step >> 1
		c.stands = append(c.stands, stand{rule: d.Short(), in: step&1 == 1, at: last})
	}
	if err := d.Err(); err != nil {
		return uuid.UUID{}, c, err
	}
	slices.SortFunc(c.stands, func(a, b stand) int { return cmp.Compare(a.rule, b.rule) })
	d, last = projections.NewDecoder(blobOf(r[3])), 0
	for d.More() {
		last += d.Int()
		c.dues = append(c.dues, dueOf{d.Short(), last})
	}
	slices.SortFunc(c.dues, func(a, b dueOf) int { return cmp.Compare(a.rule, b.rule) })
	return idOf(r[0]), c, d.Err()
}
