package projections

import (
	"context"
)

// Batch is the working set of one batch: the rows that its events need, decoded, and what has become of them.
// Rooms reach it through States and Put. A Batch belongs to one goroutine.
//
// The engine uses one Batch for ever and turns it over with next: decoded states stay, within bounds, so that the
// rows of customers who are active now are not read and decoded again for every batch.
type Batch struct {
	ctx    context.Context
	reader Reader // nil until something has to be read
	open   func(context.Context) (View, error)
	close  func()
	sets   []set // in order of first use, so that two runs write in the same order
	byName map[*Table]set
	err    error

	room int // how many bytes of states to keep
	ends []func()
}

// set is the part of a batch that concerns one table.
type set interface {
	load(ctx context.Context, r Reader) error
	pending() bool
	changes() (TableChanges, error)
	next()
	forget()
	age()
	size() int
}

// NewBatch returns an empty batch that loads its rows from r.
func NewBatch(ctx context.Context, r Reader) *Batch {
	return &Batch{ctx: ctx, reader: r, close: func() {}, byName: map[*Table]set{}}
}

// newWork returns the engine's batch. When it has to read it opens a view of the store and keeps it until release.
func newWork(store Store, room int) *Batch {
	return &Batch{open: store.View, close: func() {}, byName: map[*Table]set{}, room: room}
}

// load reads what one set wants.
func (b *Batch) load(s set) {
	if b.reader == nil {
		v, err := b.open(b.ctx)
		if err != nil {
			_ = b.fail(err) // Err keeps it
			return
		}
		b.reader = v
		b.close = func() {
			v.Close()
			b.reader, b.close = nil, func() {}
		}
	}
	if err := s.load(b.ctx, b.reader); err != nil {
		_ = b.fail(err) // Err keeps it
	}
}

// release closes the view. One that is opened later shows what was committed meanwhile.
func (b *Batch) release() { b.close() }

// next turns the batch over. What was changed counts as stored from now on; the caller sees to it that the
// changes before the last ones have been committed.
func (b *Batch) next(ctx context.Context) {
	b.ctx, b.err = ctx, nil
	b.end()
	size := 0
	for _, s := range b.sets {
		s.next()
		size += s.size()
	}
	// A state that was used in the last batch may not be in the store yet. It takes two ageings to drop it.
	if size >= b.room/2 {
		for _, s := range b.sets {
			s.age()
		}
	}
}

// forget takes back everything the batch has changed so far. The states are loaded again when they are wanted
// again, so whatever was handed out before has to be committed first.
func (b *Batch) forget() {
	b.err = nil
	b.end()
	for _, s := range b.sets {
		s.forget()
	}
}

// AtEnd has do called when the batch ends. A room lets go there of what it worked out from a state and is dear to keep: how much
// memory states take is reckoned from their rows.
func (b *Batch) AtEnd(do func()) { b.ends = append(b.ends, do) }

func (b *Batch) end() {
	for _, do := range b.ends {
		do()
	}
	clear(b.ends)
	b.ends = b.ends[:0]
}

// Load reads all rows wanted so far, one query a table.
func (b *Batch) Load() error {
	for _, s := range b.sets {
		if s.pending() {
			b.load(s)
		}
	}
	return b.err
}

// fail remembers the first error.
func (b *Batch) fail(err error) error {
	if b.err == nil {
		b.err = err
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
func (s *rowSet) pending() bool                      { return false }
func (s *rowSet) next()                              { s.rows = nil }
func (s *rowSet) forget()                            { s.rows = nil }
func (s *rowSet) age()                               {}
func (s *rowSet) size() int                          { return 0 }

func (s *rowSet) changes() (TableChanges, error) {
	return TableChanges{Table: s.table, Put: s.rows}, nil
}
