package main

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

// TestReplayOutPostgreSQL: history as of an instant becomes a schema, once, and the password is nowhere.
//
//nolint:tparallel // what follows looks at what the scripts left
func TestReplayOutPostgreSQL(t *testing.T) {
	t.Parallel()
	url := pgtest.Start(t).NewDatabase(t)
	t.Run("script", func(t *testing.T) { // ends when its scripts have, which are parallel
		testscript.Run(t, testscript.Params{
			Files: []string{"testdata/postgres/out.txtar"},
			Setup: func(e *testscript.Env) error {
				e.Setenv("OUT", url)
				e.Setenv("PASSWORD", pgtest.Password)
				return freeAddress(e)
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready},
		})
	})
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, c.Close(t.Context())) }()
	var events, customers int
	must(t, c.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM june.events), (SELECT count(*) FROM june.customers)`).Scan(&events, &customers))
	if events != 1 || customers != 1 {
		t.Errorf("the schema holds %d events of %d customers", events, customers)
	}
}
