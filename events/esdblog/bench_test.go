package esdblog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// delay is about what a server with a good disk needs to make an append durable.
const delay = time.Millisecond

var padding = fmt.Sprintf(`{"note":"%0480d"}`, 1)

// person spreads events over many streams, as customers do.
func person(i int) string { return fmt.Sprintf("case-%d", i%5000) }

func benchLog(b *testing.B) (*esdbtest.Node, *esdblog.Log) {
	b.Helper()
	node := esdbtest.Start(b, esdbtest.Options{Delay: delay})
	l, err := esdblog.Open(b.Context(), esdblog.Options{URL: node.URL(""), Dir: filepath.Join(b.TempDir(), "index"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return node, l
}

var shapes = []struct{ writers, batch int }{{1, 1}, {64, 1}, {16, 100}, {1, 1000}}

// run has writers call write with numbers of their own until b is through, and reports events per second.
func run(b *testing.B, writers, batch int, write func(from int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for {
				from := int(next.Add(int64(batch))) - batch
				if from >= b.N {
					return
				}
				if err := write(from); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAppend appends events of about 544 bytes to 5,000 streams through the log.
func BenchmarkAppend(b *testing.B) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("%dx%d", s.batch, s.writers), func(b *testing.B) {
			_, l := benchLog(b)
			run(b, s.writers, s.batch, func(from int) error {
				batch := make([]events.Entry, s.batch)
				for i := range batch {
					batch[i] = events.Entry{Stream: person(from + i), Event: events.Event{
						ID: fmt.Sprintf("e-%d", from+i), Source: "web", Type: "page.viewed", Data: []byte(padding),
					}}
				}
				_, err := l.Append(b.Context(), batch...)
				return err
			})
		})
	}
}

// BenchmarkBareAppend appends the same events with nothing but the client, one call for each, since each call is of one
// stream: no positions, no order over streams, no repeats recognised.
func BenchmarkBareAppend(b *testing.B) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("%dx%d", s.batch, s.writers), func(b *testing.B) {
			client := bare(b, esdbtest.Start(b, esdbtest.Options{Delay: delay}).URL(""))
			run(b, s.writers, s.batch, func(from int) error {
				for i := range s.batch {
					e := esdb.EventData{EventType: "page.viewed", ContentType: esdb.ContentTypeJson, Data: []byte(padding), Metadata: make([]byte, 60)}
					if _, err := client.AppendToStream(b.Context(), "c360-"+person(from+i), esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

// BenchmarkFollow makes the index of a log anew; BenchmarkBareFollow subscribes to the same events and drops them.
func BenchmarkFollow(b *testing.B) {
	node, l := benchLog(b)
	seed(b, l)
	url := node.URL("")
	b.ResetTimer()
	for i := range b.N {
		dir := filepath.Join(b.TempDir(), strconv.Itoa(i))
		anew, err := esdblog.Open(b.Context(), esdblog.Options{URL: url, Dir: dir, Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		_ = anew.Close()
		_ = os.RemoveAll(dir) // each takes megabytes
	}
	b.ReportMetric(float64(b.N*seeded)/b.Elapsed().Seconds(), "events/s")
}

const seeded = 20_000

func seed(b *testing.B, l events.Log) {
	b.Helper()
	for from := 0; from < seeded; from += 2000 {
		batch := make([]events.Entry, 2000)
		for i := range batch {
			batch[i] = events.Entry{Stream: person(from + i), Event: events.Event{ID: fmt.Sprintf("e-%d", from+i), Source: "web", Type: "page.viewed", Data: []byte(padding)}}
		}
		if _, err := l.Append(b.Context(), batch...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareFollow(b *testing.B) {
	node, l := benchLog(b)
	seed(b, l)
	client := bare(b, node.URL(""))
	b.ResetTimer()
	for range b.N {
		sub, err := client.SubscribeToAll(b.Context(), esdb.SubscribeToAllOptions{
			From: esdb.Start{}, MaxSearchWindow: 512, CheckpointInterval: 8, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"c360-"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		for n := 0; n < seeded; {
			if m := sub.Recv(); m.EventAppeared != nil {
				n++
			}
		}
		_ = sub.Close()
	}
	b.ReportMetric(float64(b.N*seeded)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkRead reads the log through, from the server and not from memory.
func BenchmarkRead(b *testing.B) {
	node, l := benchLog(b)
	seed(b, l)
	cold, err := esdblog.Open(b.Context(), esdblog.Options{URL: node.URL(""), Dir: filepath.Join(b.TempDir(), "cold"), Now: time.Now, CacheBytes: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cold.Close() })
	b.ResetTimer()
	for range b.N {
		for after := events.Position(0); after < seeded; {
			page, err := cold.Read(b.Context(), after, 4096)
			if err != nil {
				b.Fatal(err)
			}
			after += events.Position(len(page))
		}
	}
	b.ReportMetric(float64(b.N*seeded)/b.Elapsed().Seconds(), "events/s")
}
