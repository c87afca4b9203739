package memstore

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/c360hq/c360/projections"
)

// Store is a read store in memory. Its methods may be called from many goroutines.
type Store struct {
	mu  sync.Mutex
	now *snapshot // nil when closed
}

// snapshot is what a store holds at a checkpoint. While views show it, it does not change.
type snapshot struct {
	tables     map[*projections.Table]*table
	checkpoint projections.Checkpoint
	views      int
}

var _ projections.Store = (*Store)(nil)

// New returns an empty store for the tables of a spec, or says what is wrong with the spec.
func New(spec projections.Spec) (*Store, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	tables := make(map[*projections.Table]*table, len(spec.Tables))
	for _, t := range spec.Tables {
		tables[t] = newTable(newShape(t))
	}
	return &Store{now: &snapshot{tables: tables}}, nil
}

// View opens a snapshot. It blocks nobody.
func (s *Store) View(ctx context.Context) (projections.View, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return nil, projections.ErrClosed
	}
	s.now.views++
	return &view{store: s, shows: s.now}, nil
}

// Commit writes the changes: all of them, or none if one does not fit its table.
func (s *Store) Commit(ctx context.Context, c projections.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return projections.ErrClosed
	}
	if err := s.now.check(c); err != nil {
		return err
	}
	if s.now.views > 0 {
		s.now = s.now.copied()
	}
	for _, t := range c.Tables {
		s.now.own(t.Table).apply(t)
	}
	s.now.checkpoint = c.Checkpoint
	return nil
}

func (s *snapshot) check(c projections.Changes) error {
	for _, t := range c.Tables {
		in, ok := s.tables[t.Table]
		if !ok {
			return unknown(t.Table)
		}
		if err := in.shape.check(t); err != nil {
			return fmt.Errorf("write %s: %w", t.Table.Name, err)
		}
	}
	return nil
}

// copied returns a snapshot that shares its tables with this one, until they change.
func (s *snapshot) copied() *snapshot {
	for _, t := range s.tables {
		t.shared = true
	}
	return &snapshot{tables: maps.Clone(s.tables)}
}

// own returns a table that no other snapshot has.
func (s *snapshot) own(t *projections.Table) *table {
	if s.tables[t].shared {
		s.tables[t] = s.tables[t].clone()
	}
	return s.tables[t]
}

// Finish has nothing to build and nothing to make durable.
func (s *Store) Finish(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return projections.ErrClosed
	}
	return ctx.Err()
}

// Close forgets the rows. Views that are open go on showing them.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = nil
	return nil
}

func unknown(t *projections.Table) error {
	return fmt.Errorf("table %s is not part of the read store", t.Name)
}
