package query

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"
)

// finding is one customer and why it was found.
type finding struct {
	customer uuid.UUID
	matched  Matched
}

// findings collects customers, each once, for the first and so surest reason; those who only claim what was looked
// for come after everybody else.
type findings struct {
	proven, claimed []finding
	seen            map[uuid.UUID]bool // proven ones
	want            int
	tells           func(customer uuid.UUID) bool // nil: of everybody
}

// enough reports whether looking on can change nothing on the page that was asked for. Claimed ones do not count: a
// proven one that is still to come goes before them.
func (f *findings) enough() bool { return len(f.proven) >= f.want }

func (f *findings) add(customer uuid.UUID, m Matched) {
	switch {
	case customer == uuid.UUID{} || f.seen[customer] || f.tells != nil && !f.tells(customer):
	case m.Proven:
		f.seen[customer] = true
		f.proven = append(f.proven, finding{customer, m})
	default:
		f.claimed = append(f.claimed, finding{customer, m})
	}
}

// page returns the findings from a place on, and the cursor of the next page.
func (f *findings) page(from, limit int) (page []finding, next string) {
	all := f.proven
	claimed := map[uuid.UUID]bool{}
	for _, x := range f.claimed {
		if !f.seen[x.customer] && !claimed[x.customer] {
			claimed[x.customer] = true
			all = append(all, x)
		}
	}
	all = all[:min(len(all), maxFound)]
	if from >= len(all) {
		return nil, ""
	}
	end := min(from+limit, len(all))
	if end < len(all) {
		next = placeToken(end)
	}
	return all[from:end], next
}

// A search cursor is how many findings came before: a search is over in a minute, and what arrives meanwhile moves
// little.
const placeVersion = 2

func placeToken(place int) string {
	b := binary.AppendUvarint([]byte{placeVersion}, uint64(place)) //nolint:gosec // not negative
	return base64.RawURLEncoding.EncodeToString(b)
}

func parsePlace(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < 2 || b[0] != placeVersion {
		return 0, badPlace()
	}
	place, n := binary.Uvarint(b[1:])
	if n != len(b)-1 || place == 0 || place > maxFound {
		return 0, badPlace()
	}
	return int(place), nil
}

func badPlace() error {
	return wrongParam("cursor", "cursor is not one that was handed out; give next of the answer before as it is, or leave it out")
}
