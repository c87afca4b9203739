package pebblelog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
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
	work := touchpoints(0, b.N, batch)
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
	spread(writers, len(work), func(i int) error {
		_, err := l.Append(b.Context(), work[i]...)
		return err
	})
	report(b, cpu)
}

func benchBare(b *testing.B, batch, writers int) {
	db, err := pebble.Open(filepath.Join(benchDir(b), "bare"), pebblelog.EngineOptions(vfs.Default, 32<<20))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	work := rawPairs(touchpoints(0, b.N, batch))
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
	spread(writers, len(work), func(i int) error {
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
	report(b, cpu)
}

// report adds the rate, and the processor time an event took, which is the steadier figure on a busy machine.
func report(b *testing.B, before time.Duration) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/event")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkRead(b *testing.B) {
	l := openBench(b)
	for _, entries := range touchpoints(0, b.N, 1000) {
		if _, err := l.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
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
	report(b, cpu)
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

// spread calls f(0) to f(n-1) from many goroutines and panics on an error.
func spread(writers, n int, f func(i int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := f(int(i)); err != nil {
					panic(err)
				}
			}
		})
	}
	wg.Wait()
}

// touchpoints makes n events of about 544 bytes of JSON, from 20,000 people, in slices of batch; others for each seed.
func touchpoints(seed uint64, n, batch int) [][]events.Entry {
	rng := rand.New(rand.NewPCG(seed, 2))
	body := fmt.Sprintf(`{"order_id":"ORD-%%08d","total":%%d,"currency":"KRW","note":%q}`, strings.Repeat("sku-1234 quantity 2 price 15900; ", 14))
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var out [][]events.Entry
	for i := range n {
		if i%batch == 0 {
			out = append(out, make([]events.Entry, 0, min(batch, n-i)))
		}
		at = at.Add(time.Millisecond)
		e := events.Event{
			ID: randomUUID(rng), Source: "web", Type: "order.completed", Time: at, Received: at.Add(time.Second),
			Channel: events.ChannelWeb, Data: fmt.Appendf(nil, body, i, rng.IntN(100000)),
			Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("anon-%d", rng.IntN(20000)), Grade: events.Claimed}},
		}
		last := len(out) - 1
		out[last] = append(out[last], events.Touchpoint(e))
	}
	return out
}

func randomUUID(rng *rand.Rand) string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(rng.Uint32())
	}
	return id.String()
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
