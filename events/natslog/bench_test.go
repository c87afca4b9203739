package natslog_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// Run with a fixed number of events, for example
//
//	go test -run '^$' -bench . -benchtime 200000x ./events/natslog
//
// The bare engine is the same stream: 16 goroutines publish the records of 100 events in each message and wait for
// the acknowledgement. It judges no repeat, keeps no order between writers, and nobody can find anything in it.

func BenchmarkAppend(b *testing.B) {
	for _, shape := range []struct{ batch, writers int }{{100, 16}, {1, 256}, {1, 1}} {
		name := fmt.Sprintf("%dx%d", shape.batch, shape.writers)
		b.Run("one/log/"+name, func(b *testing.B) { benchLog(b, natstest.Start(b).URL("B"), shape.batch, shape.writers) })
		b.Run("one/bare/"+name, func(b *testing.B) { benchBare(b, natstest.Start(b).URL("B"), 1, shape.batch, shape.writers) })
	}
}

func BenchmarkAppendOnCluster(b *testing.B) {
	b.Run("log/100x16", func(b *testing.B) { benchLog(b, natstest.StartCluster(b).URL("B"), 100, 16) })
	b.Run("bare/100x16", func(b *testing.B) { benchBare(b, natstest.StartCluster(b).URL("B"), 3, 100, 16) })
}

func benchLog(b *testing.B, url string, batch, writers int) {
	l := openBench(b, url)
	work := benchEvents(b.N, batch)
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
	spread(writers, len(work), func(i int) error {
		_, err := l.Append(b.Context(), work[i]...)
		return err
	})
	report(b, cpu)
}

func benchBare(b *testing.B, url string, replicas, batch, writers int) {
	conn, err := nats.Connect(serversOf(url))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "BARE", Subjects: []string{"bare"}, Replicas: replicas}); err != nil {
		b.Fatal(err)
	}
	work := records(benchEvents(b.N, batch))
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
	spread(writers, len(work), func(i int) error {
		_, err := js.Publish(b.Context(), "bare", work[i])
		return err
	})
	report(b, cpu)
}

// BenchmarkFollow opens the log with an empty index, which then follows all of it.
func BenchmarkFollow(b *testing.B) {
	url := filledBench(b)
	cpu := cpuTime()
	b.ResetTimer()
	openBench(b, url)
	report(b, cpu)
}

// BenchmarkRead reads everything in pages, none of it from memory.
func BenchmarkRead(b *testing.B) {
	l := openBench(b, filledBench(b))
	cpu := cpuTime()
	b.ResetTimer()
	for after := events.Position(0); ; {
		page, err := l.Read(b.Context(), after, 5000)
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

// filledBench returns the URL of a log of b.N events.
func filledBench(b *testing.B) string {
	b.Helper()
	url := natstest.Start(b).URL("B")
	l := openBench(b, url)
	for _, entries := range benchEvents(b.N, 1000) {
		if _, err := l.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return url
}

// report adds the rate, and the processor time an event took (the server's included, if it runs in this process), which is
// the steadier figure on a busy machine.
func report(b *testing.B, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/event")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func openBench(b *testing.B, url string) *natslog.Log {
	b.Helper()
	l, err := natslog.Open(b.Context(), natslog.Options{URL: url, Dir: b.TempDir(), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

func serversOf(url string) string {
	hosts, _, _ := strings.Cut(strings.TrimPrefix(url, "nats://"), "/")
	return hosts
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

// records returns what the entries of each Append would be in a message, ready to be published.
func records(work [][]events.Entry) [][]byte {
	out := make([][]byte, len(work))
	for i, entries := range work {
		for _, e := range entries {
			record := events.AppendRecord(nil, &events.Recorded{Event: e.Event, Stream: e.Stream, Position: 1, RecordedAt: e.Event.Received})
			out[i] = append(binary.AppendUvarint(out[i], uint64(len(record))), record...)
		}
	}
	return out
}

// benchEvents makes n events of about 544 bytes of JSON, from 20,000 people, in slices of batch.
func benchEvents(n, batch int) [][]events.Entry {
	rng := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var out [][]events.Entry
	for i := range n {
		if i%batch == 0 {
			out = append(out, make([]events.Entry, 0, min(batch, n-i)))
		}
		at = at.Add(time.Millisecond)
		e := events.Event{
			ID: randomUUID(rng), Source: "web", Type: "order.completed", Time: at, Received: at.Add(time.Second),
			Channel: events.ChannelWeb, Data: body(rng, i),
			Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("anon-%d", rng.IntN(20000)), Grade: events.Claimed}},
		}
		last := len(out) - 1
		out[last] = append(out[last], events.Touchpoint(e))
	}
	return out
}

// body is an order of a few products, none of them like the one before.
func body(rng *rand.Rand, i int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"order_id":"ORD-%08d","currency":"KRW","coupon":"%s","products":[`, i, randomUUID(rng))
	for k := range 4 {
		if k > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"product_id":"%08x","sku":"SKU-%d","quantity":%d,"price":%d,"category":"c%d"}`,
			rng.Uint32(), rng.IntN(100000), 1+rng.IntN(5), 100*rng.IntN(10000), rng.IntN(500))
	}
	fmt.Fprintf(&b, `],"total":%d,"session":"%s"}`, rng.IntN(1000000), randomUUID(rng))
	return []byte(b.String())
}

func randomUUID(rng *rand.Rand) string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(rng.Uint32())
	}
	return id.String()
}
