package pgstore

import (
	"context"
	"errors"
	"fmt"
)

// Finish builds the indexes of a bulk load, makes durable what was loaded and opens the store for reading by index. On a
// store that is not loading there is nothing to do: each commit was durable.
func (s *Store) Finish(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := errors.Join(s.usable(), ctx.Err()); err != nil || !s.loading() {
		return err
	}
	w, err := s.ready(ctx)
	if err == nil {
		err = s.finish(ctx, w)
	}
	if err != nil {
		if w != nil && w.conn.IsClosed() {
			s.doubt()
		}
		return errors.Join(ctx.Err(), fmt.Errorf("finish the bulk load of the read store: %w", explain(err)))
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.bulk = false
	return nil
}

// finish builds what is not built yet, one index a transaction, and last of all says that the store is ready. That commit
// waits for the disk, and for all before it with it.
func (s *Store) finish(ctx context.Context, w *writer) error {
	if _, err := w.conn.Exec(ctx, `SET maintenance_work_mem = '256MB'`); err != nil {
		return err
	}
	for _, p := range s.plans {
		for _, sql := range p.indexes {
			if _, err := w.conn.Exec(ctx, sql); err != nil {
				return err
			}
		}
	}
	_, err := w.conn.Exec(ctx, `UPDATE `+quote(s.schema)+`.c360_meta SET value = $2 WHERE name = $1`, metaState, stateReady)
	return err
}
