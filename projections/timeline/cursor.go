package timeline

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"github.com/c360hq/c360/events"
)

// Cursor is a place between two rows of a timeline. The zero Cursor is none.
type Cursor struct {
	set      bool
	time     int64
	position events.Position
}

// CursorAt returns the place before everything that happened at or after t: a page before it holds what was earlier.
func CursorAt(t time.Time) Cursor { return Cursor{set: true, time: t.UnixMicro()} }

// Cursor returns the place of the row itself: neither a page before it nor one after it holds the row.
func (r *Row) Cursor() Cursor {
	return Cursor{set: true, time: r.Time.UnixMicro(), position: r.Position}
}

// IsZero reports whether there is no place.
func (c Cursor) IsZero() bool { return !c.set }

const cursorVersion = 1

// String returns the cursor as clients see it: a text that means nothing to them. None is "".
func (c Cursor) String() string {
	if !c.set {
		return ""
	}
	b := []byte{cursorVersion}
	b = binary.BigEndian.AppendUint64(b, uint64(c.time)) // #nosec G115 -- taken back by ParseCursor
	b = binary.BigEndian.AppendUint64(b, uint64(c.position))
	return base64.RawURLEncoding.EncodeToString(append(b, check(b)))
}

// ErrCursor: a cursor is not one that was handed out.
var ErrCursor = errors.New("the cursor is not valid; leave it out to begin at the newest event")

// ParseCursor is the inverse of String.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 18 || b[0] != cursorVersion || check(b[:17]) != b[17] {
		return Cursor{}, ErrCursor
	}
	c := Cursor{set: true, time: int64(binary.BigEndian.Uint64(b[1:]))} // #nosec G115 -- see String
	c.position = events.Position(binary.BigEndian.Uint64(b[9:]))
	if c.position > 1<<62 {
		return Cursor{}, ErrCursor
	}
	return c, nil
}

// check is a checksum against cursors cut or mistyped; a forged one does no harm.
func check(b []byte) byte {
	var sum byte
	for _, c := range b {
		sum = sum*31 + c + 7
	}
	return sum
}
