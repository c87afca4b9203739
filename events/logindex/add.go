package logindex

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// Add takes the next items of the engine, in its order, and says how far it was followed, which is at least the place of
// the last item. Each event that is new gets the next position, a recorded time that does not go back, and the
// next link of the hash chain; a repeat gets nothing, only its Revision is noted. All of it is written in one step.
func (x *Index) Add(upTo Place, items ...Item) ([]Given, error) {
	if err := x.enter(); err != nil {
		return nil, err
	}
	defer x.life.Leave()
	w := writer{x: x, end: x.End(), batch: x.db.NewBatch(), fresh: map[keys.ID]Entry{}}
	given := make([]Given, len(items))
	for i := range items {
		g, err := w.judge(&items[i])
		if err != nil {
			return nil, errors.Join(err, w.batch.Close())
		}
		given[i] = g
	}
	return given, w.commit(upTo)
}

// Append takes events whose position, hash and recorded time were decided elsewhere: the next positions without a gap.
func (x *Index) Append(upTo Place, placed ...Placed) error {
	if err := x.enter(); err != nil {
		return err
	}
	defer x.life.Leave()
	w := writer{x: x, end: x.End(), batch: x.db.NewBatch(), others: make([]pair, 0, 2*len(placed))}
	for i := range placed {
		if err := w.put(&placed[i]); err != nil {
			return errors.Join(err, w.batch.Close())
		}
	}
	return w.commit(upTo)
}

// writer writes one batch.
type writer struct {
	x      *Index
	end    End
	batch  *pebble.Batch
	fresh  map[keys.ID]Entry // what this batch added
	others []pair
}

func (w *writer) judge(it *Item) (Given, error) {
	first, err := w.known(it.ID)
	if err != nil {
		return Given{}, err
	}
	if first.Position != 0 {
		return Given{Entry: first, Repeat: true}, w.note(&it.Stream, it.Revision)
	}
	p := Placed{ID: it.ID, Stream: it.Stream, Entry: Entry{
		Position: w.end.Position + 1, Place: it.Place, RecordedAt: it.RecordedAt, Revision: it.Revision,
	}}
	if p.RecordedAt.Before(w.end.RecordedAt) {
		p.RecordedAt = w.end.RecordedAt
	}
	events.StampRecord(it.Record, p.Position, p.RecordedAt)
	p.Hash = w.end.Hash.Next(it.Record)
	w.fresh[it.ID] = p.Entry
	return Given{Entry: p.Entry}, w.put(&p)
}

// known returns the entry of the event with that id, a zero one if there is none.
func (w *writer) known(id keys.ID) (Entry, error) {
	if e, ok := w.fresh[id]; ok {
		return e, nil
	}
	p, err := w.x.find(id)
	if p == 0 || err != nil {
		return Entry{}, err
	}
	return w.x.entry(p)
}

func (w *writer) put(p *Placed) error {
	if p.Position != w.end.Position+1 {
		return fmt.Errorf("logindex: position %d after %d", p.Position, w.end.Position)
	}
	w.end.Head, w.end.RecordedAt = events.Head{Position: p.Position, Hash: p.Hash}, p.RecordedAt
	w.x.ids.Add(&p.ID)
	event := keys.NewEvent(p.Position)
	var room [entryLen]byte
	w.others = append(w.others, pair{key: newPairKey(p.ID[:]), position: p.Position}, pair{key: newPairKey(p.Stream[:]), position: p.Position})
	return errors.Join(w.batch.Set(event[:], appendEntry(room[:0], &p.Entry), nil), w.note(&p.Stream, p.Revision))
}

// pair is an id or stream entry that is still to be written.
type pair struct {
	key      keys.Stream // or an id, and a zero behind it
	position events.Position
}

func newPairKey(key []byte) (k keys.Stream) {
	copy(k[:], key)
	return k
}

// putOthers writes the id and stream entries in the order of their keys, which spares the store much searching.
func (w *writer) putOthers() error {
	slices.SortFunc(w.others, func(a, b pair) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.position, b.position))
	})
	var position [8]byte
	for i := range w.others {
		o := &w.others[i]
		binary.BigEndian.PutUint64(position[:], uint64(o.position))
		var err error
		if o.key[0] == keys.PrefixID {
			err = w.batch.Set(o.key[:len(keys.ID{})], position[:], nil)
		} else {
			err = w.batch.Set(o.key.At(o.position), nil, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// note keeps the revision a stream has come to; zero is none. Revisions of a stream come in ascending order.
func (w *writer) note(stream *keys.Stream, revision uint64) error {
	if revision == 0 {
		return nil
	}
	key := revisionKey(stream)
	return w.batch.Set(key[:], binary.BigEndian.AppendUint64(nil, revision), nil)
}

// commit writes the batch; readers see all of it from then on, and nothing of it before.
func (w *writer) commit(upTo Place) error {
	if upTo.Compare(w.end.Place) < 0 {
		return errors.Join(fmt.Errorf("logindex: place %v after %v", upTo, w.end.Place), w.batch.Close())
	}
	w.end.Place = upTo
	if err := w.putOthers(); err != nil {
		return err
	}
	if err := w.batch.Set([]byte(keyEnd), appendPlace(nil, upTo), nil); err != nil {
		return err
	}
	if err := w.apply(); err != nil {
		return fail(w.x.life, err)
	}
	w.x.end.Store(&w.end)
	w.x.bell.Ring()
	return nil
}

// apply hands the batch to Pebble. Should it panic, it keeps its locks, and the store is then beyond closing.
func (w *writer) apply() (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.x.wedged.Store(true)
			err = fmt.Errorf("commit: %v", r)
		}
	}()
	if err := w.batch.Commit(pebble.NoSync); err != nil {
		return err
	}
	return w.x.life.Err()
}
