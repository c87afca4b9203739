package profile

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// state is a row of profile_fragments.
type state struct {
	// How many rows of other tables the fragment has.
	orders, cases, notes uint64

	traits   section[traits]
	consents section[consents]
	money    section[money]

	// of this batch
	renamed bool
	oldName called // when renamed: the name before
}

// section is a part of a state that few events touch: it is decoded when it is first needed, and written as it was
// read unless it was changed.
type section[T any] struct {
	raw     string
	value   T
	open    bool
	changed bool
	err     error
}

// get returns the value for reading.
func (s *section[T]) get(decode func(*projections.Decoder) T) *T {
	if !s.open {
		d := projections.DecodeText(s.raw)
		s.value, s.open, s.err = decode(d), true, d.Err()
	}
	return &s.value
}

// change returns the value for changing.
func (s *section[T]) change(decode func(*projections.Decoder) T) *T {
	s.changed = true
	return s.get(decode)
}

func (s *section[T]) encode(e *projections.Encoder, encode func(*projections.Encoder, *T)) error {
	if s.changed {
		inner := projections.NewEncoder(len(s.raw) + 128)
		encode(inner, &s.value)
		s.raw, s.changed = string(inner.Bytes()), false
	}
	e.Text(s.raw)
	return s.err
}

// stateVersion begins every state blob.
const stateVersion = 2

func encodeState(f uuid.UUID, s *state) (projections.Row, error) {
	e := projections.NewEncoder(32 + len(s.traits.raw) + len(s.consents.raw) + len(s.money.raw))
	e.Uint(stateVersion)
	e.Uint(s.orders)
	e.Uint(s.cases)
	e.Uint(s.notes)
	if err := s.traits.encode(e, encodeTraits); err != nil {
		return nil, err
	}
	if err := s.consents.encode(e, encodeConsents); err != nil {
		return nil, err
	}
	if err := s.money.encode(e, encodeMoney); err != nil {
		return nil, err
	}
	return projections.Row{f[:], e.Bytes()}, nil
}

func decodeState(r projections.Row) (uuid.UUID, state, error) {
	var s state
	d := projections.NewDecoder(blobOf(r[1]))
	if d.Uint() != stateVersion {
		return uuid.UUID{}, s, projections.ErrBlob
	}
	s.orders, s.cases, s.notes = d.Uint(), d.Uint(), d.Uint()
	s.traits.raw, s.consents.raw, s.money.raw = d.Text(), d.Text(), d.Text()
	return idOf(r[0]), s, d.Err()
}
