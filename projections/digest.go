package projections

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Sum is what a table holds, in short: how many rows, and a hash over them that does not depend on their order.
type Sum struct {
	Table string
	Rows  int
	Hash  [32]byte
}

// Sums are the sums of several tables. Two stores with the same text hold the same rows.
type Sums []Sum

// String writes one line a table.
func (s Sums) String() string {
	var b strings.Builder
	for _, t := range s {
		fmt.Fprintf(&b, "%s %d %s\n", t.Table, t.Rows, hex.EncodeToString(t.Hash[:]))
	}
	return b.String()
}

// Digest sums up the tables in a view. Without order it leaves out the columns marked Order, so that stores that
// were fed the same events in different orders agree.
func Digest(ctx context.Context, v Reader, tables []*Table, withOrder bool) (Sums, error) {
	var sums Sums
	for _, t := range tables {
		s := Sum{Table: t.Name}
		var buf []byte
		err := v.Scan(ctx, t, Range{}, func(r Row) (bool, error) {
			buf = appendRow(buf[:0], t, r, withOrder)
			s.add(sha256.Sum256(buf))
			return true, nil
		})
		if err != nil {
			return nil, fmt.Errorf("sum up table %s: %w", t.Name, err)
		}
		sums = append(sums, s)
	}
	return sums, nil
}

// add adds the hash of a row as a number of 256 bits: the same rows give the same sum in any order, and a row that
// is there twice counts twice.
func (s *Sum) add(row [32]byte) {
	s.Rows++
	var carry uint64
	for i := 24; i >= 0; i -= 8 {
		var n uint64
		n, carry = bits.Add64(binary.BigEndian.Uint64(s.Hash[i:]), binary.BigEndian.Uint64(row[i:]), carry)
		binary.BigEndian.PutUint64(s.Hash[i:], n)
	}
}

// appendRow writes a row so that different rows never look the same: each value with its kind and length.
func appendRow(b []byte, t *Table, r Row, withOrder bool) []byte {
	for i, c := range t.Columns {
		if c.Order && !withOrder {
			continue
		}
		switch v := r[i].(type) {
		case nil:
			b = append(b, 0)
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, byte(Int)), uint64(v)) //nolint:gosec // the bits are what counts
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, byte(Real)), math.Float64bits(v))
		case string:
			b = append(binary.AppendUvarint(append(b, byte(Text)), uint64(len(v))), v...)
		case []byte:
			b = append(binary.AppendUvarint(append(b, byte(Blob)), uint64(len(v))), v...)
		}
	}
	return b
}
