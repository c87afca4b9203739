package sqlitefile

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// File is a database on its way.
type File struct {
	path    string
	conn    *sqlite.Conn
	indexes []string
}

var _ replay.Database = (*File)(nil)

const (
	temporary = ".tmp"
	fileMode  = 0o600 // it holds personal data
	cacheKiB  = 32 << 10
)

// Create begins a file that must not exist yet. Until Finish it is called path.tmp.
func Create(path string) (*File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s exists already; give another name or remove it", path)
	}
	_ = os.Remove(path + temporary)                                                          // the leavings of an attempt that was killed; creating says if it is still there
	private, err := os.OpenFile(path+temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // the operator's own path
	if err != nil {
		return nil, err
	}
	if err := private.Close(); err != nil {
		return nil, err
	}
	conn, err := sqlite.OpenConn(path+temporary, sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	f := &File{path: path, conn: conn}
	if err := f.begin(); err != nil {
		return nil, errors.Join(err, f.Abort())
	}
	return f, nil
}

func (f *File) begin() error {
	for _, sql := range []string{
		"PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA locking_mode=EXCLUSIVE",
		fmt.Sprintf("PRAGMA cache_size=-%d", cacheKiB), "BEGIN",
		"CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
	} {
		if err := sqlitex.ExecuteTransient(f.conn, sql, nil); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// Note writes a line of the table manifest.
func (f *File) Note(name, value string) error {
	return sqlitex.Execute(f.conn, "INSERT INTO manifest VALUES (?, ?)", &sqlitex.ExecOptions{Args: []any{name, value}})
}

// Finish builds the indexes, makes the file durable and gives it its name.
func (f *File) Finish() error {
	for _, sql := range append(f.indexes, "COMMIT") {
		if err := sqlitex.ExecuteTransient(f.conn, sql, nil); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", sql, err), f.Abort())
		}
	}
	if err := f.conn.Close(); err != nil {
		return err
	}
	if err := syncFile(f.path + temporary); err != nil {
		return err
	}
	return os.Rename(f.path+temporary, f.path)
}

// Abort removes what there is of the file.
func (f *File) Abort() error { return errors.Join(f.conn.Close(), os.Remove(f.path+temporary)) }

func syncFile(path string) error {
	file, err := os.Open(path) //nolint:gosec // the file we just wrote
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Table makes an empty table.
func (f *File) Table(d *dataset.Dataset) (format.Writer, error) {
	if err := sqlitex.ExecuteTransient(f.conn, create(d), nil); err != nil {
		return nil, err
	}
	for _, c := range d.Columns {
		if c.Index {
			f.indexes = append(f.indexes, fmt.Sprintf("CREATE INDEX %s_%s ON %s (%s)", d.Name, c.Name, d.Name, c.Name))
		}
	}
	places := strings.TrimSuffix(strings.Repeat("?,", len(d.Columns)), ",")
	stmt, err := f.conn.Prepare(fmt.Sprintf("INSERT INTO %s VALUES (%s)", d.Name, places))
	if err != nil {
		return nil, err
	}
	return &table{stmt: stmt, columns: d.Columns}, nil
}

func create(d *dataset.Dataset) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (", d.Name)
	for i, c := range d.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %s", c.Name, typeOf(c.Type))
		if !c.Nullable {
			b.WriteString(" NOT NULL")
		}
	}
	b.WriteString(")")
	return b.String()
}

func typeOf(t dataset.Type) string {
	switch t {
	case dataset.Int:
		return "INTEGER"
	case dataset.Real:
		return "REAL"
	case dataset.Bool:
		return "BOOLEAN"
	case dataset.Timestamp:
		return "TIMESTAMP"
	case dataset.Date:
		return "DATE"
	case dataset.Text, dataset.JSON:
	}
	return "TEXT"
}

// table writes the rows of one table.
type table struct {
	stmt    *sqlite.Stmt
	columns []dataset.Column
	buf     []byte
}

// Write implements format.Writer.
func (t *table) Write(b *dataset.Batch) error {
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			t.bind(j+1, v, t.columns[j].Type)
		}
		if _, err := t.stmt.Step(); err != nil {
			return err
		}
		if err := t.stmt.Reset(); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) bind(place int, v dataset.Value, as dataset.Type) {
	switch {
	case v.Null():
		t.stmt.BindNull(place)
	case as == dataset.Int:
		t.stmt.BindInt64(place, v.Int())
	case as == dataset.Real:
		t.stmt.BindFloat(place, v.Real())
	case as == dataset.Bool:
		t.stmt.BindBool(place, v.Bool())
	case as == dataset.Timestamp || as == dataset.Date:
		t.buf = v.Append(t.buf[:0], as)
		t.stmt.BindText(place, string(t.buf))
	default:
		t.stmt.BindText(place, v.Text())
	}
}

// Close implements format.Writer.
func (t *table) Close() error { return t.stmt.Finalize() }
