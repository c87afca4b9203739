package pgstore

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/projections"
)

// writer is the connection that commits. It holds the advisory lock of the schema.
type writer struct {
	conn    *pgx.Conn
	commits int64             // how many there have been; nobody else may add to them while the lock is held
	highest map[*plan]int64   // the greatest key of tables whose rows are told by one number
	names   map[string]string // of statements the server knows, by their SQL
	arrays  map[*plan][]array
	copy    []byte
}

// lockKey makes the number of an advisory lock out of what it is for.
func lockKey(what string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("c360 " + what)) // a hash takes everything
	return int64(h.Sum64())                //nolint:gosec // the bits are what counts
}

// ready returns the writer, connected and with the lock. The caller holds writing.
func (s *Store) ready(ctx context.Context) (*writer, error) {
	if s.writer != nil && !s.writer.conn.IsClosed() {
		return s.writer, s.unmoved()
	}
	s.writer = nil
	c, err := s.opts.connect(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: c, highest: map[*plan]int64{}, arrays: map[*plan][]array{}, names: map[string]string{}}
	if err := s.claim(ctx, w); err != nil {
		disconnect(ctx, c)
		return nil, err
	}
	s.writer = w
	return w, s.unmoved()
}

// claim takes the lock, if it is free, and reads how many commits there have been.
func (s *Store) claim(ctx context.Context, w *writer) error {
	free, err := s.take(ctx, w)
	if err != nil {
		return explain(err)
	}
	if !free {
		s.doubt()
		return fmt.Errorf("%s: %w", s.schema, ErrTaken)
	}
	_, w.commits, err = s.readCheckpoint(ctx, w.conn.PgConn(), "")
	return err
}

// The server takes a moment to notice that a connection is gone: the one that this process itself had before, it may be.
const (
	takeEvery = 50 * time.Millisecond
	takeTries = 20
)

// take tries for a moment to take the lock.
func (s *Store) take(ctx context.Context, w *writer) (free bool, err error) {
	for range takeTries {
		err = w.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockKey(s.schema)).Scan(&free)
		if err != nil || free || !pause(ctx, takeEvery) {
			return free, errors.Join(err, ctx.Err())
		}
	}
	return false, nil
}

// unmoved says whether what is to be written was folded from what is there.
func (s *Store) unmoved() error {
	s.state.Lock()
	defer s.state.Unlock()
	if s.base != nil && *s.base == s.writer.commits {
		return nil
	}
	s.base = nil // the next view begins anew
	return fmt.Errorf("%s: %w", s.schema, ErrMoved)
}

// read notes how many commits a view shows, if it is the first since it was in doubt what is there.
func (s *Store) read(commits int64) {
	s.state.Lock()
	defer s.state.Unlock()
	if s.base == nil {
		s.base = &commits
	}
}

// doubt forgets what is known of what is there: only a view tells.
func (s *Store) doubt() {
	s.state.Lock()
	defer s.state.Unlock()
	s.base = nil
}

var _ projections.Yielder = (*Store)(nil)

// Yield lets another process write, although this one still reads.
func (s *Store) Yield() {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.leave(context.Background())
}

// leave ends the writer's session, and the lock with it. The caller holds writing.
func (s *Store) leave(ctx context.Context) {
	if s.writer != nil {
		disconnect(ctx, s.writer.conn)
		s.writer = nil
	}
}
