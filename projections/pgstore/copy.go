package pgstore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/c360hq/c360/projections"
)

// worthCopying is from how many rows on a COPY, which takes two messages of its own, is less work.
const worthCopying = 32

// copyFresh copies the rows that are likely to be new, and returns the others.
func (w *writer) copyFresh(ctx context.Context, p *plan, t *projections.TableChanges) ([]projections.Row, error) {
	n, err := w.fresh(ctx, p, t)
	if err != nil || n == 0 {
		return t.Put, err
	}
	return t.Put[n:], w.copyIn(ctx, p, t.Put[:n])
}

// fresh returns how many rows, from the first on, are to be copied. In a table whose key is one integer a row beyond the
// greatest is new; of others the engine knows.
func (w *writer) fresh(ctx context.Context, p *plan, t *projections.TableChanges) (int, error) {
	n := t.New
	if p.rising && len(t.Delete) == 0 && len(t.Put) >= worthCopying {
		last, err := w.greatest(ctx, p)
		if err != nil {
			return 0, err
		}
		if at, ok := rises(t.Put, last); ok {
			n, w.highest[p] = len(t.Put), at
		}
	}
	if n < worthCopying || n > len(t.Put) {
		return 0, nil
	}
	return n, nil
}

// rises reports whether keys rise from beyond last, and to where.
func rises(rows []projections.Row, last int64) (int64, bool) {
	for _, row := range rows {
		if len(row) == 0 {
			return 0, false
		}
		at, ok := row[0].(int64)
		if !ok || at <= last {
			return 0, false
		}
		last = at
	}
	return last, true
}

// greatest returns the greatest key of a table.
func (w *writer) greatest(ctx context.Context, p *plan) (int64, error) {
	if n, ok := w.highest[p]; ok {
		return n, nil
	}
	var n int64
	if err := w.conn.QueryRow(ctx, p.highest).Scan(&n); err != nil {
		return 0, err
	}
	w.highest[p] = n
	return n, nil
}

// copyIn copies rows into a table.
func (w *writer) copyIn(ctx context.Context, p *plan, rows []projections.Row) error {
	w.copy = append(w.copy[:0], copyHeader...)
	var err error
	for _, row := range rows {
		if len(row) != len(p.cols) {
			return fmt.Errorf("a row of %d values for %d columns", len(row), len(p.cols))
		}
		if w.copy, err = appendTuple(w.copy, p.cols, row); err != nil {
			return err
		}
	}
	w.copy = append(w.copy, copyEnd...)
	_, err = w.conn.PgConn().CopyFrom(ctx, bytes.NewReader(w.copy), p.copy)
	return err
}
