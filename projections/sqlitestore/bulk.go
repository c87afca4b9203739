package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// load writes a batch of a bulk load. One transaction spans many batches, so there is no going back by one only: after
// an error in the middle the store is of no use until it is opened again, at its last checkpoint.
func (s *Store) load(ctx context.Context, c projections.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.writer.sql.AutocommitEnabled() {
		if err := s.writer.exec("BEGIN"); err != nil {
			return err
		}
	}
	err := s.remember(c)
	if err == nil {
		err = s.writer.apply(context.WithoutCancel(ctx), c)
	}
	if err == nil {
		err = s.checkpointLoad(c.Checkpoint.Position)
	}
	s.state.Lock()
	defer s.state.Unlock()
	if err != nil {
		s.broken = true
		return fmt.Errorf("bulk load into the read store: %w", err)
	}
	s.loaded = c.Checkpoint
	return nil
}

// breathe lets look-ups in between the rows of a bulk load, which has one connection only: the next batch is folded
// while this one is written.
func (s *Store) breathe(i int) {
	if s.opts.Bulk && i%breatheEvery == breatheEvery-1 {
		s.writing.Unlock()
		s.writing.Lock()
	}
}

const breatheEvery = 32

// remember notes which keys will be there.
func (s *Store) remember(c projections.Changes) error {
	if s.known == nil {
		return nil
	}
	for _, t := range c.Tables {
		p, err := s.plan(t.Table)
		if err != nil {
			return err
		}
		s.known.put(p, t.Put)
	}
	return nil
}

// checkpointLoad makes durable what was loaded, once that is much. What it costs is the old text of the pages that a
// transaction changes, written to the journal, and a few syncs.
func (s *Store) checkpointLoad(at events.Position) error {
	if at < s.durable+events.Position(s.opts.BulkEvents) { //nolint:gosec // not negative
		return nil
	}
	s.durable = at
	return s.writer.exec("COMMIT")
}

// resumeLoad finds out where an interrupted bulk load is. SQLite itself has taken back what came after.
func (s *Store) resumeLoad() error {
	c, err := readCheckpoint(s.writer.sql)
	if err != nil {
		return errors.Join(err, s.writer.close())
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.durable, s.loaded = c.Position, c
	if c.Position == 0 {
		s.known = newKnown()
	}
	return nil
}

// keepLoad makes durable what was loaded, if the store is closed before the end. The caller holds writing.
func (s *Store) keepLoad() error {
	s.state.RLock()
	defer s.state.RUnlock()
	if !s.bulk || s.broken || s.writer.ended || s.writer.sql.AutocommitEnabled() {
		return nil
	}
	return s.writer.exec("COMMIT")
}

// Finish builds the indexes of a bulk load, makes the file durable and opens it for readers. On a store that is
// not loading it only makes durable what was committed.
func (s *Store) Finish(ctx context.Context) error {
	s.whole.Lock()
	defer s.whole.Unlock()
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
		s.state.Lock()
		defer s.state.Unlock()
		s.broken = s.writer.ended
		return fmt.Errorf("finish the bulk load of the read store: %w", err)
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.bulk, s.known = false, nil
	err = s.serve()
	s.broken = err != nil
	return err
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
			if err := s.writer.interruptible(ctx, sql); err != nil {
				return err
			}
		}
	}
	return s.reopen()
}

// interruptible runs a statement that may take minutes.
func (c *conn) interruptible(ctx context.Context, sql string) error {
	defer c.sql.SetInterrupt(c.sql.SetInterrupt(ctx.Done()))
	return errors.Join(c.exec(sql), ctx.Err())
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
