package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/sqlitefile"
)

// replayOutHelp is the part of the help of c360 replay that is about --out.
const replayOutHelp = `
c360 replay --known-at 2011-06-30 --out june.db folds what the log held at the end of that day, under the rules in
use, into one SQLite file: customers, orders, events and the other tables of c360 export, with indexes, a data
dictionary (table dictionary) and a manifest (table manifest). --as-of 2011-06-30 takes what had happened by then,
whenever we heard of it; both may be given, and neither means now. Open the file with sqlite3, pandas or DuckDB. c360
must not be running on the folder. PostgreSQL output is not in this version; SQLite files are.

The file holds personal data and only you can read it. Nothing is sent to anybody.`

// runReplayOut writes all tables as of an instant, or as of now, into a new SQLite file.
func runReplayOut(ctx context.Context, e env, c *config, at instantFlags, out string) error {
	if err := checkOut(out); err != nil {
		return err
	}
	if err := errors.Join(c.check(), c.mustHaveLog()); err != nil {
		return err
	}
	took := stopwatch()
	origin, err := writeFile(ctx, e, c, at, out)
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; there is no %s, the same command begins anew", out)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s is history at position %d, made in %s; it holds personal data\n",
		out, origin.Position, took())
	return err
}

// checkOut refuses what this version cannot write.
func checkOut(out string) error {
	scheme, _, found := strings.Cut(out, "://")
	switch {
	case out == "":
		return usageError{errors.New("where to? give --out june.db")}
	case found && strings.HasPrefix(scheme, "postgres"):
		return usageError{errors.New("--out: PostgreSQL output is not in this version; give a file name, for example --out june.db, " +
			"which is written as SQLite, or use c360 export, whose CSV and Parquet files PostgreSQL can load")}
	case found:
		return usageError{fmt.Errorf("--out %s://…: give a file name, for example --out june.db", scheme)}
	}
	return nil
}

// writeFile writes the file, or leaves nothing behind.
func writeFile(ctx context.Context, e env, c *config, at instantFlags, out string) (origin replay.Origin, err error) {
	f, err := sqlitefile.Create(out) // before a long fold, because it may be there already
	if err != nil {
		return origin, err
	}
	err = withHistory(ctx, e, c, at, func(s *dataset.Source, o replay.Origin) error {
		origin, err = replay.Fill(ctx, replay.Options{Source: s, Origin: o, Tables: dataset.All(), Report: exportProgress(e, "replay")}, f)
		return err
	})
	if err != nil {
		return origin, errors.Join(err, f.Abort())
	}
	return origin, f.Finish()
}
