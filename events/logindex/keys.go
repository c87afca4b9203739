package logindex

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// The pairs of the store. Package keys makes the keys of events, streams and ids.
//
//	e <position 8>             → <place 16> <hash 16> <recorded at 8> <revision 8>
//	s <stream 17> <position 8> → nothing
//	r <stream 17>              → <revision 8>, the highest, if the engine has any
//	i <source and id 16>       → <position 8>
//	m/log                      → the format of this page and the name of the log
//	m/end                      → <place 16>
const (
	prefixRevision = 'r'
	keyLog         = "m/log"
	keyEnd         = "m/end"

	format   = "1\n"
	entryLen = 16 + len(events.Hash{}) + 8 + 8
)

// revisionKey returns the key of a stream's highest revision.
func revisionKey(stream *keys.Stream) keys.Stream {
	out := *stream
	out[0] = prefixRevision
	return out
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
	p, ok := keys.Position(key)
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
