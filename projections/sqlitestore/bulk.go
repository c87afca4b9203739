package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/c360hq/c360/projections"
)

// load writes a batch of a bulk load. Without a journal there is nothing to roll back to, so an error in the
// middle makes the store worthless, as a crash would.
func (s *Store) load(ctx context.Context, c projections.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.writer.sql.AutocommitEnabled() {
		if err := s.writer.exec("BEGIN"); err != nil {
			return err
		}
	}
	if err := s.writer.apply(context.WithoutCancel(ctx), c); err != nil {
		s.state.Lock()
		s.broken = true
		s.state.Unlock()
		return fmt.Errorf("bulk load into the read store: %w", err)
	}
	return nil
}

// Finish builds the indexes of a bulk load, makes the file durable and opens it for readers. On a store that is
// not loading it only makes durable what was committed.
func (s *Store) Finish(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	bulk, _, err := s.usable()
	if err != nil {
		return err
	}
	if !bulk {
		return s.writer.exec("PRAGMA wal_checkpoint(FULL)")
	}
	if err := s.finish(ctx); err != nil {
		return fmt.Errorf("finish the bulk load of the read store: %w", err)
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.bulk = false
	return s.serve()
}

func (s *Store) finish(ctx context.Context) error {
	if !s.writer.sql.AutocommitEnabled() {
		if err := s.writer.exec("COMMIT"); err != nil {
			return err
		}
	}
	for _, p := range s.plans {
		for _, sql := range p.indexes {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.writer.exec(sql); err != nil {
				return err
			}
		}
	}
	return s.reopen()
}

// reopen syncs the file while it still says that it is loading, and only then, in an ordinary transaction, lets
// it say that it is ready.
func (s *Store) reopen() error {
	if err := errors.Join(s.writer.close(), syncFile(s.opts.Path), syncFile(filepath.Dir(s.opts.Path))); err != nil {
		return err
	}
	s.opts.Bulk = false
	w, err := s.connect(s.livePragmas())
	if err != nil {
		return err
	}
	s.writer = w
	if err := setMeta(w.sql, metaState, stateReady); err != nil {
		return err
	}
	return w.exec("PRAGMA wal_checkpoint(FULL)")
}

func syncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // the path is the operator's own
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
