package pgstore

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

func TestText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOf(rapid.Byte()).Draw(t, "a"), rapid.SliceOf(rapid.Byte()).Draw(t, "b")
		if got := unescape([]byte(escape(string(a)))); got != string(a) || strings.IndexByte(escape(string(a)), 0) >= 0 {
			t.Fatalf("%q came back as %q", a, got)
		}
		va, vb := strings.ToValidUTF8(string(a), "\x01"), strings.ToValidUTF8(string(b), "\x00")
		if strings.Compare(va, vb) != bytes.Compare([]byte(escape(va)), []byte(escape(vb))) {
			t.Fatalf("%q and %q are in another order", va, vb)
		}
	})
}

// TestPlans: whatever range is asked for, either way, a page is read from the index in its order, without a sort, and rows
// by key through the key, even of a table that nothing is known of.
func TestPlans(t *testing.T) {
	t.Parallel()
	table := &projections.Table{
		Name: "things", Doc: "For tests.", KeyLen: 2,
		Columns: []projections.Column{
			{Name: "a", Kind: projections.Text}, {Name: "b", Kind: projections.Int}, {Name: "c", Kind: projections.Blob}, {Name: "d", Kind: projections.Real},
		},
		Indexes: []projections.Index{{Name: "by_c", Columns: []string{"c", "d"}}, {Name: "by_b", Columns: []string{"b"}}},
	}
	server := pgtest.Start(t)
	o := StoreOptions{
		Options: Options{URL: server.NewDatabase(t), Now: time.Now, Logger: slog.New(slog.DiscardHandler)},
		Name:    "plans", Spec: projections.Spec{Tables: []*projections.Table{table}},
	}
	s, err := Open(t.Context(), o)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	c, err := s.opts.connect(t.Context())
	must(t, err)
	defer disconnect(context.Background(), c)
	_, err = c.Exec(t.Context(), `INSERT INTO c360_plans.things SELECT n::text, n % 10, '\x00', n FROM generate_series(1, 3000) n; ANALYZE`)
	must(t, err)
	other := 0
	must(t, c.QueryRow(t.Context(), `SELECT count(*) FROM information_schema.columns
		WHERE table_schema = 'c360_plans' AND table_name = 'things' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`).Scan(&other))
	if other != 0 {
		t.Errorf("%d columns are ordered as the database pleases", other)
	}
	p := s.plans[0]
	value := map[projections.Kind]any{projections.Int: int64(1), projections.Real: 1.0, projections.Text: "a", projections.Blob: []byte{1}}
	for _, index := range []string{"", "by_c", "by_b"} {
		places, err := table.Order(index)
		must(t, err)
		tuple := func(from, to int) (values []any) {
			for _, i := range places[from:to] {
				values = append(values, value[table.Columns[i].Kind])
			}
			return values
		}
		for prefix := range len(places) {
			for to := prefix; to <= len(places); to++ {
				for _, desc := range []bool{false, true} {
					sc, err := s.scanOf(p, projections.Range{Index: index, Prefix: tuple(0, prefix), From: tuple(prefix, to), To: tuple(prefix, to), Desc: desc})
					must(t, err)
					name := "things__" + index
					if index == "" {
						name = "things_pkey"
					}
					wantPlan(t, c, sc.sql(), name)
				}
			}
		}
	}
	wantPlan(t, c, p.get, "(things_pkey|things__by_b)") // both are the whole key
	wantPlan(t, c, p.delete, "(things_pkey|things__by_b)")
}

var walks = regexp.MustCompile(`Seq Scan|Sort|Bitmap|Hash|Merge|Filter`)

// wantPlan explains a statement as it is planned for any values.
func wantPlan(t *testing.T, c *pgx.Conn, sql, index string) {
	t.Helper()
	params := strings.Count(sql, "$")
	_, err := c.Exec(t.Context(), "PREPARE asked AS "+sql)
	must(t, err)
	nulls := strings.TrimSuffix(strings.Repeat("NULL, ", params), ", ")
	rows, err := c.Query(t.Context(), fmt.Sprintf("EXPLAIN EXECUTE asked(%s)", nulls), pgx.QueryExecModeSimpleProtocol)
	must(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	plan := strings.Join(lines, "\n")
	if walks.MatchString(plan) || !regexp.MustCompile(index+` on`).MatchString(plan) {
		t.Errorf("%s\n%s", sql, plan)
	}
	_, err = c.Exec(t.Context(), "DEALLOCATE asked")
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
