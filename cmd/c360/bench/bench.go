package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/projections"
)

// Options say what to measure.
type Options struct {
	// Binary is the c360 to start as a server.
	Binary string
	// Dir is where the data goes; a folder inside it is made and removed.
	Dir string
	// Sizes are the numbers of events at which the server is measured, ascending.
	Sizes []int
	// Rounds is how often each comparison with a raw engine is run; the middle one counts.
	Rounds int
	// Engine is how many events the comparisons with raw engines write, few enough to keep their rows in memory, and
	// Rebuild how many are rebuilt: a bulk load pays once the store outgrows its page cache.
	Engine, Rebuild int
	// Samples is how many pages are read for each quantile.
	Samples int
	Seed    uint64
	Rooms   []projections.Room
	Out     io.Writer
}

// Run measures and prints the table.
func Run(ctx context.Context, o Options) (err error) {
	dir, err := os.MkdirTemp(o.Dir, "c360-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the benchmark: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t := &table{out: o.Out}
	fmt.Fprintf(o.Out, "seed %d, data in %s\n", o.Seed, dir)
	for _, sh := range []shape{{100, 16}, {1, 16}, {1, 1}} {
		if err := o.compareIngest(ctx, t, dir, sh); err != nil {
			return err
		}
	}
	if err := o.compareFolds(ctx, t, dir); err != nil {
		return err
	}
	if err := o.compareSegments(ctx, t, filepath.Join(dir, "segments")); err != nil {
		return err
	}
	if err := o.compareRebuild(ctx, t, filepath.Join(dir, "rebuild")); err != nil {
		return err
	}
	if err := o.measureServer(ctx, t, filepath.Join(dir, "served")); err != nil {
		return err
	}
	t.print()
	return nil
}

// compareIngest is HTTP → durable log beside bare Pebble.
func (o Options) compareIngest(ctx context.Context, t *table, dir string, sh shape) error {
	count := o.Engine
	if sh.perRequest == 1 {
		count = min(count, 1000+2000*sh.connections) // about three seconds
	}
	var rounds []pair
	for i := range o.Rounds {
		sub := filepath.Join(dir, fmt.Sprintf("ingest-%d-%d-%d", sh.perRequest, sh.connections, i))
		ours, err := throughTheDoor(ctx, sub, newTraffic(o.Seed, count, now()), count, sh)
		if err != nil {
			return err
		}
		raw, err := barePebble(ctx, sub, sh)
		if err != nil {
			return err
		}
		rounds = append(rounds, pair{ours, raw})
	}
	m := middle(rounds)
	t.ratio(fmt.Sprintf("HTTP → durable, %d an HTTP request × %d connections", sh.perRequest, sh.connections), m.ours, m.raw, "bare Pebble", "≥ 0.5")
	return nil
}

// compareFolds is projection beside bare SQLite, over the log that compareIngest left.
func (o Options) compareFolds(ctx context.Context, t *table, dir string) error {
	var rounds []pair
	for i := range o.Rounds {
		p, err := foldBeside(ctx, filepath.Join(dir, fmt.Sprintf("ingest-100-16-%d", i)), o.Rooms)
		if err != nil {
			return err
		}
		rounds = append(rounds, p)
	}
	m := middle(rounds)
	t.ratio("projection, all rooms", m.ours, m.raw, "bare SQLite, same rows", "≥ 0.6")
	return nil
}

// compareRebuild is rebuild beside live projection.
func (o Options) compareRebuild(ctx context.Context, t *table, dir string) error {
	if _, err := throughTheDoor(ctx, dir, newTraffic(o.Seed, o.Rebuild, now()), o.Rebuild, shape{100, 16}); err != nil {
		return err
	}
	var rounds []pair
	for i := range o.Rounds {
		p, err := rebuildBeside(ctx, dir, strconv.Itoa(i), o.Rooms)
		if err != nil {
			return err
		}
		rounds = append(rounds, p)
	}
	m := middle(rounds)
	t.ratio("rebuild of "+thousands(float64(o.Rebuild))+" events", m.ours, m.raw, "live projection", "≥ 1.2")
	return nil
}

// measureServer grows one c360 through the sizes and measures it at each.
func (o Options) measureServer(ctx context.Context, t *table, dir string) error {
	s := newServer(o.Binary, dir)
	if _, err := s.start(ctx); err != nil {
		return err
	}
	defer func() { s.kill() }()
	load := newTraffic(o.Seed, o.Sizes[len(o.Sizes)-1], now())
	next := 0
	for _, size := range o.Sizes {
		var err error
		if next, err = o.measureAt(ctx, t, s, load.grownTo(size), next, size); err != nil {
			return fmt.Errorf("at %s events: %w", thousands(float64(size)), err)
		}
	}
	return o.measureSegments(ctx, t, s, load.grownTo(next), next)
}

func (o Options) measureAt(ctx context.Context, t *table, s *server, load *traffic, from, size int) (next int, err error) {
	name := thousands(float64(size))
	began := now()
	if _, err := send(ctx, s, load, from, size, shape{100, 4}); err != nil {
		return 0, err
	}
	if err := s.settle(ctx); err != nil {
		return 0, err
	}
	rate := float64(size-from) / now().Sub(began).Seconds()
	t.add(name+" events: taken in and folded", thousands(rate)+"/s", "whole process", "")
	pause(ctx, calm(size-from))
	p, err := readPages(ctx, s, load, beyond+size, 10_000, o.Samples)
	if err != nil {
		return 0, err
	}
	meanwhile := fmt.Sprintf("while %s/s are written; p50 ", thousands(p.written))
	t.add(name+" events: customer page p99", millis(p.customer.quantile(0.99)), meanwhile+millis(p.customer.quantile(0.5)), "≤ 10 ms")
	t.add(name+" events: timeline page p99", millis(p.timeline.quantile(0.99)), meanwhile+millis(p.timeline.quantile(0.5)), "≤ 5 ms")
	if err := s.settle(ctx); err != nil {
		return 0, err
	}
	seen, err := readVisible(ctx, s, load, 2*beyond+size, 5_000, o.Samples)
	if err != nil {
		return 0, err
	}
	t.add(name+" events: visible after the acknowledgement, p99", millis(seen.quantile(0.99)), "while 5 k/s are written; p50 "+millis(seen.quantile(0.5)), "≤ 100 ms")
	return size, o.measureRestart(ctx, t, s, name)
}

// calm is how long the disk is given to write back what a load of so many events left behind: what is measured next
// is a steady day, not the end of an import.
func calm(events int) time.Duration {
	return min(time.Duration(events)*20*time.Microsecond, 20*time.Second)
}

// measureRestart kills the server and starts it again.
func (o Options) measureRestart(ctx context.Context, t *table, s *server, name string) error {
	resident, peak := s.memory()
	t.add(name+" events: resident memory", megabytes(resident), "peak "+megabytes(peak), "≤ 400 MB")
	s.kill()
	t.add(name+" events: on disk", megabytes(folderSize(s.dir)), "log, read store, indexes", "")
	took, err := s.start(ctx)
	if err != nil {
		return err
	}
	t.add(name+" events: start after kill -9", millis(took), "until /readyz says yes", "≤ 3 s")
	return s.settle(ctx)
}

// settle waits until everything in the log is folded.
func (s *server) settle(ctx context.Context) error {
	for ctx.Err() == nil {
		body, err := s.get(ctx, "/v1/projections")
		if err != nil {
			return err
		}
		if strings.Contains(string(body), `"lag_events":0,`) {
			return nil
		}
		pause(ctx, 20*time.Millisecond)
	}
	return ctx.Err()
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n/1_000_000) }

func folderSize(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // a file that went away in the meantime weighs nothing
		}
		if info, err := entry.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}
