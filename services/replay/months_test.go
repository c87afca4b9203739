package replay_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
)

// TestMonths cuts logs whose times go forward, backward and anyhow over 30 months: every event is in the file of its month, once
// and in the order of the log.
func TestMonths(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for name, monthOf := range map[string]func(i int) int{
		"forward":  func(i int) int { return i * 30 / n },
		"backward": func(i int) int { return 29 - i*30/n },
		"anyhow":   func(int) func(int) int { r := rand.New(rand.NewPCG(3, 6)); return func(int) int { return r.IntN(30) } }(0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := spread(t, n, monthOf)
			o := options(t, s, "csv")
			o.Tables = dataset.All()[:1]
			m, err := replay.Export(t.Context(), o)
			must(t, err)
			if m.Rows("events") != n {
				t.Fatalf("%d rows of %d events", m.Rows("events"), n)
			}
			checkMonths(t, files(t, o.Dir))
		})
	}
}

// spread is a log of events in months that month names.
func spread(t *testing.T, n int, month func(int) int) *dataset.Source {
	t.Helper()
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	log := memlog.New(func() time.Time { return start })
	t.Cleanup(func() { must(t, log.Close()) })
	entries := make([]events.Entry, 0, 1000)
	for i := range n {
		entries = append(entries, events.Touchpoint(events.Event{
			ID: strconv.Itoa(i), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb,
			Time: start.AddDate(0, month(i), i%28), Received: start,
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: strconv.Itoa(i % 50), Grade: events.Asserted}},
		}))
		if len(entries) == cap(entries) || i == n-1 {
			_, err := log.Append(t.Context(), entries...)
			must(t, err)
			entries = entries[:0]
		}
	}
	return houseOf(t, log).source(t)
}

func checkMonths(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		month, is := strings.CutPrefix(name, "events/month=")
		if !is {
			continue
		}
		month = month[:len("2024-01")]
		last := 0
		for i, line := range strings.Split(strings.TrimSpace(text), "\r\n") {
			cells := strings.Split(line, ",")
			if i == 0 {
				continue
			}
			var position int
			if _, err := fmt.Sscan(cells[0], &position); err != nil || position <= last || !strings.HasPrefix(cells[2], month) {
				t.Fatalf("%s line %d: %v, position %d after %d, time %s", name, i+1, err, position, last, cells[2])
			}
			last = position
		}
	}
}
