package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/c360hq/c360/cmd/c360/bench"
	"github.com/c360hq/c360/projections/identity"
)

const benchHelp = `
c360 bench measures c360 beside the engines it stands on, in one run on this machine, and prints a table: HTTP to
durable log beside bare Pebble, projection and rebuild beside bare SQLite, then a c360 of its own growing through
100 k and 1 M events to --events, read while it is written. What counts are the ratios.

5 M events take about ten minutes and 6 GB of disk in --dir; both are given back.`

// runBench prints the table of the README.
func runBench(ctx context.Context, e env, args []string) error {
	fs := newFlags(e, "bench", benchHelp)
	events := fs.Int("events", 1_000_000, "the largest number of events to measure at")
	engine := fs.Int("engine-events", 200_000, "how many events are written beside the raw engines")
	rebuild := fs.Int("rebuild-events", 500_000, "how many events are rebuilt beside live projection")
	dir := fs.String("dir", os.TempDir(), "a `folder` on the disk to measure")
	rounds := fs.Int("rounds", 3, "how often each comparison with a raw engine is run; the middle one counts")
	samples := fs.Int("samples", 1000, "how many pages are read for each quantile")
	seed := fs.Uint64("seed", 360, "another seed is other touchpoints")
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if *events < 1000 || *engine < 1000 || *rebuild < 1000 || *rounds < 1 || *samples < 1 {
		return usageError{errors.New("give at least 1000 for --events, --engine-events and --rebuild-events, and 1 for --rounds and --samples")}
	}
	moreThreads() // as serve does
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	open, err := openRooms(identity.DefaultRules())
	if err != nil {
		return err
	}
	return bench.Run(ctx, bench.Options{
		Binary: binary, Dir: *dir, Sizes: sizes(*events), Rounds: *rounds, Samples: *samples, Seed: *seed,
		Engine: *engine, Rebuild: *rebuild, Rooms: open.all(), Out: e.stdout,
	})
}

// sizes are 100 k and 1 M, as far as they are below the largest, and the largest.
func sizes(largest int) []int {
	var all []int
	for _, n := range []int{100_000, 1_000_000} {
		if n < largest {
			all = append(all, n)
		}
	}
	return append(all, largest)
}
