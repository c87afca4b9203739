package logindex

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// Check compares what the index holds of these events with what it should hold, and says which one differs.
func (x *Index) Check(placed ...Placed) error {
	if err := x.enter(); err != nil {
		return err
	}
	defer x.life.Leave()
	for i := range placed {
		if err := x.check(&placed[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) check(p *Placed) error {
	e, err := x.entry(p.Position)
	if err != nil {
		return err
	}
	if !e.RecordedAt.Equal(p.RecordedAt) || e.Place != p.Place || e.Hash != p.Hash {
		return fmt.Errorf("the index says something else of the event at %d; delete it, it is made anew", p.Position)
	}
	if at, err := x.find(p.ID); err != nil || at != p.Position {
		return errors.Join(err, fmt.Errorf("the index finds the id of the event at %d at %d; delete it, it is made anew", p.Position, at))
	}
	stream, err := x.get(p.Stream.At(p.Position))
	if err != nil || stream == nil {
		return errors.Join(err, fmt.Errorf("the index does not have the event at %d in its stream; delete it, it is made anew", p.Position))
	}
	return nil
}

// CheckCounts checks that the index holds no stream entry and no id too many, for a log whose events up to head were
// all checked.
func (x *Index) CheckCounts(head events.Position) error {
	if err := x.enter(); err != nil {
		return err
	}
	defer x.life.Leave()
	snapshot := x.db.NewSnapshot()
	streams, err := count(snapshot, keys.PrefixStream, head, func(key, _ []byte) []byte { return key })
	ids, ierr := count(snapshot, keys.PrefixID, head, func(_, value []byte) []byte { return value })
	if err = errors.Join(err, ierr, snapshot.Close()); err != nil {
		return err
	}
	if streams != head || ids != head {
		return fmt.Errorf("the index has %d stream entries and %d ids for %d events; delete it, it is made anew", streams, ids, head)
	}
	return nil
}

// count returns how many pairs with that prefix belong to an event up to head.
func count(db pebble.Reader, prefix byte, head events.Position, position func(key, value []byte) []byte) (n events.Position, err error) {
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		if p, ok := keys.Position(position(it.Key(), it.Value())); ok && p <= head {
			n++
		}
	}
	return n, it.Error()
}
