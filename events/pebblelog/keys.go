package pebblelog

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/c360hq/c360/events"
)

// Every event lies in the store as three pairs:
//
//	e <position 8>                  → <chain hash 16> <record>
//	s <stream 17> <position 8>      → nothing
//	i <sha-256 of source and id 16> → <position 8>
//
// A stream is a tag and 16 bytes: a fragment's id, or the hash of any other name. Numbers are big endian, so
// that keys sort by position. The store's identity (m) is the only other key.
const (
	prefixEvent  = 'e'
	prefixStream = 's'
	prefixID     = 'i'
	keyIdentity  = "m/identity"

	tagFragment = 1
	tagName     = 2

	hashLen = len(events.Hash{})
)

type (
	eventKey  [9]byte
	streamKey [18]byte // without the position
	idKey     [17]byte
)

func newEventKey(p events.Position) (k eventKey) {
	k[0] = prefixEvent
	binary.BigEndian.PutUint64(k[1:], uint64(p))
	return k
}

func newStreamKey(stream string) (k streamKey) {
	k[0] = prefixStream
	if fragment, ok := events.StreamFragment(stream); ok {
		k[1] = tagFragment
		copy(k[2:], fragment[:])
		return k
	}
	k[1] = tagName
	sum := sha256.Sum256([]byte(stream))
	copy(k[2:], sum[:])
	return k
}

// newIDKey hashes with a cryptographic hash: ids come from browsers anybody can drive, and two that collide would
// make one event swallow another. The length keeps ("a", "bc") and ("ab", "c") apart.
func newIDKey(source, id string) (k idKey) {
	var room [128]byte
	b := binary.AppendUvarint(room[:0], uint64(len(source)))
	b = append(append(b, source...), id...)
	sum := sha256.Sum256(b)
	k[0] = prefixID
	copy(k[1:], sum[:])
	return k
}

// appendPosition returns the full key of a stream's entry.
func appendPosition(dst []byte, stream *streamKey, p events.Position) []byte {
	return binary.BigEndian.AppendUint64(append(dst, stream[:]...), uint64(p))
}

// keyPosition returns the position a key or an id's value ends in.
func keyPosition(b []byte) (events.Position, bool) {
	if len(b) < 8 {
		return 0, false
	}
	return events.Position(binary.BigEndian.Uint64(b[len(b)-8:])), true
}

// prefixEnd returns the first key after all keys that begin with prefix.
func prefixEnd(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		end[i]++
		if end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// Pair is one key and value of the store.
type Pair struct{ Key, Value []byte }

// RawPairs returns the pairs that r lies in the store as, byte for byte, so that a benchmark can have a bare engine
// write the same. r must have its Position, RecordedAt and Hash.
func RawPairs(r *events.Recorded) []Pair {
	event, stream, id := newEventKey(r.Position), newStreamKey(r.Stream), newIDKey(r.Source, r.ID)
	return []Pair{
		{Key: event[:], Value: events.AppendRecord(append([]byte(nil), r.Hash[:]...), r)},
		{Key: appendPosition(nil, &stream, r.Position)},
		{Key: id[:], Value: binary.BigEndian.AppendUint64(nil, uint64(r.Position))},
	}
}

// decodeEvent reads the value of an event key into r.
func decodeEvent(value []byte, want events.Position, r *events.Recorded) error {
	if len(value) < hashLen {
		return fmt.Errorf("the value has %d bytes", len(value))
	}
	if err := events.DecodeRecord(value[hashLen:], r); err != nil {
		return err
	}
	if r.Position != want {
		return fmt.Errorf("the record says position %d", r.Position)
	}
	copy(r.Hash[:], value)
	return nil
}
