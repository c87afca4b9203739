package history

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// chunkSize is how many touchpoints a chunk holds: few enough for one to stay below 1,002 bytes. Beyond that a row of SQLite's is spread
// over pages of its own (https://sqlite.org/fileformat2.html#b_tree_pages), which are read at every look-up that passes by it.
const chunkSize = 12

// chunkKey is a row of history_fragments: the head of a fragment, which is chunk 0, or one of its full chunks.
type chunkKey struct {
	fragment uuid.UUID
	number   int64
}

// chunk is the state of a row. The touchpoints of a fragment, in order, fill chunk after chunk; what is left over is in
// the head. So an event that comes in the order in which it happened changes the head, and now and then fills a chunk.
type chunk struct {
	packed
	open   []Touchpoint // decoded, if isOpen: of a head, and while a batch lasts that somebody was judged in
	isOpen bool
	gone   bool // the row goes

	head // of chunk 0 only
}

// head is what is known of a fragment as a whole.
type head struct {
	activity Activity

	full  int64 // how many full chunks there are
	older []Older
	kinds []Kind
	// lastAt and lastKey are those of the last touchpoint, wherever it is; total is how many there are.
	lastAt  int64
	lastKey uint64
	total   int
	sides   [2]side // the quiet ones and the weighty ones

	made *History // of the fragment alone, until the batch brings more of it or ends

	brought []Touchpoint // of this batch, not put in its place yet
	isNew   bool         // the batch brought something
	from    int64        // the earliest time of that, Unix microseconds
	isCut   bool         // the batch left fewer of the past than there were
}

// see takes an event in.
func (c *chunk) see(t *projections.Touch) {
	c.activity.see(t)
	p := touchpointOf(t)
	if !c.isNew || p.At < c.from {
		c.isNew, c.from = true, p.At
	}
	for _, id := range t.Identifiers {
		c.kinds = addKind(c.kinds, Kind{id.Kind, max(id.Grade, events.Claimed), p.At})
	}
	c.brought = append(c.brought, p)
}

// place puts what a batch brought of a fragment where it belongs, and returns its head; nil if there is none.
func place(b *projections.Batch, f uuid.UUID) (*chunk, error) {
	c, found := chunks.See(b, chunkKey{f, 0})
	switch {
	case !found:
		return nil, b.Err()
	case len(c.brought) == 0:
		return c, b.Err()
	}
	return c, c.place(b, f)
}

// place puts what a batch brought where it belongs; the head is among what the batch changes already.
func (c *chunk) place(b *projections.Batch, f uuid.UUID) error {
	list := c.brought
	c.brought, c.made = nil, nil
	slices.SortFunc(list, func(a, b Touchpoint) int { return compare(&a, &b) })
	if c.follows(&list[0]) && c.fits(list) {
		return c.extend(b, f, list)
	}
	if done, err := c.insert(b, f, list); done || err != nil {
		return err
	}
	all, err := everything(b, f, c)
	if err != nil {
		return err
	}
	return c.lay(b, f, c.trim(mergeInto(all, list)))
}

// follows reports whether a touchpoint comes after all that are there.
func (c *chunk) follows(p *Touchpoint) bool {
	return c.total == 0 || cmp.Or(cmp.Compare(p.At, c.lastAt), cmp.Compare(p.Key, c.lastKey)) > 0
}

// extend writes touchpoints behind those that are there.
func (c *chunk) extend(b *projections.Batch, f uuid.UUID, list []Touchpoint) error {
	for i := range list {
		if i > 0 && compare(&list[i], &list[i-1]) == 0 {
			continue // told twice
		}
		c.append(&list[i])
		if c.isOpen {
			c.open = append(c.open, list[i])
		}
		c.total, c.lastAt, c.lastKey = c.total+1, list[i].At, list[i].Key
		c.sides[list[i].side()].add(&list[i])
		if c.count == chunkSize {
			c.fill(b, f)
		}
	}
	return b.Err()
}

// insert writes touchpoints among those of the head, if they come after all that is in chunks: what is told a little late, as two
// shops tell, costs no look at the rest.
func (c *chunk) insert(b *projections.Batch, f uuid.UUID, list []Touchpoint) (done bool, err error) {
	if c.count == 0 || !c.fits(list) {
		return false, nil
	}
	last, err := c.unfold(b, f)
	if err != nil || compare(&list[0], &last[0]) < 0 {
		return false, err
	}
	c.withdraw(last)
	c.packed, c.open, c.isOpen = packed{}, nil, false
	return true, c.extend(b, f, mergeInto(last, list))
}

// withdraw takes back that the last touchpoints were counted.
func (c *chunk) withdraw(last []Touchpoint) {
	c.total -= len(last)
	for i := range last {
		c.sides[last[i].side()].count--
	}
	for i := range c.sides {
		if s := &c.sides[i]; s.landmark >= s.count {
			s.landmark = 0
		}
	}
}

