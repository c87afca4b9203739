package projections_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// benchEvents is how many events the benchmarks fold; C360_BENCH_EVENTS changes it.
func benchEvents() int {
	if n, err := strconv.Atoi(os.Getenv("C360_BENCH_EVENTS")); err == nil {
		return n
	}
	return 100_000
}

// recorder keeps what an engine commits.
type recorder struct {
	projections.Store
	mu  sync.Mutex
	all []projections.Changes
}

func (r *recorder) Commit(ctx context.Context, c projections.Changes) error {
	r.mu.Lock()
	r.all = append(r.all, c)
	r.mu.Unlock()
	return r.Store.Commit(ctx, c)
}

// benchLog fills a log with what ten events a person leave behind.
func benchLog(b *testing.B) (events.Log, events.Position) {
	b.Helper()
	n := benchEvents()
	log := memlog.New(time.Now)
	b.Cleanup(func() { must(b, log.Close()) })
	for _, e := range roomtest.Generate(1, roomtest.Options{People: n / 10, Events: n, Decisions: 20, Shared: 2}) {
		_, err := log.Append(b.Context(), events.Touchpoint(e))
		must(b, err)
	}
	head, err := log.Head(b.Context())
	must(b, err)
	return log, head.Position
}

func benchStore(b *testing.B, dir, name string, rooms []projections.Room, bulk bool) projections.Store {
	b.Helper()
	s, err := sqlitestore.Open(b.Context(), sqlitestore.Options{Path: filepath.Join(dir, name+".db"), Spec: projections.NewSpec(rooms...), Bulk: bulk})
	must(b, err)
	return s
}

// BenchmarkProjection measures, in one run, the engine with all rooms, the bare transactions of the very same rows,
// and a rebuild of the same log.
func BenchmarkProjection(b *testing.B) {
	log, head := benchLog(b)
	rooms := realRooms(b)
	run := func(s projections.Store) time.Duration {
		o := options(log, rooms...)
		o.Store = s
		start := time.Now()
		must(b, projections.NewEngine(o).RunTo(b.Context(), head))
		return time.Since(start)
	}
	r := &recorder{Store: benchStore(b, b.TempDir(), "recorded", rooms, false)}
	run(r)
	must(b, r.Close())
	var live, bare, rebuild time.Duration
	b.ResetTimer()
	for i := range b.N {
		dir := b.TempDir()
		s := benchStore(b, dir, "live"+strconv.Itoa(i), rooms, false)
		live += run(s)
		must(b, s.Close())

		s = benchStore(b, dir, "bare"+strconv.Itoa(i), rooms, false)
		start := time.Now()
		for _, c := range r.all {
			must(b, s.Commit(b.Context(), c))
		}
		bare += time.Since(start)
		must(b, s.Close())

		s = benchStore(b, dir, "rebuild"+strconv.Itoa(i), rooms, true)
		start = time.Now()
		run(s)
		must(b, s.Finish(b.Context()))
		rebuild += time.Since(start)
		must(b, s.Close())
	}
	rate := func(d time.Duration) float64 { return float64(head) * float64(b.N) / d.Seconds() }
	b.ReportMetric(rate(live), "live-events/s")
	b.ReportMetric(rate(bare), "bare-events/s")
	b.ReportMetric(rate(rebuild), "rebuild-events/s")
	b.ReportMetric(rate(live)/rate(bare), "live/bare")
	b.ReportMetric(rate(rebuild)/rate(live), "rebuild/live")
}
