package pebblelog

import (
	"encoding/binary"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// Every event lies in the store as three pairs, whose keys package keys makes:
//
//	e <position 8>             → <chain hash 16> <record>
//	s <stream 17> <position 8> → nothing
//	i <source and id 16>       → <position 8>
//
// The store's identity (m) is the only other key.
const (
	keyIdentity = "m/identity"

	hashLen = len(events.Hash{})
)

// Pair is one key and value of the store.
type Pair struct{ Key, Value []byte }

// RawPairs returns the pairs that r lies in the store as, byte for byte, so that a benchmark can have a bare engine
// write the same. r must have its Position, RecordedAt and Hash.
func RawPairs(r *events.Recorded) []Pair {
	event, stream, id := keys.NewEvent(r.Position), keys.NewStream(r.Stream), keys.NewID(r.Source, r.ID)
	return []Pair{
		{Key: event[:], Value: events.AppendRecord(append([]byte(nil), r.Hash[:]...), r)},
		{Key: stream.At(r.Position)},
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
