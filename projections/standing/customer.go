package standing

import (
	"cmp"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// customer is a row of the customers: where they stand.
type customer struct {
	stands []stand // in the order of time; those that ever changed
	dues   []dueOf // in the order of time; those that are not never
	gone   bool    // they are no customer any more; the row goes
}

// stand says that a customer entered or left last at a time. What was before follows from their history.
type stand struct {
	rule uint32
	in   bool
	at   int64
}

func compareStands(a, b stand) int {
	if a.at == b.at {
		return cmp.Compare(a.rule, b.rule)
	}
	return cmp.Compare(a.at, b.at)
}

// dueOf says that the answer of a rule does not change before a time if nothing happens.
type dueOf struct {
	rule uint32
	at   int64
}

func compareDues(a, b dueOf) int {
	if a.at == b.at {
		return cmp.Compare(a.rule, b.rule)
	}
	return cmp.Compare(a.at, b.at)
}

// last returns the last entry or exit; the zero stand if there was none.
func (c *customer) last(rule uint32) stand {
	for _, s := range c.stands {
		if s.rule == rule {
			return s
		}
	}
	return stand{rule: rule, at: first}
}

// next is the earliest due time.
func (c *customer) next() int64 {
	if len(c.dues) == 0 {
		return Never
	}
	return c.dues[0].at
}

func encodeCustomer(id uuid.UUID, c *customer) (projections.Row, error) {
	if c.gone {
		return nil, nil
	}
	return projections.Row{id[:], encodeStands(c.stands), c.next(), encodeDues(c.dues)}, nil
}

// encodeStands writes each time as what is added to the one before, since one event moves somebody under several rules at
// once.
func encodeStands(stands []stand) []byte {
	e, last := projections.NewEncoder(8+9*len(stands)), int64(0)
	for _, s := range stands {
		e.Int((s.at-last)<<1 | oneIf(s.in))
		e.Short(s.rule)
		last = s.at
	}
	return e.Bytes()
}

func encodeDues(dues []dueOf) []byte {
	e, last := projections.NewEncoder(8+11*len(dues)), int64(0)
	for _, d := range dues {
		e.Int(d.at - last)
		e.Short(d.rule)
		last = d.at
	}
	return e.Bytes()
}

func decodeCustomer(r projections.Row) (uuid.UUID, customer, error) {
	stands, dues := blobOf(r[1]), blobOf(r[3])
	c := customer{stands: make([]stand, 0, len(stands)/6), dues: make([]dueOf, 0, len(dues)/6)}
	d, last := projections.NewDecoder(stands), int64(0)
	for d.More() {
		step := d.Int()
		last += step >> 1
		c.stands = append(c.stands, stand{rule: d.Short(), in: step&1 == 1, at: last})
	}
	if err := d.Err(); err != nil {
		return uuid.UUID{}, c, err
	}
	d, last = projections.NewDecoder(dues), 0
	for d.More() {
		last += d.Int()
		c.dues = append(c.dues, dueOf{d.Short(), last})
	}
	return idOf(r[0]), c, d.Err()
}
