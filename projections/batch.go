package projections

import (
	"context"
	"fmt"
)

// Batch is the working set of one batch: the rows that its events need, decoded, and what has become of them.
// Rooms reach it through States and Put. A Batch belongs to one goroutine.
type Batch struct {
	ctx    context.Context
	reader Reader
	sets   []set // in order of first use, so that two runs write in the same order
	byName map[*Table]set
	err    error
}

// set is the part of a batch that concerns one table.
type set interface {
	load(ctx context.Context, r Reader) error
	changes() (TableChanges, error)
}

// NewBatch returns an empty batch that loads its rows from r.
func NewBatch(ctx context.Context, r Reader) *Batch {
	return &Batch{ctx: ctx, reader: r, byName: map[*Table]set{}}
}

// Load reads all rows wanted so far, one query a table.
func (b *Batch) Load() error {
	for _, s := range b.sets {
		if err := s.load(b.ctx, b.reader); err != nil {
			return err
		}
	}
	return b.err
}

// Err returns the first error met while reading; after one, states are not to be trusted.
func (b *Batch) Err() error { return b.err }

// Changes returns what the batch would write, tables in order of first use.
func (b *Batch) Changes() ([]TableChanges, error) {
	var all []TableChanges
	for _, s := range b.sets {
		c, err := s.changes()
		if err != nil {
			return nil, err
		}
		if len(c.Put)+len(c.Delete) > 0 {
			all = append(all, c)
		}
	}
	return all, b.err
}

func (b *Batch) use(t *Table, fresh func() set) set {
	s, ok := b.byName[t]
	if !ok {
		s = fresh()
		b.byName[t] = s
		b.sets = append(b.sets, s)
	}
	return s
}

// Put writes a row without reading what is there: for tables that are only appended to, or whose row is wholly
// known. A table is used either with Put or with States, not with both.
func (b *Batch) Put(t *Table, row Row) {
	s := b.use(t, func() set { return &rowSet{table: t} }).(*rowSet)
	s.rows = append(s.rows, row)
}

// rowSet collects blind writes.
type rowSet struct {
	table *Table
	rows  []Row
}

func (s *rowSet) load(context.Context, Reader) error { return nil }

func (s *rowSet) changes() (TableChanges, error) {
	return TableChanges{Table: s.table, Put: s.rows}, nil
}

// States describes a table that a room reads and changes: K is its key, S the decoded state of a row. It holds no
// rows itself; they live in the Batch.
type States[K comparable, S any] struct {
	Table *Table
	// Key returns the key columns of k.
	Key func(k K) []any
	// Decode reads a stored row.
	Decode func(r Row) (K, S, error)
	// Encode writes a state down; a nil row deletes it.
	Encode func(k K, s *S) (Row, error)
}

type state[S any] struct {
	value  S
	stored bool // the store has a row for it
	dirty  bool
}

type stateSet[K comparable, S any] struct {
	def    *States[K, S]
	known  map[K]*state[S]
	wanted []K
	order  []K // keys in order of first change
}

func (d *States[K, S]) in(b *Batch) *stateSet[K, S] {
	fresh := func() set { return &stateSet[K, S]{def: d, known: map[K]*state[S]{}} }
	return b.use(d.Table, fresh).(*stateSet[K, S])
}

// Want asks for the row of k to be loaded with the next Load.
func (d *States[K, S]) Want(b *Batch, k K) {
	s := d.in(b)
	if _, ok := s.known[k]; !ok {
		s.known[k] = &state[S]{}
		s.wanted = append(s.wanted, k)
	}
}

// See returns the state of k for reading, and whether there is one. The state must not be changed.
func (d *States[K, S]) See(b *Batch, k K) (*S, bool) {
	st := d.find(b, k)
	return &st.value, st.stored || st.dirty
}

// Change returns the state of k, the zero state if there is none yet, and writes it with the batch.
func (d *States[K, S]) Change(b *Batch, k K) *S {
	st := d.find(b, k)
	if !st.dirty {
		st.dirty = true
		s := d.in(b)
		s.order = append(s.order, k)
	}
	return &st.value
}

// find returns the state of k and loads it, with all else that is wanted, if need be.
func (d *States[K, S]) find(b *Batch, k K) *state[S] {
	d.Want(b, k)
	s := d.in(b)
	if len(s.wanted) > 0 {
		if err := s.load(b.ctx, b.reader); err != nil && b.err == nil {
			b.err = err
		}
	}
	return s.known[k]
}

func (s *stateSet[K, S]) load(ctx context.Context, r Reader) error {
	if len(s.wanted) == 0 {
		return nil
	}
	keys := make([][]any, len(s.wanted))
	for i, k := range s.wanted {
		keys[i] = s.def.Key(k)
	}
	s.wanted = s.wanted[:0]
	return r.Get(ctx, s.def.Table, keys, func(row Row) error {
		k, v, err := s.def.Decode(row)
		if err != nil {
			return fmt.Errorf("decode a row of %s: %w", s.def.Table.Name, err)
		}
		s.known[k].value, s.known[k].stored = v, true
		return nil
	})
}

func (s *stateSet[K, S]) changes() (TableChanges, error) {
	c := TableChanges{Table: s.def.Table}
	for _, k := range s.order {
		st := s.known[k]
		row, err := s.def.Encode(k, &st.value)
		switch {
		case err != nil:
			return c, fmt.Errorf("encode a row of %s: %w", s.def.Table.Name, err)
		case row != nil:
			c.Put = append(c.Put, row)
		case st.stored:
			c.Delete = append(c.Delete, s.def.Key(k))
		}
	}
	return c, nil
}
