package replay_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
	"github.com/c360hq/c360/services/replay/sqlitefile"
)

func TestGoldenText(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	for _, name := range []string{"csv", "ndjson"} {
		f, err := format.Find(name, format.Options{})
		must(t, err)
		for _, d := range dataset.All() {
			golden(t, d.Name+f.Ending, written(t, s, d, f))
		}
	}
	golden(t, "dictionary.md", []byte(dataset.Markdown()))
}

// TestParquet reads every table back with the library and holds it against the rows, and the schemas against a file.
func TestParquet(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	var schemas strings.Builder
	for _, d := range append(dataset.All(), dataset.Dictionary()) {
		f, err := parquet.OpenFile(readerOf(written(t, s, d, parquetFormat(t))))
		must(t, err)
		fmt.Fprintf(&schemas, "%s: %s\n", d.Name, f.Schema())
		if diff := cmp.Diff(plainRows(t, s, d), parquetRows(t, f, d)); diff != "" {
			t.Errorf("%s read back is not what was written (-written +read):\n%s", d.Name, diff)
		}
	}
	golden(t, "schemas.parquet.txt", []byte(schemas.String()))
}

func parquetFormat(t *testing.T) format.Format {
	t.Helper()
	f, err := format.Find("parquet", format.Options{})
	must(t, err)
	return f
}

func readerOf(b []byte) (*bytes.Reader, int64) { return bytes.NewReader(b), int64(len(b)) }

// plainRows are the rows of a dataset as text.
func plainRows(t *testing.T, s *dataset.Source, d *dataset.Dataset) []string {
	t.Helper()
	var all []string
	must(t, d.Rows(t.Context(), s, dataset.Query{}, func(b *dataset.Batch) error {
		for i := range b.Len() {
			var line []byte
			for j, v := range b.Row(i) {
				line = append(line, '|')
				switch t := d.Columns[j].Type; {
				case v.Null():
					line = append(line, "null"...)
				case t == dataset.Timestamp || t == dataset.Date:
					line = v.Append(line, dataset.Int) // as Parquet has it
				default:
					line = v.Append(line, t)
				}
			}
			all = append(all, string(line))
		}
		return nil
	}))
	return all
}

func parquetRows(t *testing.T, f *parquet.File, d *dataset.Dataset) []string {
	t.Helper()
	var all []string
	r := parquet.NewReader(f)
	defer r.Close()
	for range f.NumRows() {
		rows := make([]parquet.Row, 1)
		if n, _ := r.ReadRows(rows); n != 1 {
			t.Fatalf("%s ends early", d.Name)
		}
		var line strings.Builder
		for j, v := range rows[0] {
			if d.Columns[j].Type == dataset.Real && !v.IsNull() {
				line.WriteString("|" + strconv.FormatFloat(v.Double(), 'f', -1, 64))
				continue
			}
			line.WriteString("|" + strings.Replace(v.String(), "<null>", "null", 1))
		}
		all = append(all, line.String())
	}
	return all
}

// TestSQLite holds the tables of a filled database against the rows, and its definitions against a file.
func TestSQLite(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	conn := filled(t, s)
	golden(t, "schema.sql", []byte(query(t, conn, "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name")))
	golden(t, "manifest.txt", []byte(query(t, conn, "SELECT name, value FROM manifest ORDER BY name")))
	for _, d := range append(dataset.All(), dataset.Dictionary()) {
		var names []string
		for _, c := range d.Columns {
			names = append(names, c.Name)
		}
		got := query(t, conn, "SELECT "+strings.Join(names, ", ")+" FROM "+d.Name+" ORDER BY rowid")
		if diff := cmp.Diff(sqliteRows(t, s, d), got); diff != "" {
			t.Errorf("%s is not what was written (-written +stored):\n%s", d.Name, diff)
		}
	}
}

// filled is a database with all tables of the source.
func filled(t testing.TB, s *dataset.Source) *sqlite.Conn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "all.db")
	f, err := sqlitefile.Create(path)
	must(t, err)
	_, err = replay.Fill(t.Context(), replay.Options{Source: s, Origin: origin, Tables: dataset.All()}, f)
	must(t, err)
	must(t, f.Finish())
	return openFile(t, path)
}

func openFile(t testing.TB, path string) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	return conn
}

// query returns the rows of an answer, a line each.
func query(t testing.TB, conn *sqlite.Conn, sql string) string {
	t.Helper()
	var b strings.Builder
	must(t, sqlitex.ExecuteTransient(conn, sql, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		for i := range s.ColumnCount() {
			if i > 0 {
				b.WriteByte('|')
			}
			if s.ColumnType(i) == sqlite.TypeNull {
				b.WriteString("null")
			} else {
				b.WriteString(s.ColumnText(i))
			}
		}
		b.WriteByte('\n')
		return nil
	}}))
	return b.String()
}

// sqliteRows are the rows of a dataset as SQLite shows them.
func sqliteRows(t *testing.T, s *dataset.Source, d *dataset.Dataset) string {
	t.Helper()
	var b strings.Builder
	must(t, d.Rows(t.Context(), s, dataset.Query{}, func(rows *dataset.Batch) error {
		for i := range rows.Len() {
			for j, v := range rows.Row(i) {
				if j > 0 {
					b.WriteByte('|')
				}
				b.WriteString(sqliteText(v, d.Columns[j].Type))
			}
			b.WriteByte('\n')
		}
		return nil
	}))
	return b.String()
}

func sqliteText(v dataset.Value, as dataset.Type) string {
	text := string(v.Append(nil, as))
	switch {
	case v.Null():
		return "null"
	case as == dataset.Bool && v.Bool():
		return "1"
	case as == dataset.Bool:
		return "0"
	case as == dataset.Real && !strings.Contains(text, "."):
		return text + ".0"
	}
	return text
}
