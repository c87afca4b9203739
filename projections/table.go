package projections

import "fmt"

// Kind is what a column holds.
type Kind uint8

// The column kinds and the Go types their values have in a Row: int64, float64, string, []byte. Any may be nil.
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
