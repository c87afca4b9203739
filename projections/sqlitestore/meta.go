package sqlitestore

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// layout rises when this package stores rows in another way.
const layout = "1"

const createMeta = `
CREATE TABLE c360_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE c360_checkpoint (one INTEGER PRIMARY KEY, position INTEGER NOT NULL, hash BLOB NOT NULL, recorded_at INTEGER NOT NULL);
INSERT INTO c360_checkpoint VALUES (1, 0, zeroblob(16), 0);`

const (
	metaLayout      = "layout"
	metaFingerprint = "fingerprint"
	metaRooms       = "rooms"
	metaState       = "state" // loading, ready
	metaInfo        = "info"

	stateLoading = "loading"
	stateReady   = "ready"
)

func setMeta(conn *sqlite.Conn, name, value string) error {
	err := sqlitex.Execute(conn, `INSERT INTO c360_meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		&sqlitex.ExecOptions{Args: []any{name, value}})
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// readMeta returns the empty map for a file without tables.
func readMeta(conn *sqlite.Conn) (map[string]string, error) {
	meta, there := map[string]string{}, false
	err := sqlitex.Execute(conn, `SELECT 1 FROM sqlite_schema WHERE name = 'c360_meta'`, &sqlitex.ExecOptions{
		ResultFunc: func(*sqlite.Stmt) error { there = true; return nil },
	})
	if err != nil || !there {
		return meta, err
	}
	err = sqlitex.Execute(conn, `SELECT name, value FROM c360_meta`, &sqlitex.ExecOptions{
		ResultFunc: func(s *sqlite.Stmt) error { meta[s.ColumnText(0)] = s.ColumnText(1); return nil },
	})
	return meta, err
}

// create makes the tables of the spec in an empty file.
func (s *Store) create(conn *sqlite.Conn) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return err
	}
	defer end(&err)
	if err = sqlitex.ExecuteScript(conn, createMeta, nil); err != nil {
		return err
	}
	for _, p := range s.plans {
		statements := []string{p.create}
		if !s.opts.Bulk {
			statements = append(statements, p.indexes...)
		}
		for _, sql := range statements {
			if err = sqlitex.Execute(conn, sql, nil); err != nil {
				return err
			}
		}
	}
	return s.createMeta(conn)
}

func (s *Store) createMeta(conn *sqlite.Conn) error {
	state := stateReady
	if s.opts.Bulk {
		state = stateLoading
	}
	for _, m := range [...][2]string{
		{metaLayout, layout}, {metaFingerprint, s.opts.Spec.Fingerprint()}, {metaRooms, s.opts.Spec.String()}, {metaState, state},
	} {
		if err := setMeta(conn, m[0], m[1]); err != nil {
			return err
		}
	}
	return nil
}

// check compares a file that has tables with what the store is to be.
func (s *Store) check(meta map[string]string) error {
	if meta[metaLayout] != layout || meta[metaFingerprint] != s.opts.Spec.Fingerprint() {
		return fmt.Errorf("%s holds %s, wanted is %s: %w", s.opts.Path,
			held(meta[metaRooms], meta[metaFingerprint]), held(s.opts.Spec.String(), s.opts.Spec.Fingerprint()), projections.ErrOtherVersion)
	}
	if meta[metaState] != stateReady && (!s.opts.Bulk || !s.opts.Resume) {
		return fmt.Errorf("%s: %w", s.opts.Path, projections.ErrUnfinished)
	}
	return nil
}

// held names what a file is for. The same rooms may have been for other rules or beside other tables of the engine,
// which only the fingerprint tells.
func held(rooms, fingerprint string) string { return fmt.Sprintf("%q (%.8s)", rooms, fingerprint) }

const (
	selectCheckpoint = `SELECT position, hash, recorded_at FROM c360_checkpoint`
	updateCheckpoint = `UPDATE c360_checkpoint SET position = ?, hash = ?, recorded_at = ?`
)

func readCheckpoint(conn *sqlite.Conn) (c projections.Checkpoint, err error) {
	stmt, err := conn.Prepare(selectCheckpoint)
	if err != nil {
		return c, err
	}
	if _, err := stmt.Step(); err != nil {
		return c, err
	}
	c.Position = events.Position(stmt.ColumnInt64(0)) //nolint:gosec // written below
	stmt.ColumnBytes(1, c.Hash[:])
	if at := stmt.ColumnInt64(2); at != 0 {
		c.RecordedAt = time.Unix(0, at).UTC()
	}
	return c, stmt.Reset()
}

func writeCheckpoint(conn *sqlite.Conn, c projections.Checkpoint) error {
	stmt, err := conn.Prepare(updateCheckpoint)
	if err != nil {
		return err
	}
	stmt.BindInt64(1, int64(c.Position)) //nolint:gosec // positions stay below 2^63
	stmt.BindBytes(2, c.Hash[:])
	stmt.BindInt64(3, 0)
	if !c.RecordedAt.IsZero() {
		stmt.BindInt64(3, c.RecordedAt.UnixNano())
	}
	_, err = stmt.Step()
	return err
}