// fill makes the head's touchpoints a chunk of their own.
func (c *chunk) fill(b *projections.Batch, f uuid.UUID) {
	c.full++
	*chunks.Fresh(b, chunkKey{f, c.full}) = chunk{packed: c.packed}
	c.packed, c.open, c.isOpen = packed{}, nil, false
}

// lay writes all touchpoints of a fragment anew, as far as they are elsewhere than they were.
func (c *chunk) lay(b *projections.Batch, f uuid.UUID, list []Touchpoint) error {
	had := c.full
	c.full, c.total = int64(len(list)/chunkSize), len(list)
	c.sides = sidesOf(list)
	for i := int64(1); i <= max(had, c.full); i++ {
		if i > c.full {
			*chunks.Fresh(b, chunkKey{f, i}) = chunk{gone: true}
			continue
		}
		is := list[(i-1)*chunkSize : i*chunkSize]
		p := pack(is)
		if was, found := chunks.See(b, chunkKey{f, i}); found && was.equal(&p) {
			continue
		}
		*chunks.Fresh(b, chunkKey{f, i}) = chunk{packed: p}
	}
	c.packed, c.open, c.isOpen = pack(list[c.full*chunkSize:]), nil, false
	if n := len(list); n > 0 {
		c.lastAt, c.lastKey = list[n-1].At, list[n-1].Key
	}
	return b.Err()
}

func same(a, b Touchpoint) bool { return a.At == b.At && a.Key == b.Key }

// mergeInto puts sorted touchpoints among others, those told twice once.
func mergeInto(all, list []Touchpoint) []Touchpoint {
	all = append(slices.Clone(all), list...)
	slices.SortStableFunc(all, func(a, b Touchpoint) int { return compare(&a, &b) })
	return slices.CompactFunc(all, same)
}

// everything returns all touchpoints of a fragment, decoded, in order, but for what was brought.
func everything(b *projections.Batch, f uuid.UUID, c *chunk) ([]Touchpoint, error) {
	last, err := c.unfold(b, f)
	if err != nil || c.full == 0 {
		return last, err
	}
	wantChunks(b, f, c)
	all := make([]Touchpoint, 0, c.total+1)
	for i := int64(1); i <= c.full; i++ {
		x, _ := chunks.See(b, chunkKey{f, i})
		if all, err = x.unpack(f, all); err != nil {
			return nil, err
		}
	}
	return append(all, last...), b.Err()
}

func wantChunks(b *projections.Batch, f uuid.UUID, c *chunk) {
	for i := int64(1); i <= c.full; i++ {
		chunks.Want(b, chunkKey{f, i})
	}
}

// unfold returns the touchpoints of the head of fragment f, decoded until the batch ends.
func (c *chunk) unfold(b *projections.Batch, f uuid.UUID) ([]Touchpoint, error) {
	if !c.isOpen {
		open, err := c.unpack(f, nil)
		if err != nil {
			return nil, err
		}
		c.open, c.isOpen = open, true
		b.AtEnd(c.close)
	}
	return c.open, nil
}

// close lets go of what was decoded: that takes twenty times the memory of what is stored.
func (c *chunk) close() { c.open, c.isOpen, c.made = nil, false, nil }

func olderOf(t *Touchpoint) *Older {
	o := &Older{Type: t.Type, Count: 1, First: t.At, Last: t.At}
	if t.HasAmount {
		o.Amounts = []Amount{{t.Currency, t.Amount}}
	}
	return o
}

// addOlder adds sums to those of the same type. The list is sorted by type.
func addOlder(list []Older, o *Older) []Older {
	i, found := slices.BinarySearchFunc(list, o.Type, func(a Older, name string) int { return cmp.Compare(a.Type, name) })
	if !found {
		return slices.Insert(slices.Clone(list), i, *o)
	}
	list = slices.Clone(list)
	x := &list[i]
	x.Count, x.First, x.Last = x.Count+o.Count, min(x.First, o.First), max(x.Last, o.Last)
	x.Amounts = slices.Clone(x.Amounts)
	for _, a := range o.Amounts {
		x.Amounts = addAmount(x.Amounts, a)
	}
	return list
}

func addAmount(list []Amount, a Amount) []Amount {
	i, found := slices.BinarySearchFunc(list, a.Currency, func(x Amount, name string) int { return cmp.Compare(x.Currency, name) })
	if !found {
		return slices.Insert(list, i, a)
	}
	list[i].Amount += a.Amount
	return list
}

// addKind keeps the earliest time for each kind and grade. The list is sorted by name and grade.
func addKind(list []Kind, k Kind) []Kind {
	i, found := slices.BinarySearchFunc(list, k, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Grade, b.Grade))
	})
	switch {
	case !found:
		list = slices.Insert(slices.Clone(list), i, k)
		return list[:min(len(list), maxKinds)]
	case k.Since < list[i].Since:
		list = slices.Clone(list)
		list[i].Since = k.Since
	}
	return list
}

// maxKinds bounds the kinds of one fragment; of more, the least names are kept.
const maxKinds = 64
