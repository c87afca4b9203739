package projections

import (
	"context"
	"fmt"
	"unsafe"
)

// States describes a table that a room reads and changes: K is its key, S the decoded state of a row. It holds no
// rows itself; they live in the Batch.
//
// A state may be kept decoded from batch to batch, so Decode(Encode(s)) must mean the same as s.
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
	cost   int
	stored bool // the store has a row for it, or will have when what was handed out is committed
	dirty  bool
	row    bool // the last Encode gave a row
}

// stateSet holds the states of one table. Those used lately are in known, those not used since the last ageing in
// old, whence they come back when they are wanted again.
type stateSet[K comparable, S any] struct {
	def    *States[K, S]
	known  map[K]*state[S]
	old    map[K]*state[S]
	bytes  int // cost of what is in known
	wanted []K
	order  []K // keys in order of first change
}

func (d *States[K, S]) in(b *Batch) *stateSet[K, S] {
	if s, ok := b.byName[d.Table]; ok {
		return s.(*stateSet[K, S])
	}
	return b.use(d.Table, func() set { return &stateSet[K, S]{def: d, known: map[K]*state[S]{}} }).(*stateSet[K, S])
}

// Want asks for the row of k to be loaded with the next Load.
func (d *States[K, S]) Want(b *Batch, k K) { d.in(b).want(k) }

// See returns the state of k for reading, and whether there is one: a row, or a change in this batch, whatever
// Encode will make of it. The state must not be changed.
func (d *States[K, S]) See(b *Batch, k K) (*S, bool) {
	st := d.in(b).find(b, k)
	return &st.value, st.stored || st.dirty
}

// Change returns the state of k, the zero state if there is none yet, and writes it with the batch.
func (d *States[K, S]) Change(b *Batch, k K) *S {
	s := d.in(b)
	st := s.find(b, k)
	if !st.dirty {
		st.dirty = true
		s.order = append(s.order, k)
	}
	return &st.value
}

// Fresh is Change for a row that is wholly known: the state begins as zero and nothing is read, so a row that is
// stored already is replaced.
func (d *States[K, S]) Fresh(b *Batch, k K) *S {
	s := d.in(b)
	st, ok := s.known[k]
	if !ok {
		st = &state[S]{cost: s.emptyCost(), stored: true} // it may be
		s.known[k] = st
		s.bytes += st.cost
	}
	st.value = *new(S)
	if !st.dirty {
		st.dirty = true
		s.order = append(s.order, k)
	}
	return &st.value
}

func (s *stateSet[K, S]) want(k K) *state[S] {
	st, ok := s.known[k]
	if ok {
		return st
	}
	if st, ok = s.old[k]; !ok {
		st = &state[S]{cost: s.emptyCost()}
		s.wanted = append(s.wanted, k)
	}
	s.known[k] = st
	s.bytes += st.cost
	return st
}

// find returns the state of k and loads it, with all else that is wanted, if need be.
func (s *stateSet[K, S]) find(b *Batch, k K) *state[S] {
	st := s.want(k)
	if len(s.wanted) > 0 {
		b.load(s)
	}
	return st
}

func (s *stateSet[K, S]) pending() bool { return len(s.wanted) > 0 }
func (s *stateSet[K, S]) size() int     { return s.bytes }

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
		st := s.known[k]
		if st == nil {
			return fmt.Errorf("decode a row of %s: its key is not the one asked for", s.def.Table.Name)
		}
		if st.stored = true; !st.dirty { // Fresh needed no row
			st.value = v
			s.charge(st, row)
		}
		return nil
	})
}

func (s *stateSet[K, S]) changes() (TableChanges, error) {
	c := TableChanges{Table: s.def.Table}
	var stored []Row
	for _, k := range s.order {
		st := s.known[k]
		row, err := s.def.Encode(k, &st.value)
		if err != nil {
			return c, fmt.Errorf("encode a row of %s: %w", s.def.Table.Name, err)
		}
		st.row = row != nil
		switch {
		case st.row && st.stored:
			s.charge(st, row)
			stored = append(stored, row)
		case st.row:
			s.charge(st, row)
			c.Put = append(c.Put, row)
		case st.stored:
			c.Delete = append(c.Delete, s.def.Key(k))
		}
	}
	c.New = len(c.Put)
	c.Put = append(c.Put, stored...)
	return c, nil
}

func (s *stateSet[K, S]) next() {
	for _, k := range s.order {
		st := s.known[k]
		st.stored, st.dirty = st.row, false
		if !st.row {
			st.value = *new(S)
		}
	}
	s.order = nil // Changed may have handed it out
}

func (s *stateSet[K, S]) forget() {
	for _, k := range s.order {
		s.bytes -= s.known[k].cost
		delete(s.known, k)
		delete(s.old, k)
	}
	s.order = nil
}

func (s *stateSet[K, S]) age() {
	s.old, s.known, s.bytes = s.known, map[K]*state[S]{}, 0
}

// emptyCost is about what a state costs that has no row: the state itself, and its place and key in a map.
func (s *stateSet[K, S]) emptyCost() int {
	return int(unsafe.Sizeof(state[S]{})+unsafe.Sizeof(*new(K))) + 64
}

// charge estimates what a state takes in memory: more than its row, which is compact.
func (s *stateSet[K, S]) charge(st *state[S], row Row) {
	cost := s.emptyCost()
	for _, v := range row {
		switch v := v.(type) {
		case []byte:
			cost += 4 * len(v)
		case string:
			cost += 16 + len(v)
		}
	}
	s.bytes += cost - st.cost
	st.cost = cost
}
