package pebblelog_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/pebblelog"
)

// Run with a fixed number of events, for example
//
//	go test -run '^$' -bench . -benchtime 200000x ./events/pebblelog
//
// The bare engine writes the same pairs, in batches of the same shape, from as many goroutines.

func BenchmarkAppend(b *testing.B) {
	for _, shape := range []struct{ batch, writers int }{{100, 16}, {1, 16}, {1, 1}} {
		name := fmt.Sprintf("%dx%d", shape.batch, shape.writers)
		b.Run("log/"+name, func(b *testing.B) { benchLog(b, shape.batch, shape.writers) })
		b.Run("bare/"+name, func(b *testing.B) { benchBare(b, shape.batch, shape.writers) })
	}
}

func benchLog(b *testing.B, batch, writers int) {
	l := openBench(b)
	work := logtest.Traffic(0, b.N, batch)
	meter := logtest.StartMeter(b)
	logtest.Spread(writers, len(work), func(i int) error {
		_, err := l.Append(b.Context(), work[i]...)
		return err
	})
	meter.Report()
}

func benchBare(b *testing.B, batch, writers int) {
	db, err := pebble.Open(filepath.Join(benchDir(b), "bare"), pebblelog.EngineOptions(vfs.Default, 32<<20))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	work := rawPairs(logtest.Traffic(0, b.N, batch))
	meter := logtest.StartMeter(b)
	logtest.Spread(writers, len(work), func(i int) error {
		w := db.NewBatch()
		for _, p := range work[i] {
			if err := w.Set(p.Key, p.Value, nil); err != nil {
				return err
			}
		}
		if err := w.Commit(pebble.Sync); err != nil {
			return err
		}
		return w.Close()
	})
	meter.Report()
}

func BenchmarkRead(b *testing.B) {
	l := openBench(b)
	for _, entries := range logtest.Traffic(0, b.N, 1000) {
		if _, err := l.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	meter := logtest.StartMeter(b)
	for after := events.Position(0); ; {
		page, err := l.Read(b.Context(), after, 2000)
		if err != nil {
			b.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].Position
	}
	meter.Report()
}

func openBench(b *testing.B) *pebblelog.Log {
	b.Helper()
	l, err := pebblelog.Open(context.Background(), pebblelog.Options{Dir: filepath.Join(benchDir(b), "log"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

func benchDir(b *testing.B) string {
	b.Helper()
	if dir := os.Getenv("C360_BENCH_DIR"); dir != "" {
		sub, err := os.MkdirTemp(dir, "bench")
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = os.RemoveAll(sub) })
		return sub
	}
	return b.TempDir()
}

// rawPairs returns the pairs the entries would be stored as, in one slice for each Append.
func rawPairs(work [][]events.Entry) [][]pebblelog.Pair {
	var p events.Position
	var hash events.Hash
	out := make([][]pebblelog.Pair, len(work))
	for i, entries := range work {
		for _, e := range entries {
			p++
			r := events.Recorded{Event: e.Event, Stream: e.Stream, Position: p, RecordedAt: e.Event.Received, Hash: hash}
			hash = hash.Next(events.AppendRecord(nil, &r))
			r.Hash = hash
			out[i] = append(out[i], pebblelog.RawPairs(&r)...)
		}
	}
	return out
}
