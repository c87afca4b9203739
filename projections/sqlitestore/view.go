package sqlitestore

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/projections"
)

// view is a read transaction on a connection of the pool.
type view struct {
	conn       *conn
	checkpoint projections.Checkpoint
	release    func()
}

// View opens a snapshot. It blocks no writer; it waits only if Options.Readers views are open already.
func (s *Store) View(ctx context.Context) (projections.View, error) {
	bulk, p, err := s.usable()
	if err != nil {
		return nil, err
	}
	if bulk {
		return s.bulkView(ctx)
	}
	c, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	v := &view{conn: c, release: func() { p.give(c) }}
	if err := v.begin(); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// begin starts the transaction; reading the checkpoint is what fixes the snapshot.
func (v *view) begin() (err error) {
	if err := v.conn.exec("BEGIN"); err != nil {
		return err
	}
	v.checkpoint, err = readCheckpoint(v.conn.sql)
	return err
}

// Get finds rows by key.
func (v *view) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	return v.conn.get(ctx, t, keys, found)
}

// Scan walks a range.
func (v *view) Scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	return v.conn.scan(ctx, t, r, found)
}

// Count counts the rows of a table without reading them.
func (v *view) Count(ctx context.Context, t *projections.Table) (n uint64, err error) {
	if _, err := v.conn.store.plan(t); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	stmt, err := v.conn.sql.Prepare(`SELECT count(*) FROM "` + t.Name + `"`)
	if err != nil {
		return 0, fmt.Errorf("table %s: %w", t.Name, err)
	}
	if _, err := stmt.Step(); err != nil {
		return 0, fmt.Errorf("count %s: %w", t.Name, err)
	}
	n = uint64(stmt.ColumnInt64(0)) //nolint:gosec // a count
	return n, stmt.Reset()
}

// Checkpoint says what the view is true at.
func (v *view) Checkpoint() projections.Checkpoint { return v.checkpoint }

// Close ends the transaction and gives the connection back. Closing twice is allowed.
func (v *view) Close() {
	if v.release == nil {
		return
	}
	if !v.conn.sql.AutocommitEnabled() {
		_ = v.conn.exec("ROLLBACK") // ends a read transaction: there is nothing to lose
	}
	v.release()
	v.release = nil
}
