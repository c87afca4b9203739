package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

func TestCrashKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	url := s.NewDatabase(t)
	s.Exec(t, "test_1", "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	for _, mode := range []string{pgtest.Immediate, pgtest.Fast} {
		must(t, s.Stop(mode))
		if _, err := pgx.Connect(t.Context(), url); err == nil {
			t.Fatalf("stopped %s, it answers", mode)
		}
		must(t, s.Start())
		if n := count(t, url); n != 7 {
			t.Errorf("after a stop %s it holds %d", mode, n)
		}
	}
	if s.Stop("gently") == nil || s.Start() == nil {
		t.Error("a mode that is none or a second start is taken")
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	if _, err := pgx.Connect(t.Context(), s.URLFor(pgtest.Account, "wrong", "postgres")); err == nil {
		t.Error("a wrong password is taken")
	}
}

func count(t *testing.T, url string) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, c.Close(t.Context())) }()
	must(t, c.QueryRow(t.Context(), "SELECT n FROM kept").Scan(&n))
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
