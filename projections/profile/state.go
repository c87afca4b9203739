package profile

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// state is a row of profile_fragments.
type state struct {
	first, last int64 // Unix microseconds
	lastChannel string
	events      int64
	counts      counts
	days        channelDays
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
const stateVersion = 1

func encodeState(f uuid.UUID, s *state) (projections.Row, error) {
	e := projections.NewEncoder(192 + len(s.traits.raw) + len(s.consents.raw) + len(s.money.raw))
	e.Uint(stateVersion)
	e.Text(s.lastChannel)
	e.Uint(s.orders)
	e.Uint(s.cases)
	e.Uint(s.notes)
	s.counts.encode(e)
	s.days.encode(e)
	if err := s.traits.encode(e, encodeTraits); err != nil {
		return nil, err
	}
	if err := s.consents.encode(e, encodeConsents); err != nil {
		return nil, err
	}
	if err := s.money.encode(e, encodeMoney); err != nil {
		return nil, err
	}
	return projections.Row{f[:], s.first, s.last, s.events, e.Bytes()}, nil
}

func decodeState(r projections.Row) (uuid.UUID, state, error) {
	s := state{first: intOf(r[1]), last: intOf(r[2]), events: intOf(r[3])}
	d := projections.NewDecoder(blobOf(r[4]))
	if d.Uint() != stateVersion {
		return uuid.UUID{}, s, projections.ErrBlob
	}
	s.lastChannel = d.Text()
	s.orders, s.cases, s.notes = d.Uint(), d.Uint(), d.Uint()
	s.counts = decodeCounts(d)
	s.days = decodeDays(d)
	s.traits.raw, s.consents.raw, s.money.raw = d.Text(), d.Text(), d.Text()
	return idOf(r[0]), s, d.Err()
}

// see counts an event.
func (s *state) see(t *projections.Touch) {
	at, channel := t.Time.UnixMicro(), string(t.Channel)
	if s.events == 0 || at < s.first {
		s.first = at
	}
	if s.events == 0 || at > s.last || at == s.last && channel > s.lastChannel {
		s.last, s.lastChannel = at, channel
	}
	s.events++
	s.counts.add(countKey{t.Source, t.Type, channel}, 1)
	s.days.of(channel).add(dayOf(at), 1)
}
