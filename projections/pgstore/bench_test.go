package pgstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

// recorder is a store that remembers what was committed.
type recorder struct {
	projections.Store
	all []projections.Changes
}

func (r *recorder) Commit(ctx context.Context, c projections.Changes) error {
	kept := projections.Changes{Checkpoint: c.Checkpoint}
	for _, t := range c.Tables {
		kept.Tables = append(kept.Tables, projections.TableChanges{Table: t.Table, Put: slices.Clone(t.Put), Delete: slices.Clone(t.Delete)})
	}
	r.all = append(r.all, kept)
	return r.Store.Commit(ctx, c)
}

// BenchmarkProjection folds a history through all rooms into PostgreSQL, and beside it writes the same rows with nothing
// around: pgx, COPY for the timeline, INSERT … SELECT unnest … ON CONFLICT for the rest, one transaction for each of the
// same batches into the same tables. ratio is how much of that is left.
func BenchmarkProjection(b *testing.B) {
	const count = 60_000
	rooms := allRooms(b)
	url := server.NewDatabase(b)
	log := logOf(b, append(ruleEntries(), roomtest.Entries(roomtest.Generate(1, roomtest.Options{People: 6000, Events: count, Shared: 2})...)...))
	head, err := log.Head(b.Context())
	must(b, err)
	rec := &recorder{Store: roomtest.NewStore()}
	project(b, log, head.Position, rec, rooms)
	n := 0
	var folded, bare time.Duration
	for b.Loop() {
		s := openStore(b, url, fmt.Sprintf("fold_%d", n), rooms)
		folded += project(b, log, head.Position, s, rooms)
		bare += writeBare(b, url, fmt.Sprintf("bare_%d", n), rec.all, rooms)
		n++
	}
	b.ReportMetric(float64(n*count)/folded.Seconds(), "events/s")
	b.ReportMetric(float64(n*count)/bare.Seconds(), "bare/s")
	b.ReportMetric(bare.Seconds()/folded.Seconds(), "ratio")
}

// BenchmarkLoad folds the same history in bulk, indexes last, as a rebuild does.
func BenchmarkLoad(b *testing.B) {
	const count = 60_000
	rooms := allRooms(b)
	url := server.NewDatabase(b)
	log := logOf(b, append(ruleEntries(), roomtest.Entries(roomtest.Generate(1, roomtest.Options{People: 6000, Events: count, Shared: 2})...)...))
	head, err := log.Head(b.Context())
	must(b, err)
	n := 0
	for b.Loop() {
		s, err := pgstore.Open(b.Context(), pgstore.StoreOptions{
			Options: options(url), Name: fmt.Sprintf("load_%d", n), Spec: projections.NewSpec(rooms...), Bulk: true,
		})
		must(b, err)
		project(b, log, head.Position, s, rooms)
		must(b, s.Finish(b.Context()))
		must(b, s.Close())
		n++
	}
	b.ReportMetric(float64(n*count)/b.Elapsed().Seconds(), "events/s")
}

func project(b *testing.B, log events.Log, head events.Position, s projections.Store, rooms []projections.Room) time.Duration {
	b.Helper()
	o := engineOptions(log, s, rooms)
	o.CacheBytes = 256 << 20
	e := projections.NewEngine(o)
	defer e.Stop()
	began := time.Now()
	must(b, e.RunTo(b.Context(), head))
	return time.Since(began)
}

// writeBare writes batches as a program would that does nothing else.
func writeBare(b *testing.B, url, name string, batches []projections.Changes, rooms []projections.Room) time.Duration {
	b.Helper()
	must(b, openStore(b, url, name, rooms).Close()) // makes the tables
	c, err := pgx.Connect(b.Context(), url)
	must(b, err)
	defer func() { must(b, c.Close(b.Context())) }()
	_, err = c.Exec(b.Context(), `SET search_path = c360_`+name)
	must(b, err)
	began := time.Now()
	for _, batch := range batches {
		must(b, pgx.BeginFunc(b.Context(), c, func(tx pgx.Tx) error {
			for _, t := range batch.Tables {
				if err := bareTable(b.Context(), tx, t); err != nil {
					return err
				}
			}
			_, err := tx.Exec(b.Context(), `UPDATE c360_checkpoint SET position = $1, hash = $2`, int64(batch.Checkpoint.Position), batch.Checkpoint.Hash[:])
			return err
		}))
	}
	return time.Since(began)
}

