package projections

import (
	"crypto/sha256"

	"github.com/c360hq/c360/events"
)

// eventKey is a hash of (source, id). 16 bytes of it collide once in 10^19 events.
type eventKey [16]byte

func seenKey(t *Touch) eventKey {
	b := make([]byte, 0, 128)
	b = append(append(append(b, t.Source...), 0), t.ID...)
	sum := sha256.Sum256(b)
	return eventKey(sum[:16])
}

var seen = &States[eventKey, events.Position]{
	Table: SeenTable,
	Key:   func(k eventKey) []any { return []any{k[:]} },
	Decode: func(r Row) (eventKey, events.Position, error) {
		return eventKey(r[0].([]byte)), events.Position(r[1].(int64)), nil
	},
	Encode: func(k eventKey, p *events.Position) (Row, error) {
		return Row{k[:], int64(*p)}, nil
	},
}

// repeated reports whether the event was folded from an earlier position, and remembers it if not.
func (f *folder) repeated(t *Touch) bool {
	k := seenKey(t)
	if _, ok := seen.See(f.work, k); ok {
		return true
	}
	*seen.Change(f.work, k) = t.Position
	return false
}
