package replay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/pgschema"
)

// TestPostgreSQL holds the tables of a filled schema against the rows. What is cut short leaves nothing, and what is there
// is not touched.
func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	url := pgtest.Start(t).NewDatabase(t)
	cut, err := pgschema.Create(t.Context(), connect(t, url), "june")
	must(t, err)
	_, err = cut.Table(dataset.All()[0])
	must(t, err)
	must(t, cut.Abort())

	whole, err := pgschema.Create(t.Context(), connect(t, url), "june")
	must(t, err)
	_, err = replay.Fill(t.Context(), replay.Options{Source: s, Origin: origin, Tables: dataset.All()}, whole)
	must(t, err)
	conn := connect(t, url)
	defer func() { must(t, conn.Close(t.Context())) }()
	if n := countSchema(t, conn); n != 0 {
		t.Errorf("before it is finished %d tables are seen", n)
	}
	must(t, whole.Finish())
	for _, d := range append(dataset.All(), dataset.Dictionary()) {
		if diff := cmp.Diff(writtenRows(t, s, d), storedRows(t, conn, d)); diff != "" {
			t.Errorf("%s is not what was written (-written +stored):\n%s", d.Name, diff)
		}
	}
	if n := countSchema(t, conn); n != len(dataset.All())+2 {
		t.Errorf("there are %d tables", n)
	}
	for _, name := range []string{"june", "June", "x; DROP SCHEMA june"} {
		if _, err := pgschema.Create(t.Context(), connect(t, url), name); err == nil {
			t.Errorf("the schema %q is made", name)
		}
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	return c
}

func countSchema(t *testing.T, c *pgx.Conn) (n int) {
	t.Helper()
	must(t, c.QueryRow(t.Context(), `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'june'`).Scan(&n))
	return n
}

// writtenRows are the rows of a dataset, a line each.
func writtenRows(t *testing.T, s *dataset.Source, d *dataset.Dataset) string {
	t.Helper()
	var b strings.Builder
	must(t, d.Rows(t.Context(), s, dataset.Query{}, func(rows *dataset.Batch) error {
		for i := range rows.Len() {
			for j, v := range rows.Row(i) {
				if v.Null() {
					b.WriteString("null|")
				} else {
					fmt.Fprintf(&b, "%s|", v.Append(nil, d.Columns[j].Type))
				}
			}
			b.WriteByte('\n')
		}
		return nil
	}))
	return b.String()
}

// storedRows are the rows of a table as they were written, a line each.
func storedRows(t *testing.T, c *pgx.Conn, d *dataset.Dataset) string {
	t.Helper()
	names := make([]string, len(d.Columns))
	for i, column := range d.Columns {
		names[i] = `"` + column.Name + `"`
		if column.Type == dataset.JSON {
			names[i] += "::text"
		}
		if column.Type == dataset.Date {
			names[i] += "::timestamptz" // its midnight
		}
	}
	rows, err := c.Query(t.Context(), "SELECT "+strings.Join(names, ", ")+" FROM june."+d.Name+" ORDER BY ctid")
	must(t, err)
	var b strings.Builder
	for rows.Next() {
		values, err := rows.Values()
		must(t, err)
		for i, v := range values {
			fmt.Fprintf(&b, "%s|", shown(v, d.Columns[i].Type))
		}
		b.WriteByte('\n')
	}
	must(t, rows.Err())
	return b.String()
}

func shown(v any, as dataset.Type) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case time.Time:
		if as == dataset.Date {
			return v.UTC().Format(time.DateOnly)
		}
		return v.UTC().Format(dataset.TimeLayout)
	case float64:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.6f", v), "0"), ".")
	}
	return fmt.Sprint(v)
}
