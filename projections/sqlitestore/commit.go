package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/c360hq/c360/projections"
)

// Commit writes rows and checkpoint in one transaction.
func (s *Store) Commit(ctx context.Context, c projections.Changes) error {
	s.whole.Lock()
	defer s.whole.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	bulk, _, err := s.usable()
	if err != nil {
		return err
	}
	if bulk {
		return s.load(ctx, c)
	}
	if err := s.commit(ctx, c); err != nil {
		return fmt.Errorf("commit to the read store: %w", err)
	}
	s.wrote(c)
	return nil
}

func (s *Store) commit(ctx context.Context, c projections.Changes) error {
	if err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := s.writer.apply(ctx, c)
	if err == nil {
		err = s.writer.exec("COMMIT")
	}
	if err != nil && !s.writer.sql.AutocommitEnabled() {
		return errors.Join(err, s.writer.exec("ROLLBACK"))
	}
	return err
}

func (c *conn) apply(ctx context.Context, changes projections.Changes) error {
	for _, t := range changes.Tables {
		p, err := c.store.plan(t.Table)
		if err != nil {
			return err
		}
		if err := c.deleteKeys(ctx, p, t.Delete); err != nil {
			return err
		}
		if err := c.putRows(ctx, p, t.Put); err != nil {
			return err
		}
	}
	return writeCheckpoint(c.sql, changes.Checkpoint)
}

func (c *conn) putRows(ctx context.Context, p *plan, rows []projections.Row) error {
	stmt, err := c.prepared(c.puts, p, p.put)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if err := pause(ctx, i); err != nil {
			return err
		}
		c.store.breathe(i)
		if len(row) != len(p.table.Columns) {
			return fmt.Errorf("table %s: a row of %d values for %d columns", p.table.Name, len(row), len(p.table.Columns))
		}
		if err := bind(stmt, 1, p.cols, row); err != nil {
			return fmt.Errorf("table %s: %w", p.table.Name, err)
		}
		if _, err := stmt.Step(); err != nil {
			return fmt.Errorf("write %s: %w", p.table.Name, err)
		}
		if err := stmt.Reset(); err != nil {
			return fmt.Errorf("write %s: %w", p.table.Name, err)
		}
	}
	return nil
}

func (c *conn) deleteKeys(ctx context.Context, p *plan, keys [][]any) error {
	for i, key := range keys {
		if err := pause(ctx, i); err != nil {
			return err
		}
		stmt, err := c.sql.Prepare(p.delete)
		if err != nil {
			return err
		}
		if len(key) != p.table.KeyLen {
			return fmt.Errorf("table %s: a key of %d values, not %d", p.table.Name, len(key), p.table.KeyLen)
		}
		if err := bind(stmt, 1, p.cols, key); err != nil {
			return fmt.Errorf("table %s: %w", p.table.Name, err)
		}
		if _, err := stmt.Step(); err != nil {
			return fmt.Errorf("delete from %s: %w", p.table.Name, err)
		}
	}
	return nil
}
