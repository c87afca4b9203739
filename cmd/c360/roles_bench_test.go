package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkRolesApart sends the same touchpoints to a single process on NATS and PostgreSQL and to one process for each
// role on the like, in turn, and measures from the first request until whoever reads shows the last touchpoint.
//
//	go test ./cmd/c360 -run '^$' -bench RolesApart -benchtime 3x
func BenchmarkRolesApart(b *testing.B) {
	count := number("C360_BENCH_EVENTS", 40_000)
	requests := benchRequests(count)
	var single, apart, singleCPU, apartCPU time.Duration
	for b.Loop() {
		c := onServers(b)
		one := supervise(b, &c)
		single += endToEnd(b, one, one, requests)
		one.end()
		singleCPU += one.cpu()
		s := startSplit(b, onServers(b))
		apart += endToEnd(b, s.ingest, s.query, requests)
		s.end()
		b.Logf("on a core: ingest %s, project %s, query %s", s.ingest.cpu(), s.project.cpu(), s.query.cpu())
		apartCPU += s.ingest.cpu() + s.project.cpu() + s.query.cpu()
	}
	total := float64(count) * float64(b.N)
	b.ReportMetric(total/single.Seconds(), "single-ev/s")
	b.ReportMetric(total/apart.Seconds(), "apart-ev/s")
	b.ReportMetric(single.Seconds()/apart.Seconds(), "apart/single")
	b.ReportMetric(singleCPU.Seconds()/total*1e6, "single-cpu-µs/ev")
	b.ReportMetric(apartCPU.Seconds()/total*1e6, "apart-cpu-µs/ev")
	b.ReportMetric(0, "ns/op")
}

// cpu is how much time on a core the process took that ended last.
func (s *supervised) cpu() time.Duration {
	return s.running.ProcessState.UserTime() + s.running.ProcessState.SystemTime()
}

// perRequest is how many touchpoints a sender sends at once.
const perRequest = 200

func benchRequests(count int) []string {
	r := rand.New(rand.NewPCG(7, 7))
	var all []string
	for i := 0; i < count; {
		var body strings.Builder
		for range min(perRequest, count-i) {
			i++
			body.WriteString(randomEvent(r, fmt.Sprintf("b%d", i), count/10).line())
		}
		all = append(all, body.String())
	}
	return all
}

// endToEnd sends requests from four senders and waits until all of them are shown.
func endToEnd(b *testing.B, to, shows *supervised, requests []string) time.Duration {
	b.Helper()
	queue := make(chan string)
	var senders sync.WaitGroup
	var mu sync.Mutex
	last := int64(0)
	began := time.Now()
	for range 4 {
		senders.Go(func() {
			for body := range queue {
				at := sendUntilTaken(b, to, body)
				mu.Lock()
				last = max(last, at)
				mu.Unlock()
			}
		})
	}
	for _, body := range requests {
		queue <- body
	}
	close(queue)
	senders.Wait()
	shows.until(5*time.Minute, "up to date", func() bool { return shows.foldedBy(last) })
	return time.Since(began)
}

// sendUntilTaken sends one request, again while it is pushed back, and returns the position of its last touchpoint.
func sendUntilTaken(b *testing.B, to *supervised, body string) int64 {
	b.Helper()
	for {
		status, answer := to.post("/v1/import?format=ndjson", "killkey", []byte(body))
		var said struct{ Position int64 }
		if status == 200 && json.Unmarshal(answer, &said) == nil {
			return said.Position
		}
		time.Sleep(20 * time.Millisecond)
	}
}
