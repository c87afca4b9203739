package natslog_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
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
	work := logtest.Traffic(1, b.N, batch)
	meter := logtest.StartMeter(b)
	logtest.Spread(writers, len(work), func(i int) error {
		_, err := l.Append(b.Context(), work[i]...)
		return err
	})
	meter.Report()
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
	work := records(logtest.Traffic(1, b.N, batch))
	meter := logtest.StartMeter(b)
	logtest.Spread(writers, len(work), func(i int) error {
		_, err := js.Publish(b.Context(), "bare", work[i])
		return err
	})
	meter.Report()
}

// BenchmarkFollow opens the log with an empty index, which then follows all of it.
func BenchmarkFollow(b *testing.B) {
	url := filledBench(b)
	meter := logtest.StartMeter(b)
	openBench(b, url)
	meter.Report()
}

// BenchmarkRead reads everything in pages, none of it from memory.
func BenchmarkRead(b *testing.B) {
	l := openBench(b, filledBench(b))
	meter := logtest.StartMeter(b)
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
	meter.Report()
}

// filledBench returns the URL of a log of b.N events.
func filledBench(b *testing.B) string {
	b.Helper()
	url := natstest.Start(b).URL("B")
	l := openBench(b, url)
	for _, entries := range logtest.Traffic(1, b.N, 1000) {
		if _, err := l.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return url
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
