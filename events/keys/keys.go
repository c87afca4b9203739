// Package keys is how a store with sorted keys finds events: what is found where is the same in every store of c360 that
// stands on Pebble, and is on people's disks, so no byte of it may change.
//
//	e <position 8>                  an event
//	s <stream 17> <position 8>      that it is in a stream: a tag, and a fragment's id or the hash of any other name
//	i <sha-256 of source and id 16> that an event of this identity is there
//
// Numbers are big endian, so that keys sort by position. What lies under a key is the store's own affair.
package keys

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/c360hq/c360/events"
)

// The first byte of a key says what it is the key of.
const (
	PrefixEvent  = 'e'
	PrefixStream = 's'
	PrefixID     = 'i'

	tagFragment = 1
	tagName     = 2
)

type (
	// Event is the key of an event.
	Event [9]byte
	// Stream begins the keys of all events of a stream; see At. Two streams may share one.
	Stream [18]byte
	// ID is the key of an event's identity.
	ID [17]byte
)

// NewEvent returns the key of the event at p.
func NewEvent(p events.Position) (k Event) {
	k[0] = PrefixEvent
	binary.BigEndian.PutUint64(k[1:], uint64(p))
	return k
}

// NewStream returns the key of a stream.
func NewStream(stream string) (k Stream) {
	k[0] = PrefixStream
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

// NewID hashes with a cryptographic hash: ids come from browsers anybody can drive, and two that collide would
// make one event swallow another. The length keeps ("a", "bc") and ("ab", "c") apart.
func NewID(source, id string) (k ID) {
	var room [128]byte
	b := binary.AppendUvarint(room[:0], uint64(len(source)))
	b = append(append(b, source...), id...)
	sum := sha256.Sum256(b)
	k[0] = PrefixID
	copy(k[1:], sum[:])
	return k
}

// At returns the full key of the stream's event at p.
func (k *Stream) At(p events.Position) []byte {
	return binary.BigEndian.AppendUint64(k[:len(k):len(k)], uint64(p))
}

// Position returns the position that a key, or the value of an ID, ends in.
func Position(b []byte) (events.Position, bool) {
	if len(b) < 8 {
		return 0, false
	}
	return events.Position(binary.BigEndian.Uint64(b[len(b)-8:])), true
}
