package logindex

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/c360hq/c360/events"
)

// The pairs of the store. Numbers are big endian, so that keys sort by position.
//
//	e <position 8>                  → <place 16> <hash 16> <recorded at 8> <revision 8>
//	s <stream 17> <position 8>      → nothing
//	r <stream 17>                   → <revision 8>, the highest, if the engine has any
//	i <sha-256 of source and id 16> → <position 8>
//	m/log                           → the format of this page and the name of the log
//	m/end                           → <place 16>
const (
	prefixEvent    = 'e'
	prefixStream   = 's'
	prefixRevision = 'r'
	prefixID       = 'i'
	keyLog         = "m/log"
	keyEnd         = "m/end"

	tagFragment = 1
	tagName     = 2

	format   = "1\n"
	entryLen = 16 + len(events.Hash{}) + 8 + 8
)

type (
	// StreamKey stands for the name of a stream: a fragment's id, or a hash of any other name.
	StreamKey [18]byte
	// IDKey stands for (source, id): a cryptographic hash, since ids come from browsers that anybody can drive.
	IDKey    [17]byte
	eventKey [9]byte
)

// NewStreamKey returns the key of a stream.
func NewStreamKey(stream string) (k StreamKey) {
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

// NewIDKey returns the key of an event's identity. The length keeps ("a", "bc") and ("ab", "c") apart.
func NewIDKey(source, id string) (k IDKey) {
	var room [128]byte
	b := binary.AppendUvarint(room[:0], uint64(len(source)))
	b = append(append(b, source...), id...)
	sum := sha256.Sum256(b)
	k[0] = prefixID
	copy(k[1:], sum[:])
	return k
}

func newEventKey(p events.Position) (k eventKey) {
	k[0] = prefixEvent
	binary.BigEndian.PutUint64(k[1:], uint64(p))
	return k
}

// at returns the full key of a stream's event.
func (k *StreamKey) at(p events.Position) []byte {
	return binary.BigEndian.AppendUint64(k[:len(k):len(k)], uint64(p))
}

// revision returns the key of a stream's highest revision.
func (k *StreamKey) revision() StreamKey {
	out := *k
	out[0] = prefixRevision
	return out
}

// keyPosition returns the position a key or an id's value ends in.
func keyPosition(b []byte) (events.Position, bool) {
	if len(b) < 8 {
		return 0, false
	}
	return events.Position(binary.BigEndian.Uint64(b[len(b)-8:])), true
}

func appendPlace(dst []byte, p Place) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(dst, p.Major), p.Minor)
}

func decodePlace(b []byte) (Place, error) {
	if len(b) < 16 {
		return Place{}, errors.New("a place is cut short")
	}
	return Place{Major: binary.BigEndian.Uint64(b), Minor: binary.BigEndian.Uint64(b[8:])}, nil
}

// appendEntry appends the value of an event key.
func appendEntry(dst []byte, e *Entry) []byte {
	dst = append(appendPlace(dst, e.Place), e.Hash[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(e.RecordedAt.UnixNano()))
	return binary.BigEndian.AppendUint64(dst, e.Revision)
}

func decodeEntry(key, value []byte) (e Entry, err error) {
	p, ok := keyPosition(key)
	if !ok || len(value) != entryLen {
		return e, errors.New("an entry is cut short")
	}
	e.Position = p
	e.Place, _ = decodePlace(value)
	copy(e.Hash[:], value[16:])
	e.RecordedAt = time.Unix(0, int64(binary.BigEndian.Uint64(value[32:]))).UTC() //nolint:gosec // the sign bit travels along
	e.Revision = binary.BigEndian.Uint64(value[40:])
	return e, nil
}
