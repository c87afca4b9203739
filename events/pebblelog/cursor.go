package pebblelog

import (
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// cursor reads events at rising positions. The first few it asks for one by one; for many an iterator is cheaper,
// which stays in the table, and mostly in the index block, that it is in.
type cursor struct {
	db    pebble.Reader
	asked int
	it    *pebble.Iterator
}

// askedSingly is how many events are not worth an iterator.
const askedSingly = 8

func (c *cursor) get(p events.Position, r *events.Recorded) (err error) {
	if c.asked++; c.asked <= askedSingly {
		return get(c.db, p, r)
	}
	if c.it == nil {
		lower, upper := keys.NewEvent(p), keys.NewEvent(^events.Position(0))
		if c.it, err = c.db.NewIter(&pebble.IterOptions{LowerBound: lower[:], UpperBound: upper[:]}); err != nil {
			return err
		}
	}
	key := keys.NewEvent(p)
	if !c.it.SeekGE(key[:]) {
		return errors.Join(errMissing, c.it.Error())
	}
	if found, ok := keys.Position(c.it.Key()); !ok || found != p {
		return errMissing
	}
	value, err := c.it.ValueAndErr()
	if err != nil {
		return err
	}
	return decodeEvent(value, p, r)
}

func (c *cursor) close() error {
	if c.it == nil {
		return nil
	}
	return c.it.Close()
}
