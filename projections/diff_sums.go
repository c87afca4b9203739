package projections

import (
	"context"
	"crypto/sha256"

	"golang.org/x/sync/errgroup"
)

// Buckets is how many buckets the rows of a table are summed up in.
const Buckets = 256

// tableSums are the sums of a table: whole with the columns marked Order, bucket by bucket without them.
type tableSums struct {
	whole   Sum
	buckets [Buckets]Sum
}

// sums compares a table by sums, both sides at once.
func (d *differ) sums(ctx context.Context, t *Table) (TableDifference, error) {
	var before, after tableSums
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return before.read(ctx, d.before, t, func(rows int) { d.tell(DiffSumming, t, rows) }) })
	g.Go(func() error { return after.read(ctx, d.after, t, func(int) {}) })
	err := g.Wait()
	td := TableDifference{Table: t.Name, Before: before.whole.Rows, After: after.whole.Rows, Identical: before.whole == after.whole}
	for i := range before.buckets {
		if before.buckets[i] != after.buckets[i] {
			td.Buckets++
		}
	}
	td.Same = td.Buckets == 0
	return td, err
}

func (d *differ) tell(phase string, t *Table, rows int) {
	if d.o.Report != nil {
		d.o.Report(DiffProgress{Phase: phase, Table: t.Name, Rows: rows})
	}
}

// read sums up what a view holds of a table.
func (s *tableSums) read(ctx context.Context, v View, t *Table, tell func(rows int)) error {
	var buf []byte
	ordered := t.ordered()
	return v.Scan(ctx, t, Range{}, func(r Row) (bool, error) {
		if s.whole.Rows%tellRows == 0 {
			tell(s.whole.Rows)
		}
		buf = appendRow(buf[:0], t, r, false)
		hash := sha256.Sum256(buf)
		s.buckets[t.bucket(r, hash)].add(hash)
		if ordered {
			buf = appendRow(buf[:0], t, r, true)
			hash = sha256.Sum256(buf)
		}
		s.whole.add(hash)
		return true, nil
	})
}

// ordered reports whether a column depends on the order in which events arrived.
func (t *Table) ordered() bool {
	for _, c := range t.Columns {
		if c.Order {
			return true
		}
	}
	return false
}

// bucket returns the bucket of a row, by its key without what is marked Order; by the hash of the row if no key is
// left. It is FNV-1a.
func (t *Table) bucket(r Row, hash [32]byte) byte {
	const basis, prime = 14695981039346656037, 1099511628211
	key := appendRow(nil, &Table{Columns: t.Columns[:t.KeyLen]}, r, false)
	if len(key) == 0 {
		return hash[0]
	}
	h := uint64(basis)
	for _, c := range key {
		h = (h ^ uint64(c)) * prime
	}
	return byte(h >> 56)
}
