package roomtest

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/c360hq/c360/projections"
)

// Store is a read store in memory, too simple to be wrong: rows in a map, sorted when somebody scans.
type Store struct {
	mu         sync.Mutex
	now        *snapshot
	checkpoint projections.Checkpoint
	views      int
}

var _ projections.Store = (*Store)(nil)

// snapshot holds the rows of every table by the encoded key.
type snapshot struct {
	tables map[*projections.Table]*rows
}

type rows struct {
	mu     sync.Mutex
	byKey  map[string]projections.Row
	sorted map[string][]entry // by index, until the next change
}

type entry struct {
	order string
	row   projections.Row
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{now: &snapshot{tables: map[*projections.Table]*rows{}}}
}

// View opens a snapshot.
func (s *Store) View(ctx context.Context) (projections.View, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views++
	return &view{store: s, snapshot: s.now, checkpoint: s.checkpoint}, nil
}

// Commit writes the changes.
func (s *Store) Commit(ctx context.Context, c projections.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.views > 0 { // what they see must stay
		s.now, s.views = s.now.clone(c), 0
	}
	for _, t := range c.Tables {
		s.now.rows(t.Table).apply(t)
	}
	s.checkpoint = c.Checkpoint
	return nil
}

// Finish has nothing to do.
func (s *Store) Finish(ctx context.Context) error { return ctx.Err() }

// Close forgets the rows.
func (s *Store) Close() error { return nil }

// clone copies the tables that are going to change.
func (s *snapshot) clone(c projections.Changes) *snapshot {
	next := &snapshot{tables: make(map[*projections.Table]*rows, len(s.tables))}
	for t, r := range s.tables {
		next.tables[t] = r
	}
	for _, t := range c.Tables {
		next.tables[t.Table] = s.rows(t.Table).clone()
	}
	return next
}

func (s *snapshot) rows(t *projections.Table) *rows {
	r, ok := s.tables[t]
	if !ok {
		r = &rows{byKey: map[string]projections.Row{}}
		s.tables[t] = r
	}
	return r
}

func (r *rows) clone() *rows {
	next := &rows{byKey: make(map[string]projections.Row, len(r.byKey))}
	for k, row := range r.byKey {
		next.byKey[k] = row
	}
	return next
}

func (r *rows) apply(c projections.TableChanges) {
	for _, key := range c.Delete {
		delete(r.byKey, encode(key))
	}
	for _, row := range c.Put {
		r.byKey[encode(c.Table.Key(row))] = copyRow(row)
	}
	r.sorted = nil
}

// view is a snapshot.
type view struct {
	store      *Store
	snapshot   *snapshot
	checkpoint projections.Checkpoint
	closed     bool
}

func (v *view) Checkpoint() projections.Checkpoint { return v.checkpoint }

func (v *view) Close() {
	v.store.mu.Lock()
	defer v.store.mu.Unlock()
	if !v.closed && v.store.now == v.snapshot {
		v.store.views--
	}
	v.closed = true
}

// Get finds rows by key.
func (v *view) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, ok := v.snapshot.tables[t]
	if !ok {
		return nil
	}
	for _, key := range keys {
		if row, ok := r.byKey[encode(key)]; ok {
			if err := found(copyRow(row)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Scan walks a range.
func (v *view) Scan(ctx context.Context, t *projections.Table, in projections.Range, found func(projections.Row) (bool, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := t.Order(in.Index); err != nil {
		return err
	}
	r, ok := v.snapshot.tables[t]
	if !ok {
		return nil
	}
	list := within(r.ordered(t, in.Index), in)
	for i := range list {
		if in.Limit > 0 && i == in.Limit {
			return nil
		}
		at := i
		if in.Desc {
			at = len(list) - 1 - i
		}
		if more, err := found(copyRow(list[at].row)); err != nil || !more {
			return err
		}
	}
	return nil
}

// within returns the entries of a range.
func within(list []entry, in projections.Range) []entry {
	prefix := encode(in.Prefix)
	low, high := prefix, ""
	if in.From != nil {
		low += encode(in.From)
	}
	if in.To != nil {
		high = prefix + encode(in.To)
	}
	start, _ := slices.BinarySearchFunc(list, low, func(e entry, s string) int { return strings.Compare(e.order, s) })
	end := start
	for end < len(list) && strings.HasPrefix(list[end].order, prefix) && (in.To == nil || list[end].order < high) {
		end++
	}
	return list[start:end]
}

func (r *rows) ordered(t *projections.Table, index string) []entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	if list, ok := r.sorted[index]; ok {
		return list
	}
	places, _ := t.Order(index)
	list := make([]entry, 0, len(r.byKey))
	for _, row := range r.byKey {
		columns := make([]any, len(places))
		for i, p := range places {
			columns[i] = row[p]
		}
		list = append(list, entry{encode(columns), row})
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.order, b.order) })
	if r.sorted == nil {
		r.sorted = map[string][]entry{}
	}
	r.sorted[index] = list
	return list
}

// encode writes values so that the order of the texts is the order of the tuples.
func encode(values []any) string {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			b = binary.BigEndian.AppendUint64(b, uint64(v)^1<<63) // #nosec G115 -- order is kept
		case float64:
			u := math.Float64bits(v)
			if v < 0 {
				u = ^u
			} else {
				u ^= 1 << 63
			}
			b = binary.BigEndian.AppendUint64(b, u)
		case string:
			b = append(append(b, strings.ReplaceAll(v, "\x00", "\x00\xff")...), 0, 0)
		case []byte:
			b = append(append(b, strings.ReplaceAll(string(v), "\x00", "\x00\xff")...), 0, 0)
		default:
			panic(fmt.Sprintf("roomtest: a key holds a %T", v))
		}
	}
	return string(b)
}

func copyRow(r projections.Row) projections.Row {
	c := slices.Clone(r)
	for i, v := range c {
		if b, ok := v.([]byte); ok {
			c[i] = slices.Clone(b)
		}
	}
	return c
}
