package projections

import (
	"errors"
	"fmt"
	"slices"
)

// Kind is what a column holds.
type Kind uint8

// The column kinds and the Go types their values have in a Row: int64, float64, string, []byte. A value may be nil
// unless its column is part of the key or of an index: nil has no place in an order that all engines share.
const (
	Int Kind = 1 + iota
	Real
	Text
	Blob
)

// Column is one column of a table.
type Column struct {
	Name string
	Kind Kind
	// Doc is one sentence for the data dictionary.
	Doc string
	// Order marks a column whose value depends on the order in which events arrived (a position, a recorded
	// time). Digest leaves it out, so two stores fed the same events in different orders have one digest.
	Order bool
}

// Index is a secondary index. Rows are found through it in the order of its columns, then of the key.
type Index struct {
	Name    string
	Columns []string
}

// Table is one table of a read model. The first KeyLen columns are its primary key.
type Table struct {
	Name    string
	Doc     string
	Columns []Column
	KeyLen  int
	Indexes []Index
}

// Row holds one value per column of its table, in the table's order.
type Row []any

// Key returns the key part of a row.
func (t *Table) Key(r Row) []any { return r[:t.KeyLen] }

// Index returns the named index; the empty name is the primary key.
func (t *Table) Index(name string) (Index, error) {
	if name == "" {
		key := Index{}
		for _, c := range t.Columns[:t.KeyLen] {
			key.Columns = append(key.Columns, c.Name)
		}
		return key, nil
	}
	for _, x := range t.Indexes {
		if x.Name == name {
			return x, nil
		}
	}
	return Index{}, fmt.Errorf("table %s has no index %q", t.Name, name)
}

// Order returns the places of the columns that the named index is ordered by: its own, then those of the key that
// it does not name itself.
func (t *Table) Order(name string) ([]int, error) {
	x, err := t.Index(name)
	if err != nil {
		return nil, err
	}
	var places []int
	for _, c := range x.Columns {
		places = append(places, t.place(c))
	}
	for i := range t.KeyLen {
		if !slices.Contains(places, i) {
			places = append(places, i)
		}
	}
	return places, nil
}

func (t *Table) place(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// Validate reports what is wrong with the definition of a table.
func (t *Table) Validate() error {
	if !validName(t.Name) {
		return fmt.Errorf("table %q: a name is lower-case letters, digits and underscores", t.Name)
	}
	if t.KeyLen < 1 || t.KeyLen > len(t.Columns) {
		return fmt.Errorf("table %s: a key of %d of %d columns", t.Name, t.KeyLen, len(t.Columns))
	}
	return errors.Join(t.validateColumns(), t.validateIndexes())
}

func (t *Table) validateColumns() error {
	for i, c := range t.Columns {
		if !validName(c.Name) || t.place(c.Name) != i || c.Kind < Int || c.Kind > Blob {
			return fmt.Errorf("table %s: column %q has no kind, a bad name or a name twice", t.Name, c.Name)
		}
	}
	return nil
}

func (t *Table) validateIndexes() error {
	for i, x := range t.Indexes {
		same := func(y Index) bool { return y.Name == x.Name }
		if !validName(x.Name) || len(x.Columns) == 0 || slices.IndexFunc(t.Indexes, same) != i {
			return fmt.Errorf("table %s: index %q has no columns, a bad name or a name twice", t.Name, x.Name)
		}
		for _, c := range x.Columns {
			if t.place(c) < 0 {
				return fmt.Errorf("table %s: index %s names column %q, which is not there", t.Name, x.Name, c)
			}
		}
	}
	return nil
}

func validName(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