func bareTable(ctx context.Context, tx pgx.Tx, t projections.TableChanges) error {
	var names, params, arrays, sets, match []string
	for i, c := range t.Table.Columns {
		kind := map[projections.Kind]string{projections.Int: "bigint", projections.Real: "float8", projections.Text: "text", projections.Blob: "bytea"}[c.Kind]
		names, params = append(names, `"`+c.Name+`"`), append(params, fmt.Sprintf("$%d::%s[]", i+1, kind))
		if i >= t.Table.KeyLen {
			sets = append(sets, fmt.Sprintf(`"%[1]s" = excluded."%[1]s"`, c.Name))
		} else {
			arrays = append(arrays, params[i])
			match = append(match, fmt.Sprintf(`t."%[1]s" = k."%[1]s"`, c.Name))
		}
	}
	if len(t.Delete) > 0 {
		sql := fmt.Sprintf(`DELETE FROM %s t USING unnest(%s) k (%s) WHERE %s`, t.Table.Name, strings.Join(arrays, ", "),
			strings.Join(names[:t.Table.KeyLen], ", "), strings.Join(match, " AND "))
		if _, err := tx.Exec(ctx, sql, columnsOf(t.Delete, t.Table.KeyLen)...); err != nil {
			return err
		}
	}
	if len(t.Put) == 0 {
		return nil
	}
	rows := make([][]any, len(t.Put))
	for i, r := range t.Put {
		rows[i] = r
	}
	if t.Table.Name == "timeline_events" {
		for i := range names {
			names[i] = strings.Trim(names[i], `"`)
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{t.Table.Name}, names, pgx.CopyFromRows(rows))
		return err
	}
	do := "NOTHING"
	if len(sets) > 0 {
		do = "UPDATE SET " + strings.Join(sets, ", ")
	}
	sql := fmt.Sprintf(`INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT (%s) DO %s`, t.Table.Name, strings.Join(names, ", "),
		strings.Join(params, ", "), strings.Join(names[:t.Table.KeyLen], ", "), do)
	_, err := tx.Exec(ctx, sql, columnsOf(rows, len(names))...)
	return err
}

// columnsOf turns rows into one array a column.
func columnsOf(rows [][]any, columns int) []any {
	all := make([]any, columns)
	for i := range all {
		switch rows[0][i].(type) {
		case int64:
			all[i] = array[int64](rows, i)
		case float64:
			all[i] = array[float64](rows, i)
		case string:
			all[i] = array[string](rows, i)
		default:
			all[i] = array[[]byte](rows, i)
		}
	}
	return all
}

func array[T any](rows [][]any, column int) []T {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i], _ = r[column].(T)
	}
	return all
}

// BenchmarkPage reads what a customer page begins with: a view, a row by key, and the newest 50 rows of one fragment.
func BenchmarkPage(b *testing.B) {
	rooms := allRooms(b)
	url := server.NewDatabase(b)
	list := roomtest.Generate(1, roomtest.Options{People: 500, Events: 30_000, Shared: 2})
	log := logOf(b, roomtest.Entries(list...))
	head, err := log.Head(b.Context())
	must(b, err)
	s := openStore(b, url, "page", rooms)
	project(b, log, head.Position, s, rooms)
	table := timeline.New().Tables()[0]
	fragments := fragmentsOf(b, s, table)
	lite := openSQLite(b, rooms)
	project(b, log, head.Position, lite, rooms)
	for name, store := range map[string]projections.Store{"postgres": s, "sqlite": lite} {
		b.Run(name, func(b *testing.B) {
			i, rows := 0, 0
			for b.Loop() {
				v := view(b, store)
				r := projections.Range{Index: "fragment", Prefix: []any{fragments[i%len(fragments)]}, Desc: true, Limit: 50}
				must(b, v.Scan(b.Context(), table, r, func(projections.Row) (bool, error) { rows++; return true, nil }))
				v.Close()
				i++
			}
			b.ReportMetric(float64(rows)/float64(i), "rows/page")
		})
	}
}

func fragmentsOf(b *testing.B, s *pgstore.Store, table *projections.Table) (all [][]byte) {
	b.Helper()
	v := view(b, s)
	defer v.Close()
	must(b, v.Scan(b.Context(), table, projections.Range{Limit: 2000}, func(r projections.Row) (bool, error) {
		all = append(all, r[1].([]byte))
		return true, nil
	}))
	return all
}
