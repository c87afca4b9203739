package replay_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// benchEvents is how many events the benchmark writes an iteration.
const benchEvents = 100_000

// BenchmarkParquet writes events as Parquet: all the way from the log, and with the library alone, which is given the
// same rows ready-made in its own form.
func BenchmarkParquet(b *testing.B) {
	s := busy(b, benchEvents)
	table := dataset.All()[0]
	var ours float64
	b.Run("export", func(b *testing.B) {
		for b.Loop() {
			w, err := format.NewParquet(io.Discard, table.Columns)
			must(b, err)
			must(b, table.Rows(b.Context(), s, dataset.Query{}, w.Write))
			must(b, w.Close())
		}
		ours = perSecond(b)
	})
	b.Run("library", func(b *testing.B) {
		rows := readyMade(b, s, table)
		for b.Loop() {
			w := parquet.NewGenericWriter[any](io.Discard, format.ParquetOptions(table.Columns)...)
			for at := 0; at < len(rows); at += format.RowGroupRows {
				_, err := w.WriteRows(rows[at:min(at+format.RowGroupRows, len(rows))])
				must(b, err)
				must(b, w.Flush())
			}
			must(b, w.Close())
		}
		b.ReportMetric(ours/perSecond(b), "export/library")
	})
}

func perSecond(b *testing.B) float64 {
	rate := float64(b.N) * benchEvents / b.Elapsed().Seconds()
	b.ReportMetric(rate, "events/s")
	return rate
}

// readyMade are the rows in the library's own form: written once, and read by it.
func readyMade(b *testing.B, s *dataset.Source, d *dataset.Dataset) []parquet.Row {
	var file bytes.Buffer
	w, err := format.NewParquet(&file, d.Columns)
	must(b, err)
	must(b, d.Rows(b.Context(), s, dataset.Query{}, w.Write))
	must(b, w.Close())
	r := parquet.NewGenericReader[any](bytes.NewReader(file.Bytes()))
	defer r.Close()
	rows := make([]parquet.Row, 0, benchEvents)
	for len(rows) < benchEvents {
		some := make([]parquet.Row, 1000)
		n, err := r.ReadRows(some)
		if n == 0 {
			b.Fatal("the file ends early: ", err)
		}
		for _, row := range some[:n] {
			rows = append(rows, row.Clone())
		}
	}
	return rows
}

// busy is, in the engines that serve stands on, a shop's log: visits, views, orders with items, calls and messages of some thousand people over two months.
func busy(b *testing.B, n int) *dataset.Source {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	dir := b.TempDir()
	log, err := pebblelog.Open(b.Context(), pebblelog.Options{
		Dir: filepath.Join(dir, "log"), MarkPath: filepath.Join(dir, "mark"), Now: func() time.Time { return start }, Logger: discard(),
	})
	must(b, err)
	b.Cleanup(func() { must(b, log.Close()) })
	dice := rand.New(rand.NewPCG(1, 2))
	entries := make([]events.Entry, 0, 1000)
	for i := range n {
		e := touchpoint(dice, i)
		e.Time = start.Add(time.Duration(i) * time.Minute / 2)
		e.Received = e.Time
		if entries = append(entries, events.Touchpoint(e)); len(entries) == cap(entries) || i == n-1 {
			_, err := log.Append(b.Context(), entries...)
			must(b, err)
			entries = entries[:0]
		}
	}
	h := houseOf(b, log)
	store, err := sqlitestore.Open(b.Context(), sqlitestore.Options{Path: filepath.Join(dir, "views.db"), Spec: projections.NewSpec(h.rooms...)})
	must(b, err)
	return h.fold(b, store)
}

func touchpoint(dice *rand.Rand, i int) events.Event {
	person := dice.IntN(5000)
	e := events.Event{
		ID: fmt.Sprintf("%08x-%012x", dice.Uint32(), i), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb,
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprint("u-", person), Grade: events.Asserted}},
		Data: fmt.Appendf(nil, `{"path":"/c/%d","title":"Collection %d","url":"https://shop.example/c/%d?utm_source=x","referrer":"https://search.example"}`,
			dice.IntN(300), dice.IntN(300), dice.IntN(300)),
	}
	switch sku := dice.IntN(800); dice.IntN(10) {
	case 0:
		e.Source, e.Type, e.Channel = "pos", "order.completed", events.ChannelStore
		e.Data = fmt.Appendf(nil, `{"order_id":"R-%d","total":%d,"currency":"KRW","store":"store %d","items":[{"sku":"SKU-%d","name":"Article %d","category":"cat %d","quantity":1,"price":%d}]}`,
			i, 1000*dice.IntN(300), dice.IntN(40), sku, sku, sku%12, 1000*dice.IntN(300))
	case 1, 2, 3:
		e.Type = "product.viewed"
		e.Data = fmt.Appendf(nil, `{"sku":"SKU-%d","name":"Article %d","category":"cat %d","price":%d,"currency":"KRW"}`, sku, sku, sku%12, 1000*dice.IntN(300))
	case 4:
		e.Source, e.Type, e.Channel = "mail", "message.opened", events.ChannelMessage
		e.Data = fmt.Appendf(nil, `{"message_id":"M-%d","medium":"email","campaign":"week %d","subject":"News of week %d"}`, i, i%52, i%52)
	}
	return e
}
