package history

import (
	"fmt"

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
func (r *Room) Version() int { return 4 }

// Tables returns the room's tables.
func (r *Room) Tables() []*projections.Table { return []*projections.Table{fragmentsTable} }

// Want asks for the head of the fragment.
func (r *Room) Want(b *projections.Batch, t *projections.Touch) {
	if t.Somebody {
		chunks.Want(b, chunkKey{t.Fragment, 0})
	}
}

// Fold takes the event in.
func (r *Room) Fold(b *projections.Batch, t *projections.Touch) error {
	if t.Somebody {
		chunks.Change(b, chunkKey{t.Fragment, 0}).see(t)
	}
	return nil
}

// Settle puts what the batch brought in its place and ends it: nobody is touched any more. Rooms that ask who was touched
// settle before.
func (r *Room) Settle(b *projections.Batch) error {
	for _, t := range TouchedIn(b) {
		c, err := place(b, t.Fragment)
		if err != nil {
			return err
		}
		c.isNew, c.isCut = false, false
	}
	return b.Err()
}

var fragmentsTable = &projections.Table{
	Name: "history_fragments",
	Doc:  "The touchpoints of each fragment, made small, as rules and models read them.",
	Columns: []projections.Column{
		{Name: "fragment", Kind: projections.Blob, Doc: "Fragment id."},
		{Name: "chunk", Kind: projections.Int, Doc: "0 for the latest touchpoints and what is known of the fragment as a whole; those before them in chunks from 1."},
		{Name: "first_seen", Kind: projections.Int, Doc: "In chunk 0: time of the fragment's earliest event, Unix microseconds."},
		{Name: "last_seen", Kind: projections.Int, Doc: "In chunk 0: time of the fragment's latest event, Unix microseconds."},
		{Name: "events", Kind: projections.Int, Doc: "In chunk 0: how many events the fragment has."},
		{Name: "state", Kind: projections.Blob, Doc: "Counts, days and touchpoints; see encodeChunk."},
	},
	KeyLen: 2,
}

var chunks = &projections.States[chunkKey, chunk]{
	Table:  fragmentsTable,
	Key:    func(k chunkKey) []any { return []any{k.fragment[:], k.number} },
	Decode: decodeChunk,
	Encode: encodeChunk,
}

// stateVersion begins every state blob.
const stateVersion = 3

func encodeChunk(k chunkKey, c *chunk) (projections.Row, error) {
	if c.gone {
		return nil, nil
	}
	size := max(len(c.bytes), len(c.raw)) + 64
	for _, t := range c.texts {
		size += len(t) + 2
	}
	e := projections.NewEncoder(size)
	e.Uint(stateVersion)
	if k.number == 0 {
		c.encodeHead(e)
	}
	for _, n := range [...]int{c.count, c.fields, c.items, c.traits, len(c.texts)} {
		e.Uint(uint64(n)) // #nosec G115 -- a count
	}
	for _, t := range c.texts {
		e.Text(t)
	}
	e.Int(c.end)
	e.Text(c.all())
	return projections.Row{k.fragment[:], k.number, c.activity.First, c.activity.Last, c.activity.Events, e.Bytes()}, nil
}

func (h *head) encodeHead(e *projections.Encoder) {
	h.activity.encode(e)
	e.Int(h.full)
	e.Uint(uint64(h.total)) // #nosec G115 -- a count
	e.Int(h.lastAt)
	e.Fixed(h.lastKey)
	for _, s := range h.sides {
		e.Uint(uint64(s.count))    // #nosec G115 -- a count
		e.Uint(uint64(s.landmark)) // #nosec G115 -- a place
	}
	e.Uint(uint64(len(h.kinds)))
	for _, k := range h.kinds {
		e.Text(k.Name)
		e.Uint(uint64(k.Grade))
		e.Int(k.Since)
	}
	e.Uint(uint64(len(h.older)))
	for i := range h.older {
		encodeOlder(e, &h.older[i])
	}
}

func encodeOlder(e *projections.Encoder, o *Older) {
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

func decodeChunk(r projections.Row) (chunkKey, chunk, error) {
	k := chunkKey{}
	key, _ := r[0].([]byte)
	copy(k.fragment[:], key)
	k.number, _ = r[1].(int64)
	blob, _ := r[5].([]byte)
	c, err := decodeState(r, projections.NewDecoder(blob), k.number == 0)
	if err != nil {
		err = fmt.Errorf("the history of a fragment: %w", err)
	}
	return k, c, err
}

func decodeState(r projections.Row, d *projections.Decoder, isHead bool) (chunk, error) {
	var c chunk
	if d.Uint() != stateVersion {
		return c, projections.ErrBlob
	}
	if isHead {
		c.head = decodeHead(r, d)
	}
	// A touchpoint, a field, an item and a trait take a byte at least each, so a damaged blob cannot ask for all memory.
	c.count, c.fields, c.items, c.traits = d.Len(), d.Len(), d.Len(), d.Len()
	c.texts = make([]string, d.Len())
	for i := range c.texts {
		c.texts[i] = d.Text()
	}
	c.end = d.Int()
	c.raw = d.Text()
	return c, d.Err()
}

func decodeHead(r projections.Row, d *projections.Decoder) head {
	h := head{activity: decodeActivity(r, d)}
	h.decodeRest(d)
	return h
}

// decodeRest decodes what comes after the activity.
func (h *head) decodeRest(d *projections.Decoder) {
	h.full, h.total, h.lastAt, h.lastKey = d.Int(), int(d.Uint()), d.Int(), d.Fixed() // #nosec G115 -- a count
	for i := range h.sides {
		h.sides[i] = side{int(d.Uint()), int(d.Uint())} // #nosec G115 -- counts
	}
	h.kinds = make([]Kind, d.Len())
	for i := range h.kinds {
		h.kinds[i] = Kind{d.Text(), events.Grade(d.Uint()), d.Int()} // #nosec G115 -- a grade
	}
	for range d.Len() {
		o := Older{Type: d.Text(), Count: d.Int(), First: d.Int(), Last: d.Int()}
		for range d.Len() {
			o.Amounts = append(o.Amounts, Amount{d.Text(), events.Money(d.Int())})
		}
		h.older = append(h.older, o)
	}
}
