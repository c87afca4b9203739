package pgschema

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"

	"github.com/c360hq/c360/services/replay/dataset"
)

// table writes the rows of one table, a COPY a batch.
type table struct {
	schema  *Schema
	copy    string
	columns []dataset.Column
	buf     []byte
}

// Write implements format.Writer.
func (t *table) Write(b *dataset.Batch) error {
	t.buf = append(t.buf[:0], "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	for i := range b.Len() {
		row := b.Row(i)
		t.buf = binary.BigEndian.AppendUint16(t.buf, uint16(len(row))) //nolint:gosec // a few
		for j := range row {
			t.buf = appendField(t.buf, &row[j], t.columns[j].Type)
		}
	}
	t.buf = append(t.buf, 0xff, 0xff)
	_, err := t.schema.conn.PgConn().CopyFrom(t.schema.ctx, bytes.NewReader(t.buf), t.copy)
	return err
}

// Close implements format.Writer.
func (t *table) Close() error { return nil }

// PostgreSQL counts from 2000-01-01.
const (
	epochDays   = 10957
	epochMicros = epochDays * 24 * 60 * 60 * 1_000_000
)

// appendField writes a value as PostgreSQL keeps it: its length and its bytes.
func appendField(b []byte, v *dataset.Value, as dataset.Type) []byte {
	if v.Null() {
		return binary.BigEndian.AppendUint32(b, math.MaxUint32)
	}
	switch as {
	case dataset.Int:
		return number(b, v.Int())
	case dataset.Real:
		return number(b, int64(math.Float64bits(v.Real()))) //nolint:gosec // the bits are what counts
	case dataset.Timestamp:
		return number(b, v.Int()-epochMicros)
	case dataset.Date:
		return binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 4), uint32(int32(v.Int()-epochDays))) //nolint:gosec // days
	case dataset.Bool:
		one := byte(0)
		if v.Bool() {
			one = 1
		}
		return append(b, 0, 0, 0, 1, one)
	case dataset.Text, dataset.JSON:
	}
	s := clean(v.Text())
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...) //nolint:gosec // PostgreSQL refuses what is longer
}

func number(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(n)) //nolint:gosec // the bits are what counts
}

// clean makes a text one that PostgreSQL takes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
