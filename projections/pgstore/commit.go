package pgstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/c360hq/c360/projections"
)

// Commit writes rows and checkpoint in one transaction. After an error it may be tried again from the checkpoint: if the
// connection broke at the end, only that tells whether the rows are in.
func (s *Store) Commit(ctx context.Context, c projections.Changes) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := errors.Join(s.usable(), ctx.Err()); err != nil {
		return err
	}
	w, err := s.ready(ctx)
	if err != nil {
		return fmt.Errorf("commit to the read store: %w", err)
	}
	if err := s.write(ctx, w, c); err != nil {
		return fmt.Errorf("commit to the read store: %w", explain(err))
	}
	s.state.Lock()
	defer s.state.Unlock()
	n := w.commits
	s.base = &n
	return nil
}

// write runs the transaction. One that fails is taken back if the connection still stands; else nobody knows.
func (s *Store) write(ctx context.Context, w *writer, c projections.Changes) error {
	err := s.transact(ctx, w, c, true)
	if isTwice(err) && w.takeBack(ctx) == nil {
		err = s.transact(ctx, w, c, false)
	}
	if err == nil {
		err = w.commit(ctx)
	}
	if err == nil {
		w.commits++
		return nil
	}
	if back := w.takeBack(ctx); back != nil || errors.Is(err, ErrMoved) {
		s.doubt()
		s.leave(ctx)
		return errors.Join(err, back)
	}
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// isTwice says that a row was there that was taken for new.
func isTwice(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && said.Code == "23505"
}

// finishing is how long the server is given to answer what must not be left open.
const finishing = 30 * time.Second

// commit waits for the answer although ctx may end meanwhile: rather than not to know.
func (w *writer) commit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	results, err := w.conn.PgConn().Exec(ctx, "COMMIT").ReadAll()
	if err == nil && results[0].CommandTag.String() != "COMMIT" {
		return fmt.Errorf("the server answered COMMIT with %s", results[0].CommandTag)
	}
	return err
}

// takeBack ends a transaction that failed. An error means that the connection is gone.
func (w *writer) takeBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	clear(w.highest)
	_, err := w.conn.PgConn().Exec(ctx, "ROLLBACK").ReadAll()
	return err
}

// transact writes everything but does not commit. What is likely to be new is copied, if it may be.
func (s *Store) transact(ctx context.Context, w *writer, c projections.Changes, mayCopy bool) error {
	begin := "BEGIN"
	if s.loading() {
		begin = "BEGIN; SET LOCAL synchronous_commit = off"
	}
	if _, err := w.conn.PgConn().Exec(ctx, begin).ReadAll(); err != nil {
		return err
	}
	rest := make([]projections.TableChanges, len(c.Tables))
	for i, t := range c.Tables {
		p, err := s.plan(t.Table)
		if err != nil {
			return err
		}
		fresh := 0
		if mayCopy {
			if fresh, err = w.fresh(ctx, p, &t); err == nil && fresh > 0 {
				err = w.copyIn(ctx, p, t.Put[:fresh])
			}
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", t.Table.Name, err)
		}
		rest[i] = projections.TableChanges{Table: t.Table, Put: t.Put[fresh:], Delete: t.Delete}
	}
	return s.merge(ctx, w, rest, c.Checkpoint)
}

// worthCopying is from how many rows on a COPY, which takes two messages of its own, is less work.
const worthCopying = 32

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

// distinct leaves out all but the last row of a key, as writing one after the other would.
func (p *plan) distinct(rows []projections.Row) ([]projections.Row, error) {
	seen := make(map[string]int, len(rows))
	var key []byte
	var err error
	twice := false
	for i, row := range rows {
		if len(row) != len(p.cols) {
			return nil, fmt.Errorf("table %s: a row of %d values for %d columns", p.table.Name, len(row), len(p.cols))
		}
		key = key[:0]
		for j, v := range p.table.Key(row) {
			if key, err = appendValue(key, &p.cols[j], v); err != nil {
				return nil, fmt.Errorf("table %s: %w", p.table.Name, err)
			}
		}
		_, again := seen[string(key)]
		twice = twice || again
		seen[string(key)] = i
	}
	if !twice {
		return rows, nil
	}
	last := make([]int, 0, len(seen))
	for _, i := range seen {
		last = append(last, i)
	}
	slices.Sort(last)
	kept := make([]projections.Row, len(last))
	for i, at := range last {
		kept[i] = rows[at]
	}
	return kept, nil
}

var errMovedOn = fmt.Errorf("the checkpoint is not the one of this writer: %w", ErrMoved)

// moved reads the answer to the checkpoint.
func moved(tag pgconn.CommandTag) error {
	if tag.RowsAffected() != 1 {
		return errMovedOn
	}
	return nil
}
