package pebblelog

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// account sums up a set of entries in any order: two sets with equal accounts are equal but for odds of 2^-128.
type account struct {
	seeds [2]maphash.Seed
	sums  [2]uint64
	count uint64
}

func newAccount() account {
	return account{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// empty returns an account of nothing that can be compared with a.
func (a *account) empty() account { return account{seeds: a.seeds} }

func (a *account) add(key []byte, p events.Position) {
	var room [32]byte
	b := binary.BigEndian.AppendUint64(append(room[:0], key...), uint64(p))
	for i, seed := range a.seeds {
		a.sums[i] += maphash.Bytes(seed, b)
	}
	a.count++
}

// locate finds the first event that lacks an entry, or else the event that an entry wrongly points to.
func (w *walker) locate(ctx context.Context, db pebble.Reader) (events.Position, error) {
	p, err := eachEvent(ctx, db, 0, w.head.Position, func(p events.Position, value []byte) error {
		r := events.Recorded{}
		if err := decodeEvent(value, p, &r); err != nil {
			return err
		}
		for _, pair := range RawPairs(&r)[1:] {
			if !holds(db, pair) {
				return errors.New("the event has no stream entry or no id entry of its own: a repeat would not be noticed")
			}
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	p = 0
	err = eachEntry(ctx, db, w.head.Position, func(key []byte, at events.Position) error {
		p = at
		return claims(db, key, at)
	})
	if err == nil {
		err = errors.New("the stream and id entries do not agree with the events")
	}
	return p, err
}

func holds(db pebble.Reader, pair Pair) bool {
	value, closer, err := db.Get(pair.Key)
	if err != nil {
		return false
	}
	same := bytes.Equal(value, pair.Value)
	return closer.Close() == nil && same
}

// claims returns an error if the event at p does not call for an entry with that key.
func claims(db pebble.Reader, key []byte, p events.Position) error {
	var r events.Recorded
	if err := get(db, p, &r); err != nil {
		return err
	}
	for _, pair := range RawPairs(&r)[1:] {
		if bytes.Equal(pair.Key, key) {
			return nil
		}
	}
	return errors.New("a stream or id entry of another event points here")
}
