package pgstore_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/projections/storetest"
)

// server is the one most tests share; those that stop it start their own.
var server *pgtest.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = pgtest.Launch(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func options(url string) pgstore.Options {
	return pgstore.Options{URL: url, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
}

// nameOf makes the name of a schema out of that of a folder.
func nameOf(dir string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(dir))
	return fmt.Sprintf("%016x", h.Sum64())
}

func TestStore(t *testing.T) {
	t.Parallel()
	o := options(server.NewDatabase(t))
	storetest.Run(t, func(ctx context.Context, dir string, spec projections.Spec, bulk bool) (projections.Store, error) {
		s, err := pgstore.Open(ctx, pgstore.StoreOptions{Options: o, Name: nameOf(dir), Spec: spec, Bulk: bulk})
		if err != nil {
			return nil, err
		}
		return s, nil
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
