package history

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// Need says what is read of histories where not all of them is: the rest is neither decoded nor there.
type Need struct {
	// By leaves out who had no touchpoint by a time, Unix microseconds.
	By int64
	// Kinds are the types of touchpoints that are wanted; with Traits all that say something about the person, too. Older
	// and Kinds of a History are there in any case.
	Kinds  []string
	Traits bool
}

// atOnce is how many customers are read before they are handed out: those of several fragments need theirs looked up.
const atOnce = 512

// Everybody is Scan for who needs a part only of each history; the groups must be those of the view. It holds some hundred
// customers at a time.
func (r *Room) Everybody(ctx context.Context, view projections.Reader, groups Groups, from, to []byte, need Need, each func(*History) error) error {
	g := gathering{view: view, groups: groups, need: need, each: each, seen: map[uuid.UUID]bool{}}
	for more := true; more; {
		var err error
		if from, more, err = g.some(ctx, from, to); err != nil {
			return err
		}
		if err = g.handOut(ctx); err != nil {
			return err
		}
	}
	return nil
}

// gathering is one look at everybody.
type gathering struct {
	view   projections.Reader
	groups Groups
	need   Need
	each   func(*History) error
	seen   map[uuid.UUID]bool // customers of several fragments that were met
	met    []*customer
}

// customer is one who was met at a fragment.
type customer struct {
	id    uuid.UUID
	first uuid.UUID   // the fragment that they were met at
	rest  []uuid.UUID // the others
	parts []*Fragment
	heard bool // of by Need.By
}

// some meets some customers from a row on, and says where it stopped, if it did.
func (g *gathering) some(ctx context.Context, from, to []byte) (next []byte, more bool, err error) {
	g.met = g.met[:0]
	var open *part
	err = g.view.Scan(ctx, fragmentsTable, stretch(from, to), func(row projections.Row) (bool, error) {
		f, number := rowOf(row)
		if number > 0 {
			return true, g.fill(open, row)
		}
		open.end()
		open = nil
		if len(g.met) == atOnce {
			next, more = slices.Clone(f[:]), true
			return false, nil
		}
		c := g.meet(f)
		if c == nil {
			return true, nil
		}
		g.met = append(g.met, c)
		open, err = g.head(c, f, row)
		return true, err
	})
	open.end()
	return next, more, err
}

// meet returns whom a fragment is of, nil if they were met.
func (g *gathering) meet(f uuid.UUID) *customer {
	c := &customer{id: f, first: f}
	if all := g.groups[f]; len(all) > 0 {
		c.id = slices.MinFunc(all, compareIDs)
		if g.seen[c.id] {
			return nil
		}
		g.seen[c.id] = true
		c.rest = slices.DeleteFunc(slices.Clone(all), func(x uuid.UUID) bool { return x == f })
	}
	return c
}

// part is a fragment that is being read: the touchpoints of its head come after those of its chunks.
type part struct {
	*Fragment
	last []Touchpoint
	long bool // there are chunks
}

func (p *part) end() {
	switch {
	case p == nil:
	case len(p.Touchpoints) == 0:
		p.Touchpoints = p.last
	default:
		p.Touchpoints = append(p.Touchpoints, p.last...)
	}
}

// head begins a fragment of a customer.
func (g *gathering) head(c *customer, f uuid.UUID, row projections.Row) (*part, error) {
	x, h, err := g.decode(f, row, true)
	if err != nil {
		return nil, err
	}
	p := &part{Fragment: &Fragment{ID: f, Older: h.older, Kinds: h.kinds}, last: x, long: h.full > 0}
	c.parts = append(c.parts, p.Fragment)
	c.heard = c.heard || h.activity.First <= g.need.By
	return p, nil
}

// fill adds a chunk to a fragment, nil if that is not wanted.
func (g *gathering) fill(p *part, row projections.Row) error {
	if p == nil {
		return nil
	}
	list, _, err := g.decode(p.ID, row, false)
	p.Touchpoints = append(p.Touchpoints, list...)
	return err
}

