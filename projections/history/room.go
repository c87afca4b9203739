package history

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Room is the read model of histories. It is stateless and may be shared.
type Room struct{}

var _ projections.Room = (*Room)(nil)

// New returns the room.
func New() *Room { return &Room{} }

// Name returns "history".
func (r *Room) Name() string { return "history" }

// Version is the version of the fold and its tables.
func (r *Room) Version() int { return 1 }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table { return []*projections.Table{fragmentsTable} }

// Want asks for the fragment's row.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	if t.Somebody {
		fragments.Want(b, t.Fragment)
	}
}

// Fold takes the event in.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	if !t.Somebody {
		return nil
	}
	return fragments.Change(b, t.Fragment).see(t)
}

// Settle ends the batch: nobody is touched any more. Rooms that ask who was touched settle before.
func (r *Room) Settle(b *projections.Batch) error {
	for _, f := range fragments.Changed(b) {
		fragments.Change(b, f).isNew = false
	}
	return b.Err()
}

var fragmentsTable = &projections.Table{
	Name: "history_fragments",
	Doc:  "The touchpoints of each fragment, made small, as rules and models read them.",
	Columns: []projections.Column{
		{Name: "fragment", Kind: projections.Blob, Doc: "Fragment id."},
		{Name: "touchpoints", Kind: projections.Int, Doc: "How many touchpoints are kept apart."},
		{Name: "latest", Kind: projections.Int, Doc: "Time of the latest, Unix microseconds."},
		{Name: "state", Kind: projections.Blob, Doc: "The touchpoints; see encodeState."},
	},
	KeyLen: 1,
}

var fragments = &projections.States[uuid.UUID, state]{
	Table:  fragmentsTable,
	Key:    func(f uuid.UUID) []any { return []any{f[:]} },
	Decode: decodeState,
	Encode: encodeState,
}

// stateVersion begins every state blob.
const stateVersion = 1

func encodeState(f uuid.UUID, s *state) (projections.Row, error) {
	if s.changed {
		s.packed, s.changed = pack(s.open), false
	}
	size := max(len(s.bytes), len(s.raw)) + 64
	for _, t := range s.texts {
		size += len(t) + 2
	}
	e := projections.NewEncoder(size)
	e.Uint(stateVersion)
	for _, n := range [...]int{s.count, s.fields, s.items, s.traits, len(s.texts)} {
		e.Uint(uint64(n)) // #nosec G115 -- a count
	}
	for _, t := range s.texts {
		e.Text(t)
	}
	e.Int(s.lastAt)
	e.Fixed(s.lastKey)
	encodeKinds(e, s.kinds)
	encodeOlder(e, s.older)
	e.Text(s.all())
	return projections.Row{f[:], int64(s.count), s.lastAt, e.Bytes()}, nil
}

func encodeKinds(e *projections.Encoder, kinds []Kind) {
	e.Uint(uint64(len(kinds)))
	for _, k := range kinds {
		e.Text(k.Name)
		e.Uint(uint64(k.Grade))
		e.Int(k.Since)
	}
}

func encodeOlder(e *projections.Encoder, older []Older) {
	e.Uint(uint64(len(older)))
	for i := range older {
		o := &older[i]
		e.Text(o.Type)
		e.Int(o.Count)
		e.Int(o.First)
		e.Int(o.Last)
		e.Uint(uint64(len(o.Amounts)))
		for _, a := range o.Amounts {
			e.Text(a.Currency)
			e.Int(int64(a.Amount))
		}
	}
}

func decodeState(r projections.Row) (uuid.UUID, state, error) {
	f, s, err := decodeRow(r)
	if err != nil {
		err = fmt.Errorf("the history of a fragment: %w", err)
	}
	return f, s, err
}

func decodeRow(r projections.Row) (uuid.UUID, state, error) {
	var f uuid.UUID
	var s state
	key, _ := r[0].([]byte)
	blob, _ := r[3].([]byte)
	copy(f[:], key)
	d := projections.NewDecoder(blob)
	if d.Uint() != stateVersion {
		return f, s, projections.ErrBlob
	}
	// A touchpoint, a field, an item and a trait take a byte at least each, so a damaged blob cannot ask for all memory.
	s.count, s.fields, s.items, s.traits = d.Len(), d.Len(), d.Len(), d.Len()
	s.texts = make([]string, d.Len())
	for i := range s.texts {
		s.texts[i] = d.Text()
	}
	s.lastAt, s.lastKey = d.Int(), d.Fixed()
	s.kinds, s.older = decodeKinds(d), decodeOlder(d)
	s.raw = d.Text()
	return f, s, d.Err()
}

func decodeKinds(d *projections.Decoder) []Kind {
	kinds := make([]Kind, d.Len())
	for i := range kinds {
		kinds[i] = Kind{d.Text(), events.Grade(d.Uint()), d.Int()} // #nosec G115 -- a grade
	}
	return kinds
}

func decodeOlder(d *projections.Decoder) []Older {
	var older []Older
	for range d.Len() {
		o := Older{Type: d.Text(), Count: d.Int(), First: d.Int(), Last: d.Int()}
		for range d.Len() {
			o.Amounts = append(o.Amounts, Amount{d.Text(), events.Money(d.Int())})
		}
		older = append(older, o)
	}
	return older
}
