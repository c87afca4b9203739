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
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// rebuildEvents is how many events BenchmarkRebuild folds; C360_BENCH_EVENTS changes it.
func rebuildEvents() int {
	if n, err := strconv.Atoi(os.Getenv("C360_BENCH_EVENTS")); err == nil {
		return n
	}
	return 300_000
}

// diskLog fills a log on disk with what ten events a person leave behind.
func diskLog(b *testing.B) (events.Log, events.Position) {
	b.Helper()
	n := rebuildEvents()
	log, err := pebblelog.Open(b.Context(), pebblelog.Options{Dir: filepath.Join(b.TempDir(), "log"), MarkPath: filepath.Join(b.TempDir(), "mark"), Now: time.Now})
	must(b, err)
	b.Cleanup(func() { must(b, log.Close()) })
	var entries []events.Entry
	for _, e := range roomtest.Generate(1, roomtest.Options{People: n / 10, Events: n, Decisions: 20, Shared: 2}) {
		if entries = append(entries, events.Touchpoint(e)); len(entries) == 1000 {
			_, err = log.Append(b.Context(), entries...)
			must(b, err)
			entries = entries[:0]
		}
	}
	if len(entries) > 0 {
		_, err = log.Append(b.Context(), entries...)
		must(b, err)
	}
	head, err := log.Head(b.Context())
	must(b, err)
	return log, head.Position
}

// BenchmarkRebuild measures a rebuild, with all that belongs to one, beside its parts alone, in one run: the log read
// and decoded, and the very same rows loaded in bulk and indexed, one after the other and both at once. What they are
// loaded with is the store of a rebuild, made durable three times; what that costs is told apart.
func BenchmarkRebuild(b *testing.B) {
	log, head := diskLog(b)
	rooms := realRooms(b)
	kept := recordedRows(b, log, head, rooms)
	var whole, read, insert, loose, both time.Duration
	b.ResetTimer()
	for range b.N {
		dir := b.TempDir()
		whole += timeOf(func() { rebuildOnce(b, log, filepath.Join(dir, "views"), rooms) })
		read += timeOf(func() { readAll(b, log, head) })
		insert += timeOf(func() { insertAll(b, filepath.Join(dir, "insert.db"), rooms, kept, rebuildEvents()/3) })
		loose += timeOf(func() { insertAll(b, filepath.Join(dir, "loose.db"), rooms, kept, 1<<40) })
		both += timeOf(func() {
			var wg sync.WaitGroup
			wg.Go(func() { readAll(b, log, head) })
			insertAll(b, filepath.Join(dir, "both.db"), rooms, kept, rebuildEvents()/3)
			wg.Wait()
		})
	}
	rate := func(d time.Duration) float64 { return float64(head) * float64(b.N) / d.Seconds() }
	b.ReportMetric(rate(whole), "rebuild-events/s")
	b.ReportMetric(rate(read), "read+decode-events/s")
	b.ReportMetric(rate(insert), "insert-events/s")
	b.ReportMetric(rate(whole)/rate(read+insert), "rebuild/parts")
	b.ReportMetric(rate(whole)/rate(both), "rebuild/parts-at-once")
	b.ReportMetric(insert.Seconds()/loose.Seconds(), "durable/not")
	b.ReportMetric(0, "ns/op")
}

func timeOf(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// recordedRows folds once, to learn what rows a rebuild writes.
func recordedRows(b *testing.B, log events.Log, head events.Position, rooms []projections.Room) []projections.Changes {
	b.Helper()
	r := &recorder{Store: benchStore(b, b.TempDir(), "recorded", rooms, true)}
	o := options(log, rooms...)
	o.Store = r
	must(b, projections.NewEngine(o).RunTo(b.Context(), head))
	must(b, r.Close())
	return r.all
}

func rebuildOnce(b *testing.B, log events.Log, dir string, rooms []projections.Room) {
	f, err := sqlitestore.NewFactory(dir, sqlitestore.Options{BulkEvents: rebuildEvents() / 3})
	must(b, err)
	g := projections.NewGenerations(projections.GenerationsOptions{Engine: options(log, rooms...), Factory: f})
	_, err = g.Rebuild(b.Context(), nil)
	must(b, err)
	must(b, g.Stop())
}

func readAll(b *testing.B, log events.Log, head events.Position) {
	for after := events.Position(0); after < head; {
		page, err := log.Read(b.Context(), after, 5000)
		if err != nil {
			b.Error(err)
			return
		}
		for i := range page {
			_ = projections.NewTouch(&page[i])
		}
		after = page[len(page)-1].Position
	}
}

func insertAll(b *testing.B, path string, rooms []projections.Room, all []projections.Changes, durable int) {
	s, err := sqlitestore.Open(context.Background(), sqlitestore.Options{
		Path: path, Spec: projections.NewSpec(rooms...), Bulk: true, BulkEvents: durable,
	})
	must(b, err)
	for _, c := range all {
		must(b, s.Commit(b.Context(), c))
	}
	must(b, s.Finish(b.Context()))
	must(b, s.Close())
}
