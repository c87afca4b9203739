package query_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
)

// benchEvents is how many events the benchmarks read among: C360_BENCH_EVENTS, 50,000 if it is not set.
func benchEvents(b *testing.B) int {
	b.Helper()
	text := os.Getenv("C360_BENCH_EVENTS")
	if text == "" {
		return 50_000
	}
	n, err := strconv.Atoi(text)
	must(b, err)
	return n
}

// touchpoint is the i-th event of the benchmarks: ten a customer on average, a web browser and a shop account each.
func touchpoint(i, customers int) events.Event {
	c := int(uint32(i)*2654435761>>7) % customers
	account, browser := fmt.Sprintf("user_id:u%d", c), fmt.Sprintf("anonymous_id:b%d", c)
	ago := time.Duration(i%400)*day + time.Duration(i%86_400)*time.Second
	switch i % 10 {
	case 0:
		return touch(ago, events.ChannelStore, "order.completed", fmt.Sprintf(
			`{"order_id":"ORD-%d","total":%d,"currency":"KRW","items":[{"sku":"S%d","name":"캐시미어 니트","quantity":1,"price":129000}]}`, i, i%300*1000, i%900), account)
	case 1:
		return touch(ago, events.ChannelStore, "customer.identified", fmt.Sprintf(`{"traits":{"name":"%s","city":"서울","tier":"골드"}}`, personName(c)),
			account, browser, fmt.Sprintf("phone:+8210%08d", 40_000_000+c))
	case 2:
		return touch(ago, events.ChannelInquiry, "inquiry.opened", fmt.Sprintf(`{"inquiry_id":"INQ-%d","subject":"배송 지연","body":"언제 오나요?"}`, i), account)
	case 3:
		return touch(ago, events.ChannelCall, "call.ended", fmt.Sprintf(`{"call_id":"C%d","duration_s":300,"agent":"최유나","topic":"배송"}`, i), account)
	}
	return touch(ago, events.ChannelWeb, "page.viewed", `{"title":"겨울 아우터","path":"/outer","category":"아우터"}`, browser)
}

func personName(c int) string {
	family, given := []rune("김이박최정강조윤장임"), []rune("서연민재하늘지훈유나도윤수빈")
	return string([]rune{family[c%len(family)], given[c/10%len(given)], given[c/140%len(given)]})
}

// fill appends events from first on and waits until they are folded.
func (h *house) fill(first, n, customers int) {
	h.t.Helper()
	const page = 1000
	var last events.Position
	for i := first; i < first+n; i += page {
		entries := make([]events.Entry, 0, page)
		for j := i; j < min(i+page, first+n); j++ {
			e := touchpoint(j, customers)
			e.ID, e.Received = strconv.Itoa(j), e.Time
			entries = append(entries, events.Touchpoint(e))
		}
		results, err := h.log.Append(context.Background(), entries...)
		must(h.t, err)
		last = results[len(results)-1].Position
	}
	must(h.t, h.generations.Live().Await(context.Background(), last))
}

// trickle appends 10,000 events a second until the test ends.
func (h *house) trickle(first, customers int) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for i := first; ; i += 100 {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			entries := make([]events.Entry, 100)
			for j := range entries {
				e := touchpoint(i+j, customers)
				e.ID, e.Received = strconv.Itoa(i+j), e.Time
				entries[j] = events.Touchpoint(e)
			}
			if _, err := h.log.Append(context.Background(), entries...); err != nil {
				h.t.Error(err)
				return
			}
		}
	}()
	h.t.Cleanup(func() { close(stop); <-done })
}

// BenchmarkRead asks for pages while 10,000 events a second are written, one request after the other, and reports the
// median and the 99th percentile.
func BenchmarkRead(b *testing.B) {
	n := benchEvents(b)
	customers := n / 10
	h := openHouse(b)
	h.fill(0, n, customers)
	mux := http.NewServeMux()
	h.service.Routes(mux)
	var ids []string
	for c := 0; len(ids) < 200; c++ {
		for _, found := range h.search(fmt.Sprintf("user_id:u%d", c*97%customers)).Customers {
			ids = append(ids, found.ID.String())
		}
	}
	calls := []struct {
		name string
		path func(i int) string
	}{
		{"customer", func(i int) string { return "/v1/customers/" + ids[i%len(ids)] }},
		{"timeline", func(i int) string { return "/v1/customers/" + ids[i%len(ids)] + "/timeline" }},
		{"search-phone", func(i int) string { return fmt.Sprintf("/v1/customers?q=%04d", i%10_000) }},
		{"search-name", func(i int) string {
			return "/v1/customers?q=" + []string{"김서", "이하늘", "ㅂㅁㅈ", "최"}[i%4]
		}},
	}
	for _, writing := range []bool{false, true} {
		if writing {
			h.trickle(n, customers)
		}
		for _, c := range calls {
			b.Run(fmt.Sprintf("%s/writing=%t", c.name, writing), func(b *testing.B) { measure(b, mux, c.path) })
		}
	}
}

func measure(b *testing.B, mux http.Handler, path func(i int) string) {
	b.Helper()
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+path(i), nil)
		w := httptest.NewRecorder()
		began := time.Now()
		mux.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatalf("%s answered %d", path(i), w.Code)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
