package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/projections"
)

// bareSQLite writes the recorded rows, one transaction a batch, with nothing but SQLite: the schema of the store
// at like, prepared statements, WAL of 64 MiB, synchronous=NORMAL. It returns events a second, for the recorded events.
func bareSQLite(ctx context.Context, like, path string, r *recorder) (rate float64, err error) {
	schema, err := schemaOf(ctx, like)
	if err != nil {
		return 0, err
	}
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return 0, fmt.Errorf("open bare SQLite: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := sqlitex.ExecuteScript(conn, schema, nil); err != nil {
		return 0, fmt.Errorf("bare schema: %w", err)
	}
	for _, pragma := range []string{"journal_mode=WAL", "synchronous=NORMAL", "cache_size=-32768", "wal_autocheckpoint=16384"} {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			return 0, fmt.Errorf("bare pragma: %w", err)
		}
	}
	began := now()
	for _, c := range r.all {
		if err := writeBare(conn, c); err != nil {
			return 0, err
		}
	}
	return float64(r.all[len(r.all)-1].Checkpoint.Position) / now().Sub(began).Seconds(), nil
}

// schemaOf returns the statements that made the tables and indexes of a store.
func schemaOf(_ context.Context, path string) (schema string, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return "", fmt.Errorf("read the schema: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	err = sqlitex.ExecuteTransient(conn, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			schema += stmt.ColumnText(0) + ";\n"
			return nil
		},
	})
	return schema, err
}

func writeBare(conn *sqlite.Conn, c projections.Changes) (err error) {
	defer sqlitex.Save(conn)(&err)
	for _, t := range c.Tables {
		put, err := conn.Prepare(upsert(t.Table))
		if err != nil {
			return fmt.Errorf("bare put: %w", err)
		}
		for _, row := range t.Put {
			if err := step(put, row); err != nil {
				return err
			}
		}
		if err := deleteBare(conn, t); err != nil {
			return err
		}
	}
	return nil
}

// upsert is the quickest statement that puts a row; INSERT OR REPLACE is a tenth slower.
func upsert(t *projections.Table) string {
	var key, set []string
	for i, c := range t.Columns {
		if i < t.KeyLen {
			key = append(key, c.Name)
		} else {
			set = append(set, c.Name+"=excluded."+c.Name)
		}
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(t.Columns)), ",")
	sql := "INSERT INTO " + t.Name + " VALUES(" + marks + ") ON CONFLICT(" + strings.Join(key, ",") + ") DO "
	if len(set) == 0 {
		return sql + "NOTHING"
	}
	return sql + "UPDATE SET " + strings.Join(set, ",")
}

func deleteBare(conn *sqlite.Conn, t projections.TableChanges) error {
	if len(t.Delete) == 0 {
		return nil
	}
	var where []string
	for _, c := range t.Table.Columns[:t.Table.KeyLen] {
		where = append(where, c.Name+"=?")
	}
	del, err := conn.Prepare("DELETE FROM " + t.Table.Name + " WHERE " + strings.Join(where, " AND "))
	if err != nil {
		return fmt.Errorf("bare delete: %w", err)
	}
	for _, key := range t.Delete {
		if err := step(del, key); err != nil {
			return err
		}
	}
	return nil
}

// step binds the values and runs the statement once.
func step(stmt *sqlite.Stmt, values []any) error {
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			stmt.BindNull(i + 1)
		case int64:
			stmt.BindInt64(i+1, v)
		case float64:
			stmt.BindFloat(i+1, v)
		case string:
			stmt.BindText(i+1, v)
		case []byte:
			stmt.BindBytes(i+1, v)
		default:
			return fmt.Errorf("bare SQLite cannot bind a %T", v)
		}
	}
	if _, err := stmt.Step(); err != nil {
		return fmt.Errorf("bare step: %w", err)
	}
	return stmt.Reset()
}
