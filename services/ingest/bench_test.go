package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

// devNull takes everything and keeps nothing, so that a benchmark shows the cost of the edge alone.
type devNull struct {
	events.Log
	at events.Position
}

func (l *devNull) Append(_ context.Context, entries ...events.Entry) ([]events.Result, error) {
	results := make([]events.Result, len(entries))
	for i := range results {
		l.at++
		results[i] = events.Result{Outcome: events.Appended, Position: l.at}
	}
	return results, nil
}

// trackMessage is about 544 bytes, as a server SDK sends it.
func trackMessage(i int) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-21T11:59:58.123Z","integrations":{},"type":"track","userId":"user-%06d","anonymousId":"6f0d1c1e-3a30-4a86-9a0f-%012d",`+
		`"event":"Product Viewed","properties":{"product_id":"SKU-%05d","sku":"SKU-%05d","name":"Wool coat long","category":"Outer","brand":"Hanok","price":189000,`+
		`"currency":"KRW","url":"https://shop.example/p/%05d","session_id":"s-%08d"},"context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"},`+
		`"ip":"198.51.100.7","locale":"ko-KR"},"_metadata":{"nodeVersion":"20.20.2"},"messageId":"node-next-1763726398123-%08d"}`, i%1000, i, i, i, i, i, i)
}

func benchBatch(n, from int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = trackMessage(from + i)
	}
	return `{"batch":[` + strings.Join(list, ",") + `],"writeKey":"POSKEY","sentAt":"2026-11-21T12:00:00.000Z"}`
}

func benchService(tb testing.TB, log events.Log) *ingest.Service {
	tb.Helper()
	sources, err := auth.ParseSources(sourcesText)
	if err != nil {
		tb.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		tb.Fatal(err)
	}
	s, err := ingest.New(ingest.Config{
		Log: log, Sources: sources, Catalogue: catalogue, Rejects: tb.TempDir(), Now: func() time.Time { return noon },
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// cpu is the processor time this process has had, which a busy machine stretches less than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func perEvent(b *testing.B, since time.Duration, events int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
	b.ReportMetric(float64((cpu()-since).Nanoseconds())/float64(b.N*events), "cpu-ns/event")
}

// BenchmarkBatch is a request of 100 messages from the handler to the log's door.
func BenchmarkBatch(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			h := benchService(b, &devNull{}).Handler()
			body := benchBatch(n, 1)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			spent := cpu()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/v1/batch", bytes.NewReader([]byte(body)))
				r.SetBasicAuth(posKey, "")
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, r); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"rejected":1`) {
					b.Fatal(w.Code, w.Body.String())
				}
			}
			perEvent(b, spent, n)
		})
	}
}

// BenchmarkTake is a batch that NATS brought, to the log's door.
func BenchmarkTake(b *testing.B) {
	s, messages := benchService(b, &devNull{}), make([]ingest.Carried, 1000)
	for i := range messages {
		messages[i] = ingest.Carried{Source: "pos", At: noon, Body: fmt.Appendf(nil, `{"specversion":"1.0","id":"n%d","source":"pos",`+
			`"type":"order.noted","time":"2026-11-21T11:00:00Z","phone":"010-4821-%04d","data":{"n":"%d"}}`, i, i, i)}
	}
	b.ReportAllocs()
	spent := cpu()
	for b.Loop() {
		if o, _, err := s.Take(b.Context(), messages); err != nil || o.Accepted != len(messages) {
			b.Fatal(o, err)
		}
	}
	perEvent(b, spent, len(messages))
}

// BenchmarkDurable is the same over real connections, 16 of them, into a real log: what a sender waits for.
func BenchmarkDurable(b *testing.B) {
	log, err := pebblelog.Open(context.Background(), pebblelog.Options{Dir: filepath.Join(b.TempDir(), "log"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	server := httptest.NewServer(benchService(b, log).Handler())
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	var from atomic.Int64
	b.SetParallelism(16 / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			body := benchBatch(100, int(from.Add(100)))
			r, err := http.NewRequest(http.MethodPost, server.URL+"/v1/batch", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			resp, err := client.Do(r)
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Error(err, resp)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N*100)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkImport is a file of 10,000 lines or rows.
func BenchmarkImport(b *testing.B) {
	lines, rows := new(strings.Builder), new(strings.Builder)
	rows.WriteString("id,type,time,channel,phone,user_id,data.order_id,data.total,data.currency,data.store\n")
	for i := range 10_000 {
		fmt.Fprintf(lines, `{"id":"R%d","type":"order.completed","time":"2024-03-01T09:30:00+09:00","channel":"store","identifiers":{"phone":"010-4821-%04d","user_id":"u%d"},`+
			`"data":{"order_id":"R%d","total":31000,"currency":"KRW","items":[{"sku":"S%d","name":"Wool coat","quantity":1,"price":31000}]}}`+"\n", i, i%10_000, i, i, i)
		fmt.Fprintf(rows, "R%d,order.completed,2024-03-01 09:30:00,store,010-4821-%04d,u%d,R%d,31000,KRW,Myeongdong\n", i, i%10_000, i, i)
	}
	for format, file := range map[string]string{"ndjson": lines.String(), "csv": rows.String()} {
		b.Run(format, func(b *testing.B) {
			service, _, source := newService(b, func(c *ingest.Config) { c.Log = &devNull{} })
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			spent := cpu()
			for b.Loop() {
				report, err := service.Import(context.Background(), ingest.Import{Source: source, Format: format, Body: strings.NewReader(file)})
				if err != nil || report.Accepted != 10_000 {
					b.Fatal(report, err)
				}
			}
			perEvent(b, spent, 10_000)
		})
	}
}