// handOut reads the other fragments of those who were met and hands them out.
func (g *gathering) handOut(ctx context.Context) error {
	if err := g.others(ctx); err != nil {
		return err
	}
	for _, c := range g.met {
		h := Merge(c.parts...)
		if !c.heard || compareIDs(h.Customer, c.first) < 0 { // those begin before the stretch
			continue
		}
		h.Customer = c.id
		if err := g.each(h); err != nil {
			return err
		}
	}
	return nil
}

// others reads the fragments that customers were not met at, all with one question but for those of many touchpoints.
func (g *gathering) others(ctx context.Context) error {
	of := map[uuid.UUID]*customer{}
	var keys [][]any
	for _, c := range g.met {
		for _, f := range c.rest {
			of[f] = c
			keys = append(keys, chunks.Key(chunkKey{f, 0}))
		}
	}
	var long []*part
	err := g.view.Get(ctx, fragmentsTable, keys, func(row projections.Row) error {
		f, _ := rowOf(row)
		p, err := g.head(of[f], f, row)
		switch {
		case err != nil:
		case p.long:
			long = append(long, p)
		default:
			p.end()
		}
		return err
	})
	for _, p := range long {
		if err != nil {
			break
		}
		r := projections.Range{Prefix: []any{p.ID[:]}, From: []any{int64(1)}}
		err = g.view.Scan(ctx, fragmentsTable, r, func(row projections.Row) (bool, error) { return true, g.fill(p, row) })
		p.end()
	}
	return err
}

func rowOf(row projections.Row) (f uuid.UUID, number int64) {
	key, _ := row[0].([]byte)
	copy(f[:], key)
	number, _ = row[1].(int64)
	return f, number
}

// decode decodes what is wanted of a row.
func (g *gathering) decode(f uuid.UUID, row projections.Row, isHead bool) ([]Touchpoint, *head, error) {
	blob, _ := row[5].([]byte)
	d := projections.NewDecoder(blob)
	if d.Uint() != stateVersion {
		return nil, nil, fmt.Errorf("the history of a fragment: %w", projections.ErrBlob)
	}
	h := &head{}
	if isHead {
		skipActivity(d)
		h.activity.First, _ = row[2].(int64)
		h.decodeRest(d)
	}
	list, err := g.need.touchpoints(f, d)
	if err != nil {
		err = fmt.Errorf("the history of a fragment: %w", err)
	}
	return list, h, err
}

// skipActivity reads past what Activity.encode wrote.
func skipActivity(d *projections.Decoder) {
	d.Text()
	d.Uint()
	for range d.Len() {
		decodeSame(d, "")
		d.Text()
		decodeSame(d, "")
		d.Uint()
	}
	for range d.Len() {
		d.Text()
		d.Uint()
		for range d.Len() {
			d.Int()
			d.Uint()
		}
	}
}

// touchpoints decodes those that are wanted of a row's; see decodeState.
func (n *Need) touchpoints(f uuid.UUID, d *projections.Decoder) ([]Touchpoint, error) {
	var p packed
	p.count, p.fields, p.items, p.traits = d.Len(), d.Len(), d.Len(), d.Len()
	p.texts = make([]string, d.Len())
	wanted := n.Traits && p.traits > 0
	for i := range p.texts {
		p.texts[i] = d.Text()
		wanted = wanted || slices.Contains(n.Kinds, p.texts[i])
	}
	p.end, p.raw = d.Int(), d.Text()
	if d.Err() != nil || !wanted {
		return nil, d.Err()
	}
	return p.unpackSome(f, func(t *Touchpoint) bool { return n.Traits && len(t.Traits) > 0 || slices.Contains(n.Kinds, t.Type) })
}

// unpackSome is unpack for the touchpoints that are wanted. What the others have is not kept.
func (p *packed) unpackSome(f uuid.UUID, wanted func(*Touchpoint) bool) ([]Touchpoint, error) {
	u := unpacker{d: projections.DecodeText(p.raw), texts: p.texts}
	var list []Touchpoint
	at := int64(0)
	for range p.count {
		t := Touchpoint{Fragment: f}
		at += u.d.Int()
		t.At = at
		fields, items, traits := len(u.fields), len(u.items), len(u.traits)
		if u.touchpoint(&t); wanted(&t) {
			list = append(list, t)
		} else {
			u.fields, u.items, u.traits = u.fields[:fields], u.items[:items], u.traits[:traits]
		}
	}
	return list, u.d.Err()
}
