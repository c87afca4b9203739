package memstore

import (
	"fmt"
	"math"

	"github.com/c360hq/c360/projections"
)

// shape is what a table may hold and in which orders it is read, worked out once.
type shape struct {
	table   *projections.Table
	orders  map[string][]int // places of the columns of every index, with the key behind
	notNull []bool           // part of the key or of an index
}

func newShape(t *projections.Table) *shape {
	s := &shape{table: t, orders: map[string][]int{}, notNull: make([]bool, len(t.Columns))}
	for _, x := range append([]projections.Index{{}}, t.Indexes...) {
		places, _ := t.Order(x.Name) // validated with the spec
		s.orders[x.Name] = places
		for _, i := range places {
			s.notNull[i] = true
		}
	}
	return s
}

// check refuses what has no place in the table: a store that guessed would differ from its neighbours.
func (s *shape) check(c projections.TableChanges) error {
	for _, key := range c.Delete {
		if err := s.checkKey(key); err != nil {
			return err
		}
	}
	for _, row := range c.Put {
		if len(row) != len(s.table.Columns) {
			return fmt.Errorf("a row of %d values for %d columns", len(row), len(s.table.Columns))
		}
		for i, v := range row {
			if err := s.checkValue(i, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shape) checkKey(key []any) error {
	if len(key) != s.table.KeyLen {
		return fmt.Errorf("a key of %d values, not %d", len(key), s.table.KeyLen)
	}
	return s.checkTuple(s.orders[""], key)
}

// checkTuple checks values that stand for the columns at these places.
func (s *shape) checkTuple(places []int, values []any) error {
	if len(values) > len(places) {
		return fmt.Errorf("a range of %d columns, the index has %d", len(values), len(places))
	}
	for i, v := range values {
		if err := s.checkValue(places[i], v); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) checkValue(column int, value any) error {
	kind, ok := s.table.Columns[column].Kind, false
	switch v := value.(type) {
	case nil:
		ok = !s.notNull[column]
	case int64:
		ok = kind == projections.Int
	case float64:
		ok = kind == projections.Real && !math.IsNaN(v)
	case string:
		ok = kind == projections.Text
	case []byte:
		ok = kind == projections.Blob
	}
	if !ok {
		return fmt.Errorf("column %s cannot hold a %T", s.table.Columns[column].Name, value)
	}
	return nil
}
