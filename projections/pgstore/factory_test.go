package pgstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/projections/roomtest"
)

func openFactory(t testing.TB, url string) *pgstore.Factory {
	t.Helper()
	f, err := pgstore.NewFactory(t.Context(), options(url))
	must(t, err)
	t.Cleanup(f.Close)
	return f
}

// TestFactory: what a factory does may be done again after a crash, and ids are never used again.
func TestFactory(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	f := openFactory(t, url)
	spec := projections.NewSpec(allRooms(t)...)
	id, err := f.NextID(t.Context())
	must(t, err)
	g := projections.Generation{ID: id, Kind: projections.KindFirst, State: projections.GenerationLoading, Note: "with \x00, and é"}
	s, err := f.Create(t.Context(), g, spec, false)
	must(t, err)
	must(t, s.Close())
	must(t, f.SetLive(t.Context(), id))
	g.State = projections.GenerationReady
	for range 2 {
		must(t, f.Describe(t.Context(), g))
	}
	other := openFactory(t, url) // another process
	all, err := other.List(t.Context())
	must(t, err)
	if len(all) != 1 || !all[0].Live || all[0].Note != g.Note || all[0].State != projections.GenerationReady {
		t.Errorf("listed are %+v", all)
	}
	if _, err := other.Create(t.Context(), g, spec, false); err == nil {
		t.Error("a generation is made twice")
	}
	s, err = other.Open(t.Context(), id, spec)
	must(t, err)
	must(t, s.Close())
	for range 2 {
		must(t, other.Drop(t.Context(), id))
	}
	if _, err := f.Open(t.Context(), id, spec); err == nil || !strings.Contains(err.Error(), "c360 rebuild") {
		t.Errorf("a store that is gone: %v", err)
	}
	if next, err := f.NextID(t.Context()); err != nil || next <= id {
		t.Errorf("after %s comes %s, %v", id, next, err)
	}
	if names := schemas(t, url); len(names) != 1 {
		t.Errorf("left are the schemas %q", names)
	}
}

// TestDropWhileRead: a generation that somebody reads is not dropped from under them.
func TestDropWhileRead(t *testing.T) {
	t.Parallel()
	f := openFactory(t, server.NewDatabase(t))
	s, err := f.Create(t.Context(), projections.Generation{ID: "000001"}, projections.NewSpec(), false)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	v := view(t, s)
	must(t, v.Scan(t.Context(), projections.ParkedTable, projections.Range{}, nil))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := f.Drop(ctx, "000001"); err == nil {
		t.Error("it was dropped")
	}
	must(t, v.Scan(t.Context(), projections.ParkedTable, projections.Range{}, nil))
	v.Close()
	must(t, f.Drop(t.Context(), "000001"))
}

func schemas(t testing.TB, url string) (names []string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, c.Close(t.Context())) }()
	rows, err := c.Query(t.Context(), `SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'c360%' ORDER BY 1`)
	must(t, err)
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	return names
}

// TestGenerations: a c360 lives in PostgreSQL: it folds, a rebuild holds the same bytes, is swapped in and goes on, the old
// one is dropped, and the next process finds it all.
func TestGenerations(t *testing.T) {
	t.Parallel()
	url := server.NewDatabase(t)
	rooms := allRooms(t)
	list := roomtest.Generate(5, roomtest.Options{People: 80, Events: 2000, Decisions: 20, Shared: 10})
	log := logOf(t, append(ruleEntries(), roomtest.Entries(list[:1500]...)...))
	gens := func() *projections.Generations {
		return projections.NewGenerations(projections.GenerationsOptions{Engine: engineOptions(log, nil, rooms), Factory: openFactory(t, url)})
	}
	g := gens()
	must(t, g.Start(t.Context()))
	head, err := log.Head(t.Context())
	must(t, err)
	must(t, g.Live().Await(t.Context(), head.Position))
	before, err := g.Live().Generation()
	must(t, err)
	rebuilt, err := g.Rebuild(t.Context(), nil)
	must(t, err)
	d, err := g.Compare(t.Context(), rebuilt.ID, nil)
	must(t, err)
	for _, table := range d.Tables {
		if !table.Identical && !strings.HasPrefix(table.Table, "segment_") && !strings.HasPrefix(table.Table, "churn_") {
			t.Errorf("%+v", table)
		}
	}
	must(t, g.Swap(t.Context(), rebuilt.ID, nil))
	must(t, g.Drop(t.Context(), before.ID))
	_, err = log.Append(t.Context(), roomtest.Entries(list[1500:]...)...)
	must(t, err)
	head, err = log.Head(t.Context())
	must(t, err)
	must(t, g.Live().Await(t.Context(), head.Position))
	must(t, g.Stop())

	again := gens()
	must(t, again.Start(t.Context()))
	must(t, again.Live().Await(t.Context(), head.Position))
	now, err := again.Live().Generation()
	must(t, err)
	if now.ID != rebuilt.ID || len(d.Tables) < 20 {
		t.Errorf("%s is live, %d tables were compared", now.ID, len(d.Tables))
	}
	must(t, again.Stop())
	if names := schemas(t, url); fmt.Sprint(names) != fmt.Sprintf("[c360 c360_%s]", rebuilt.ID) {
		t.Errorf("left are the schemas %q", names)
	}
}

