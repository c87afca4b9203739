package dataset

import "iter"

// Batch is some rows of a dataset, one after the other.
type Batch struct {
	Columns []Column
	values  []Value
}

// NewBatch returns an empty batch.
func NewBatch(columns []Column) *Batch { return &Batch{Columns: columns} }

// Len returns the number of rows.
func (b *Batch) Len() int { return len(b.values) / len(b.Columns) }

// Row returns the values of row i, one a column.
func (b *Batch) Row(i int) []Value {
	width := len(b.Columns)
	return b.values[i*width : (i+1)*width]
}

// Column goes through the values of one column.
func (b *Batch) Column(j int) iter.Seq[*Value] {
	return func(yield func(*Value) bool) {
		for i := j; i < len(b.values); i += len(b.Columns) {
			if !yield(&b.values[i]) {
				return
			}
		}
	}
}

// Grow adds a row without values and returns it to be filled before the next call.
func (b *Batch) Grow() []Value {
	for range b.Columns {
		b.values = append(b.values, Value{})
	}
	return b.values[len(b.values)-len(b.Columns):]
}

// Append adds a copy of a row.
func (b *Batch) Append(row []Value) { b.values = append(b.values, row...) }

// Reset empties the batch and lets go of its texts.
func (b *Batch) Reset() {
	clear(b.values)
	b.values = b.values[:0]
}
