package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
)

// replayOutHelp is the part of the help of c360 replay that is about --out.
//
//nolint:gosec // the password is an example
const replayOutHelp = `
c360 replay --known-at 2011-06-30 --out june.db folds what the log held at the end of that day, under the rules in
use, into one SQLite file: customers, orders, events and the other tables of c360 export, with indexes, a data
dictionary (table dictionary) and a manifest (table manifest). --as-of 2011-06-30 takes what had happened by then,
whenever we heard of it; both may be given, and neither means now. Open the file with sqlite3, pandas or DuckDB. c360
must not be running on the folder. --out 'postgres://name:password@host/database?schema=june' makes the same tables in a
new schema of a PostgreSQL database.

The file holds personal data and only you can read it, of a schema the database says who can; with --mask it says
nothing of who the customers are. Nothing is sent to anybody.`

// runReplayOut writes all tables as of an instant, or as of now, into a new SQLite file or a new schema of PostgreSQL.
func runReplayOut(ctx context.Context, e env, c *config, at instantFlags, out string, masked bool) error {
	if err := checkOut(out); err != nil {
		return err
	}
	if err := errors.Join(c.check(), c.mustHaveLog()); err != nil {
		return err
	}
	took := stopwatch()
	origin, err := writeFile(ctx, e, c, at, out, masked)
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; there is no %s, the same command begins anew", place(out))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s is history at position %d, made in %s; it holds %s\n",
		place(out), origin.Position, took(), holds(masked))
	return err
}

// checkOut refuses what this version cannot write.
func checkOut(out string) error {
	scheme, _, found := strings.Cut(out, "://")
	switch {
	case out == "":
		return usageError{errors.New("where to? give --out june.db")}
	case found && strings.HasPrefix(scheme, "postgres"):
		_, _, err := outSchema(out)
		return err
	case found:
		return usageError{fmt.Errorf("--out %s://…: give a file name, for example --out june.db, or postgres://…?schema=june", scheme)}
	}
	return nil
}

// place names what was written, without a password.
func place(out string) string {
	if scheme(out, "") == enginePostgres {
		return redact(out)
	}
	return out
}

// writeFile writes the file or the schema, or leaves nothing behind.
func writeFile(ctx context.Context, e env, c *config, at instantFlags, out string, masked bool) (origin replay.Origin, err error) {
	f, err := createOut(ctx, out) // before a long fold, because it may be there already
	if err != nil {
		return origin, err
	}
	err = lookBack(ctx, e, c, at, masked, func(s *dataset.Source, o replay.Origin) error {
		origin, err = replay.Fill(ctx, replay.Options{Source: s, Origin: o, Tables: dataset.All(), Report: exportProgress(e, "replay")}, f)
		return err
	})
	if err != nil {
		return origin, errors.Join(err, f.Abort())
	}
	return origin, f.Finish()
}
