package segments

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"
)

// Place is a place in a list of customers by a time, or by their ids: that of the last one of a page. The zero Place is
// before all.
type Place struct {
	At int64 // Unix microseconds; 0 in a list by ids
	ID uuid.UUID
}

const placeVersion = 1

// String returns the cursor that clients see: a text that means nothing to them. The zero Place is "".
func (p Place) String() string {
	if p == (Place{}) {
		return ""
	}
	b := binary.BigEndian.AppendUint64([]byte{placeVersion}, uint64(p.At)) // #nosec G115 -- taken back by ParsePlace
	return base64.RawURLEncoding.EncodeToString(append(b, p.ID[:]...))
}

// ParsePlace is the inverse of String; false if that made no such text.
func ParsePlace(s string) (p Place, ok bool) {
	if s == "" {
		return p, true
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 25 || b[0] != placeVersion {
		return p, false
	}
	p.At = int64(binary.BigEndian.Uint64(b[1:])) // #nosec G115 -- see String
	copy(p.ID[:], b[9:])
	return p, p != Place{}
}

// Later is the order of the latest first, and of those of one moment of the greatest id first.
func (p Place) Later(other Place) int {
	return cmp.Or(cmp.Compare(other.At, p.At), bytes.Compare(other.ID[:], p.ID[:]))
}

// ByID is the order of the ids.
func (p Place) ByID(other Place) int { return bytes.Compare(p.ID[:], other.ID[:]) }
