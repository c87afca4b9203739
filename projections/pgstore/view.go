package pgstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/c360hq/c360/projections"
)

// view is a read transaction on a connection of the pool.
type view struct {
	store      *Store
	conn       *pgxpool.Conn // nil once it is closed
	checkpoint projections.Checkpoint
}

// View opens a snapshot. It blocks no writer; it waits only if Options.Readers views are open already.
func (s *Store) View(ctx context.Context) (projections.View, error) {
	if err := errors.Join(s.usable(), ctx.Err()); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		c, err := s.pool.Acquire(ctx)
		if err != nil {
			return nil, cmp.Or(s.usable(), ctx.Err(), explain(err))
		}
		v := &view{store: s, conn: c}
		if err = v.begin(ctx); err == nil {
			return v, nil
		}
		dead := c.Conn().IsClosed() // the server was started anew since the connection was used
		v.Close()                   //nolint:contextcheck // it ends the transaction also when ctx has ended
		if !dead || ctx.Err() != nil || try > s.opts.Readers {
			return nil, err
		}
	}
}

// begin starts the transaction; reading the checkpoint is what fixes the snapshot.
func (v *view) begin(ctx context.Context) error {
	c, commits, err := v.store.readCheckpoint(ctx, v.conn.Conn().PgConn(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ")
	if err == nil {
		v.checkpoint = c
		v.store.read(commits)
	}
	return err
}

// Checkpoint says what the view is true at.
func (v *view) Checkpoint() projections.Checkpoint { return v.checkpoint }

// Close ends the transaction and gives the connection back. Closing twice is allowed.
func (v *view) Close() {
	if v.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishing)
	defer cancel()
	if c := v.conn.Conn().PgConn(); !c.IsClosed() && c.TxStatus() != 'I' {
		_, _ = c.Exec(ctx, "ROLLBACK").ReadAll() // it only read; the pool throws away what is not well
	}
	v.conn.Release()
	v.conn = nil
}

// usable returns why nothing can be read, if so, and the plan of a table.
func (v *view) usable(ctx context.Context, t *projections.Table) (*plan, error) {
	if v.conn == nil {
		return nil, projections.ErrClosed
	}
	p, err := v.store.plan(t)
	return p, errors.Join(err, ctx.Err())
}

// Count counts the rows of a table without reading them. Here a look at all pages is the best way.
func (v *view) Count(ctx context.Context, t *projections.Table) (uint64, error) {
	p, err := v.usable(ctx, t)
	if err != nil {
		return 0, err
	}
	results, err := v.conn.Conn().PgConn().Exec(ctx, "SET LOCAL enable_seqscan = on; "+p.count+"; SET LOCAL enable_seqscan = off").ReadAll()
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", t.Name, explain(err))
	}
	return strconv.ParseUint(string(results[1].Rows[0][0]), 10, 64)
}

// query runs a statement and returns all its rows.
func (v *view) query(ctx context.Context, p *plan, sql string, values [][]byte) ([]projections.Row, error) {
	sd, err := v.conn.Conn().Prepare(ctx, sql, sql)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.table.Name, cmp.Or(ctx.Err(), explain(err)))
	}
	result := v.conn.Conn().PgConn().ExecPrepared(ctx, sd.Name, values, binaryFormat, binaryFormat)
	var rows []projections.Row
	for result.NextRow() {
		rows = append(rows, p.readRow(result.Values()))
	}
	if _, err := result.Close(); err != nil {
		return nil, fmt.Errorf("read %s: %w", p.table.Name, cmp.Or(ctx.Err(), explain(err)))
	}
	return rows, nil
}

// getAtOnce is how many keys are asked for at once.
const getAtOnce = 2000

// Get finds rows by key.
func (v *view) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	p, err := v.usable(ctx, t)
	if err != nil {
		return err
	}
	for len(keys) > 0 {
		n := min(len(keys), getAtOnce)
		rows, err := v.getSome(ctx, p, keys[:n])
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := found(row); err != nil {
				return err
			}
		}
		keys = keys[n:]
	}
	return nil
}

func (v *view) getSome(ctx context.Context, p *plan, keys [][]any) ([]projections.Row, error) {
	all := newArrays(p.cols[:p.table.KeyLen], nil)
	for _, key := range keys {
		if len(key) != p.table.KeyLen {
			return nil, fmt.Errorf("table %s: a key of %d values, not %d", p.table.Name, len(key), p.table.KeyLen)
		}
		if err := appendRow(all, key); err != nil {
			return nil, fmt.Errorf("table %s: %w", p.table.Name, err)
		}
	}
	return v.query(ctx, p, p.get, params(all))
}
