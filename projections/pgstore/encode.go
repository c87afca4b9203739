package pgstore

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/c360hq/c360/projections"
)

const minInt = math.MinInt64

// The numbers PostgreSQL knows its types by.
var oids = map[projections.Kind]uint32{projections.Int: 20, projections.Real: 701, projections.Text: 25, projections.Blob: 17}

// appendValue writes a value as a binary field: its length and its bytes; -1 is nil. The Go type must be the column's own: a
// store that guessed would differ from its neighbours.
func appendValue(b []byte, c *column, value any) ([]byte, error) {
	switch v := value.(type) {
	case int64:
		if c.Kind == projections.Int {
			return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(v)), nil //nolint:gosec // the bits are what counts
		}
	case float64:
		if c.Kind == projections.Real && !math.IsNaN(v) {
			return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), math.Float64bits(v)), nil
		}
	case string:
		if c.Kind == projections.Text {
			v = escape(v)
			return append(appendLength(b, len(v)), v...), nil
		}
	case []byte:
		if c.Kind == projections.Blob {
			return append(appendLength(b, len(v)), v...), nil
		}
	case nil:
		if !c.notNull {
			return appendLength(b, -1), nil
		}
	}
	return b, fmt.Errorf("column %s cannot hold a %T", c.Name, value)
}

func appendLength(b []byte, n int) []byte {
	return binary.BigEndian.AppendUint32(b, uint32(int32(n))) //nolint:gosec // PostgreSQL refuses what is longer
}

// array is a parameter that holds a column of many rows.
type array struct {
	column *column
	bytes  []byte
	n      int
}

// arrayHeader: one dimension, there may be nulls, the type of the elements, how many there are, counted from 1.
const arrayHeader = 20

func newArrays(cols []column, reuse []array) []array {
	if cap(reuse) < len(cols) {
		reuse = append(reuse[:cap(reuse)], make([]array, len(cols)-cap(reuse))...)
	}
	all := reuse[:len(cols)]
	for i := range cols {
		all[i] = array{column: &cols[i], bytes: append(all[i].bytes[:0], make([]byte, arrayHeader)...)}
	}
	return all
}

// appendRow adds a row, or the beginning of one, to the arrays of its columns.
func appendRow(all []array, row []any) error {
	for i, v := range row {
		a := &all[i]
		var err error
		if a.bytes, err = appendValue(a.bytes, a.column, v); err != nil {
			return err
		}
		a.n++
	}
	return nil
}

// params returns the arrays as parameters.
func params(all []array) [][]byte {
	values := make([][]byte, len(all))
	for i := range all {
		values[i] = all[i].finished()
	}
	return values
}

func (a *array) finished() []byte {
	h := a.bytes[:arrayHeader]
	binary.BigEndian.PutUint32(h, 1)
	binary.BigEndian.PutUint32(h[4:], 1)
	binary.BigEndian.PutUint32(h[8:], oids[a.column.Kind])
	binary.BigEndian.PutUint32(h[12:], uint32(a.n)) //nolint:gosec // a few thousand
	binary.BigEndian.PutUint32(h[16:], 1)
	return a.bytes
}

// copyHeader begins a binary COPY, copyEnd ends it.
var (
	copyHeader = []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	copyEnd    = []byte{0xff, 0xff}
)

// appendTuple writes a row for COPY.
func appendTuple(b []byte, cols []column, row projections.Row) ([]byte, error) {
	b = binary.BigEndian.AppendUint16(b, uint16(len(cols))) //nolint:gosec // a few
	var err error
	for i, v := range row {
		if b, err = appendValue(b, &cols[i], v); err != nil {
			return b, err
		}
	}
	return b, nil
}

// readRow makes a row of binary fields.
func (p *plan) readRow(fields [][]byte) projections.Row {
	row := make(projections.Row, len(p.cols))
	for i, f := range fields {
		if f == nil {
			continue
		}
		switch p.cols[i].Kind {
		case projections.Int:
			row[i] = int64(binary.BigEndian.Uint64(f)) //nolint:gosec // the bits are what counts
		case projections.Real:
			row[i] = math.Float64frombits(binary.BigEndian.Uint64(f))
		case projections.Text:
			row[i] = unescape(f)
		default:
			row[i] = append(make([]byte, 0, len(f)), f...)
		}
	}
	return row
}
