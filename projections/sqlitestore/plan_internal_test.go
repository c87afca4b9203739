package sqlitestore

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"github.com/c360hq/c360/projections"
)

// TestQueryPlans: SQLite answers every shape of scan by walking one index from a place it can seek to. A plan that
// sorts or filters would be right, and slow only with millions of rows.
func TestQueryPlans(t *testing.T) {
	t.Parallel()
	column := func(name string, kind projections.Kind) projections.Column {
		return projections.Column{Name: name, Kind: kind}
	}
	index := []projections.Index{{Name: "by", Columns: []string{"owner", "at"}}}
	rest := []projections.Column{column("owner", projections.Blob), column("at", projections.Int), column("text", projections.Text)}
	tables := []*projections.Table{
		{Name: "by_rowid", Columns: append([]projections.Column{column("position", projections.Int)}, rest...), KeyLen: 1, Indexes: index},
		{Name: "clustered", Columns: append([]projections.Column{column("a", projections.Text), column("b", projections.Int)}, rest...), KeyLen: 2, Indexes: index},
	}
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "views.db"), Spec: projections.Spec{Tables: tables}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, p := range s.plans {
		for _, shape := range shapes(p) {
			sql := shape.sql(shape.columns())
			got := explain(t, s.writer.sql, sql)
			seeks := shape.prefix+shape.from+shape.to > 0
			if strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "SEARCH") != seeks {
				t.Errorf("%s\n%s", sql, got)
			}
		}
		if got := explain(t, s.writer.sql, p.get); !strings.Contains(got, "SEARCH") {
			t.Errorf("%s\n%s", p.get, got)
		}
	}
}

func shapes(p *plan) []shape {
	var all []shape
	for _, index := range []string{"", "by"} {
		places, _ := p.table.Order(index)
		for prefix := range len(places) + 1 {
			rest := len(places) - prefix
			for from := range rest + 1 {
				for to := range rest + 1 {
					for _, desc := range []bool{false, true} {
						all = append(all, shape{p, index, prefix, from, to, desc, true})
					}
				}
			}
		}
	}
	return all
}

func explain(t *testing.T, c *sqlite.Conn, sql string) string {
	t.Helper()
	stmt, _, err := c.PrepareTransient("EXPLAIN QUERY PLAN " + sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer func() {
		if err := stmt.Finalize(); err != nil {
			t.Error(err)
		}
	}()
	var plan strings.Builder
	for {
		more, err := stmt.Step()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		if !more {
			return plan.String()
		}
		fmt.Fprintln(&plan, stmt.ColumnText(3))
	}
}