// TestResume: a bulk load that was interrupted is found where it was, and ends as a store like one that never was.
func TestResume(t *testing.T) {
	t.Parallel()
	f := openFactory(t, server.NewDatabase(t))
	rooms := allRooms(t)
	spec := projections.NewSpec(rooms...)
	log := logOf(t, roomtest.Entries(roomtest.Generate(3, roomtest.Options{People: 40, Events: 800, Decisions: 10, Shared: 10})...))
	s, err := f.Create(t.Context(), projections.Generation{ID: "000001"}, spec, true)
	must(t, err)
	for _, to := range []int{300, 500} {
		o := engineOptions(log, s, rooms)
		e := projections.NewEngine(o)
		must(t, e.RunTo(t.Context(), 300))
		e.Stop()
		must(t, s.Close())
		if _, err := f.Open(t.Context(), "000001", spec); !errors.Is(err, projections.ErrUnfinished) {
			t.Errorf("half a load is opened at %d: %v", to, err)
		}
		s, err = f.Resume(t.Context(), "000001", spec)
		must(t, err)
	}
	foldAll(t, engineOptions(log, s, rooms))
	must(t, s.Finish(t.Context()))
	must(t, s.Close())
	s, err = f.Open(t.Context(), "000001", spec)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	lite := openSQLite(t, rooms)
	foldAll(t, engineOptions(log, lite, rooms))
	sameRows(t, s, lite, rooms)
}

// TestBadInput: what is wrong is said within seconds, in words that help, without the password; nothing is left behind.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	good := s.NewDatabase(t)
	s.Exec(t, "test_1", `CREATE ROLE guest LOGIN PASSWORD 'guest-secret'`, `REVOKE CREATE ON DATABASE test_1 FROM PUBLIC`)
	s.Exec(t, "postgres", `CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'`)
	newer := s.NewDatabase(t)
	f := openFactory(t, newer)
	f.Close()
	s.Exec(t, "test_2", `INSERT INTO c360.versions VALUES (99, now())`)
	for name, c := range map[string]struct{ url, says string }{
		"no URL":          {"nonsense", "postgres://account:password@host"},
		"slash in it":     {"postgres://postgres:sec/ret-1@127.0.0.1/x", "%2F"},
		"another scheme":  {"mysql://postgres:sec-ret-2@127.0.0.1/x", "postgres://"},
		"nobody there":    {"postgres://postgres:sec-ret-3@127.0.0.1:1/x?sslmode=disable", "no server answers"},
		"no such host":    {"postgres://postgres:sec-ret-4@nowhere.invalid/x", "the host"},
		"silent server":   {"postgres://postgres:sec-ret-5@" + silent(t, "") + "/x?connect_timeout=1&sslmode=disable", "no server answers"},
		"another server":  {"postgres://postgres:sec-ret-8@" + silent(t, "HTTP/1.1 400 Bad Request\r\n\r\n") + "/x?sslmode=disable", "is it PostgreSQL"},
		"wrong password":  {s.URLFor("postgres", "sec-ret-6", "test_1"), "password is wrong"},
		"no such account": {s.URLFor("somebody", "sec-ret-7", "test_1"), "password is wrong"},
		"no database":     {s.URL("absent"), "CREATE DATABASE"},
		"may not create":  {s.URLFor("guest", "guest-secret", "test_1"), "GRANT CREATE ON DATABASE"},
		"another script":  {s.URL("latin"), "ENCODING 'UTF8'"},
		"no TLS":          {strings.Replace(good, "disable", "require", 1), "sslmode"},
		"newer c360":      {newer, "newer c360"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var logged bytes.Buffer
			o := options(c.url)
			o.Logger = slog.New(slog.NewTextHandler(&logged, nil))
			_, err := pgstore.NewFactory(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), c.says) || time.Since(began) > 10*time.Second {
				t.Errorf("after %s: %v, want %q", time.Since(began), err, c.says)
			}
			for _, secret := range []string{"sec-ret", "sec/ret", "ret-", "guest-secret", pgtest.Password} {
				if strings.Contains(fmt.Sprintf("%v %+v %s", err, err, logged.String()), secret) {
					t.Errorf("a password is shown: %v", err)
				}
			}
		})
	}
	t.Cleanup(func() {
		if names := leftIn(s, "test_1"); names != "" {
			t.Errorf("left behind: %s", names)
		}
	})
}

// silent is a server that takes connections and says nothing that is to the point.
func silent(t *testing.T, says string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer func() { _ = c.Close() }()
				_, _ = c.Write([]byte(says))
				_, _ = io.Copy(io.Discard, c) // until the other side gives up
			})
		}
	})
	t.Cleanup(func() {
		must(t, l.Close())
		open.Wait()
	})
	return l.Addr().String()
}

// leftIn lists the schemas of c360 in a database when the test's own context has ended.
func leftIn(s *pgtest.Server, database string) (names string) {
	c, err := pgx.Connect(context.Background(), s.URL(database))
	if err != nil {
		return err.Error()
	}
	defer func() { _ = c.Close(context.Background()) }()
	if err := c.QueryRow(context.Background(), `SELECT coalesce(string_agg(nspname, ' '), '') FROM pg_namespace WHERE nspname LIKE 'c360%'`).Scan(&names); err != nil {
		return err.Error()
	}
	return names
}
