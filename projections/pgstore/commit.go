package pgstore

import (
	"context"
	"errors"
	"fmt"
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
		rest[i] = t
		if !mayCopy {
			continue
		}
		if rest[i].Put, err = w.copyFresh(ctx, p, &t); err != nil {
			return fmt.Errorf("write %s: %w", t.Table.Name, err)
		}
	}
	return s.merge(ctx, w, rest, c.Checkpoint)
}
