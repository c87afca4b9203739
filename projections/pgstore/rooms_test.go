package pgstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/timeline"
)

// allRooms are the rooms c360 serves from.
func allRooms(t testing.TB) []projections.Room {
	t.Helper()
	who, err := identity.New(identity.DefaultRules())
	must(t, err)
	return []projections.Room{who, profile.New(), timeline.New(), segment.NewRoom(who), churn.NewRoom(who), history.New()}
}

func openStore(t testing.TB, url, name string, rooms []projections.Room) *pgstore.Store {
	t.Helper()
	s, err := pgstore.Open(t.Context(), pgstore.StoreOptions{Options: options(url), Name: name, Spec: projections.NewSpec(rooms...)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func openSQLite(t testing.TB, rooms []projections.Room) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: filepath.Join(t.TempDir(), "views.db"), Spec: projections.NewSpec(rooms...)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// TestGoldenCases: the golden cases of every room leave the same rows in PostgreSQL as in SQLite, in the same order.
func TestGoldenCases(t *testing.T) {
	t.Parallel()
	logs, err := filepath.Glob("../*/testdata/*/log.jsonl")
	must(t, err)
	if len(logs) < 6 {
		t.Fatalf("found %d golden cases", len(logs))
	}
	url := server.NewDatabase(t)
	for i, path := range logs {
		list, err := roomtest.ReadLog(path)
		must(t, err)
		log := roomtest.Record(list)
		rooms := allRooms(t)
		pg, lite := openStore(t, url, fmt.Sprintf("golden_%d", i), rooms), openSQLite(t, rooms)
		for _, batch := range []projections.Store{pg, lite} {
			must(t, roomtest.Fold(t.Context(), batch, log, 3, rooms...))
		}
		if rows := sameRows(t, pg, lite, rooms); rows < len(log) {
			t.Errorf("%s: %d rows of %d events", path, rows, len(log))
		}
	}
}

// TestRandomHistory: a town of people who are linked and unlinked, late, shuffled and repeated, and rules that judge them,
// folded by the engine in batches of any size.
func TestRandomHistory(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	for seed := range uint64(3) {
		t.Logf("seed %d", seed)
		list := roomtest.Shuffle(seed, roomtest.Generate(seed, roomtest.Options{People: 60, Events: 1500, Decisions: 20, Shared: 10}))
		log := logOf(t, append(ruleEntries(), roomtest.Entries(list...)...))
		rooms := allRooms(t)
		pg, lite := openStore(t, url, fmt.Sprintf("random_%d", seed), rooms), openSQLite(t, rooms)
		for i, s := range []projections.Store{pg, lite} {
			o := engineOptions(log, s, rooms)
			o.BatchEvents = []int{137, 1000}[i]
			foldAll(t, o)
		}
		if rows := sameRows(t, pg, lite, rooms); rows < 1500 {
			t.Errorf("only %d rows", rows)
		}
		for _, name := range []string{"segment_customers", "churn_customers", "timeline_events", "profile_orders", "identity_customers"} {
			if countOf(t, pg, rooms, name) == 0 {
				t.Errorf("nothing was folded into %s", name)
			}
		}
	}
}

func engineOptions(log events.Log, s projections.Store, rooms []projections.Room) projections.Options {
	o := options("")
	return projections.Options{Log: log, Store: s, Rooms: rooms, Now: time.Now, Logger: o.Logger}
}

// foldAll folds up to the head and sweeps.
func foldAll(t testing.TB, o projections.Options) {
	t.Helper()
	head, err := o.Log.Head(t.Context())
	must(t, err)
	e := projections.NewEngine(o)
	defer e.Stop()
	must(t, e.RunTo(t.Context(), head.Position))
	must(t, e.SweepAll(t.Context()))
}

// ruleEntries are two segments, a churn policy, and the clock's tick that judges everybody.
func ruleEntries() []events.Entry {
	start := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	decide := func(id, stream, kind string, at time.Time, data string) events.Entry {
		return events.Entry{Stream: stream, Event: events.Event{
			Source: "c360", ID: id, Type: kind, Time: at, Received: at, Channel: events.ChannelWeb, Data: []byte(data),
		}}
	}
	return []events.Entry{
		decide("d1", "segment-lookers", segment.Defined, start, `{"rule":{"event":"page.viewed","count":{">=":2},"within":"30d"}}`),
		decide("d2", "segment-buyers", segment.Defined, start, `{"rule":{"event":"order.completed","count":{">=":1},"within":"90d"}}`),
		decide("d3", "churn-rhythm", churn.Defined, start, `{"rule":{"version":1,"rhythm":{"factor":2,"min_visits":3}}}`),
		decide("t1", "clock", "clock.ticked", start.AddDate(0, 6, 0), `{}`),
	}
}

func logOf(t testing.TB, entries []events.Entry) *memlog.Log {
	t.Helper()
	log := memlog.New(time.Now)
	t.Cleanup(func() { must(t, log.Close()) })
	for part := range slices.Chunk(entries, 5000) {
		_, err := log.Append(t.Context(), part...)
		must(t, err)
	}
	return log
}

// sameRows compares every table, row by row in the order of its key and of every index, and the digests with what depends on
// the order of events. It returns how many rows there are.
func sameRows(t testing.TB, a, b projections.Store, rooms []projections.Room) int {
	t.Helper()
	tables := projections.NewSpec(rooms...).Tables
	left, right := view(t, a), view(t, b)
	defer left.Close()
	defer right.Close()
	if left.Checkpoint() != right.Checkpoint() {
		t.Errorf("the checkpoints are %+v and %+v", left.Checkpoint(), right.Checkpoint())
	}
	rows := 0
	for _, table := range tables {
		for _, x := range append([]projections.Index{{}}, table.Indexes...) {
			for _, desc := range []bool{false, true} {
				r := projections.Range{Index: x.Name, Desc: desc}
				if dump(t, left, table, r) != dump(t, right, table, r) {
					t.Errorf("table %s differs by %+v", table.Name, r)
				}
			}
		}
	}
	sums := make([]projections.Sums, 2)
	for i, v := range []projections.View{left, right} {
		var err error
		sums[i], err = projections.Digest(t.Context(), v, tables, true)
		must(t, err)
	}
	for _, s := range sums[0] {
		rows += s.Rows
	}
	if sums[0].String() != sums[1].String() {
		t.Errorf("digests\n%s\n%s", sums[0], sums[1])
	}
	return rows
}

// countOf counts the rows of a table by the short way and by the long one.
func countOf(t testing.TB, s projections.Store, rooms []projections.Room, name string) uint64 {
	t.Helper()
	v := view(t, s)
	defer v.Close()
	for _, table := range projections.NewSpec(rooms...).Tables {
		if table.Name != name {
			continue
		}
		n, err := v.(projections.Counter).Count(t.Context(), table)
		must(t, err)
		if long := strings.Count(dump(t, v, table, projections.Range{}), "\n"); uint64(long) != n {
			t.Errorf("%s has %d rows, counted are %d", name, long, n)
		}
		return n
	}
	t.Fatalf("there is no table %s", name)
	return 0
}

func view(t testing.TB, s interface {
	View(context.Context) (projections.View, error)
},
) projections.View {
	t.Helper()
	v, err := s.View(t.Context())
	must(t, err)
	return v
}

func dump(t testing.TB, v projections.Reader, table *projections.Table, r projections.Range) string {
	t.Helper()
	var b strings.Builder
	must(t, v.Scan(t.Context(), table, r, func(row projections.Row) (bool, error) {
		fmt.Fprintf(&b, "%#v\n", row)
		return true, nil
	}))
	return b.String()
}
