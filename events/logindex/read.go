package logindex

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// Range returns up to limit entries with positions after after, in order.
func (x *Index) Range(after events.Position, limit int) (out []Entry, err error) {
	if err := x.enter(); err != nil {
		return nil, err
	}
	defer x.life.Leave()
	head := x.End().Position
	if after >= head || limit <= 0 {
		return nil, nil
	}
	last := after + min(head-after, events.Position(limit))
	lower, upper := keys.NewEvent(after+1), keys.NewEvent(last+1)
	it, err := x.db.NewIter(&pebble.IterOptions{LowerBound: lower[:], UpperBound: upper[:]})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	out = make([]Entry, 0, last-after)
	for ok := it.First(); ok; ok = it.Next() {
		e, err := decodeEntry(it.Key(), it.Value())
		if err != nil || e.Position != after+events.Position(len(out))+1 {
			return nil, damaged(after+events.Position(len(out))+1, err)
		}
		out = append(out, e)
	}
	if after+events.Position(len(out)) != last {
		return nil, damaged(after+events.Position(len(out))+1, it.Error())
	}
	return out, nil
}

// Stream returns up to limit entries of one stream with positions after after, in order.
func (x *Index) Stream(stream keys.Stream, after events.Position, limit int) (out []Entry, err error) {
	if err := x.enter(); err != nil {
		return nil, err
	}
	defer x.life.Leave()
	head := x.End().Position
	if after >= head || limit <= 0 {
		return nil, nil
	}
	it, err := x.db.NewIter(&pebble.IterOptions{LowerBound: stream.At(after + 1), UpperBound: stream.At(head + 1)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok && len(out) < limit; ok = it.Next() {
		p, _ := keys.Position(it.Key())
		e, err := x.entry(p)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, it.Error()
}

// At returns the entries at these positions, in the order asked; events.ErrNoPosition if one is not there.
func (x *Index) At(positions ...events.Position) ([]Entry, error) {
	if err := x.enter(); err != nil {
		return nil, err
	}
	defer x.life.Leave()
	out, head := make([]Entry, len(positions)), x.End().Position
	for i, p := range positions {
		if p == 0 || p > head {
			return nil, fmt.Errorf("%w: %d", events.ErrNoPosition, p)
		}
		e, err := x.entry(p)
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// Find returns the position of the event with this identity, 0 if there is none.
func (x *Index) Find(id keys.ID) (events.Position, error) {
	if err := x.enter(); err != nil {
		return 0, err
	}
	defer x.life.Leave()
	return x.find(id)
}

// StreamEnd returns the position of the last event of a stream, 0 if it is empty, and the highest revision that was
// noted for it, that of a repeat included; 0 if none was.
func (x *Index) StreamEnd(stream keys.Stream) (events.Position, uint64, error) {
	if err := x.enter(); err != nil {
		return 0, 0, err
	}
	defer x.life.Leave()
	last, err := x.lastOf(&stream)
	if err != nil {
		return 0, 0, err
	}
	key := revisionKey(&stream)
	value, err := x.get(key[:])
	if err != nil || len(value) != 8 {
		return last, 0, err
	}
	return last, binary.BigEndian.Uint64(value), nil
}

func (x *Index) lastOf(stream *keys.Stream) (p events.Position, err error) {
	it, err := x.db.NewIter(&pebble.IterOptions{LowerBound: stream[:], UpperBound: stream.At(^events.Position(0))})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	if it.Last() {
		p, _ = keys.Position(it.Key())
	}
	return p, it.Error()
}

// last returns the last entry of all, a zero one if there is none.
func (x *Index) last() (e Entry, err error) {
	it, err := x.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keys.PrefixEvent}, UpperBound: []byte{keys.PrefixEvent + 1}})
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	if !it.Last() {
		return e, it.Error()
	}
	return decodeEntry(it.Key(), it.Value())
}

func (x *Index) entry(p events.Position) (Entry, error) {
	key := keys.NewEvent(p)
	value, err := x.get(key[:])
	if err != nil {
		return Entry{}, damaged(p, err)
	}
	e, err := decodeEntry(key[:], value)
	if err != nil {
		return Entry{}, damaged(p, err)
	}
	return e, nil
}

func (x *Index) find(id keys.ID) (events.Position, error) {
	if x.ids.Absent(&id) {
		return 0, nil
	}
	value, err := x.get(id[:])
	if err != nil || value == nil {
		return 0, err
	}
	p, _ := keys.Position(value)
	return p, nil
}

// get returns a copy of a value, nil if there is none.
func (x *Index) get(key []byte) ([]byte, error) {
	value, closer, err := x.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := append([]byte{}, value...)
	return out, closer.Close()
}

// damaged is the error of an index that does not hold what it must.
func damaged(p events.Position, err error) error {
	if err == nil {
		err = errors.New("it is missing")
	}
	return fmt.Errorf("logindex: the entry at %d cannot be read: %w; delete the index, it is made anew from the engine", p, err)
}

// fill makes the filter of ids complete. Without it the index is slower, not wrong, so an error is left to whoever
// meets it in a read.
func (x *Index) fill() {
	it, err := x.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keys.PrefixID}, UpperBound: []byte{keys.PrefixID + 1}})
	if err != nil {
		return
	}
	defer func() { _ = it.Close() }()
	for ok := it.First(); ok; ok = it.Next() {
		if key := it.Key(); len(key) == len(keys.ID{}) {
			x.ids.Fill((*keys.ID)(key))
		}
		select {
		case <-x.life.Closing():
			return
		default:
		}
	}
	if it.Error() == nil {
		x.ids.Complete()
	}
}
