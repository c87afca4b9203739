package query_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
)

// BenchmarkOffers counts everybody of a store of 100,000 events (C360_BENCH_EVENTS), nearly half of them orders of one to five of
// 2,000 products, and then asks: at most 10 ms for a recommendation, 99 times in 100, over HTTP.
func BenchmarkOffers(b *testing.B) {
	h := openHouse(b)
	n := max(benchEvents(b), 100_000)
	ids := h.shops(n)
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			fresh := h.again()
			for fresh("/v1/products?limit=1").Code != http.StatusOK {
				time.Sleep(time.Millisecond)
			}
		}
		a := h.counted()
		b.ReportMetric(float64(a.Model.Baskets), "baskets")
		b.ReportMetric(float64(a.Model.Bytes)/1e6, "MB")
	})
	mux := http.NewServeMux()
	h.service.Routes(mux)
	for name, path := range map[string]func(i int) string{
		"recommendations": func(i int) string { return "/v1/customers/" + ids[i%len(ids)] + "/recommendations" },
		"customer":        func(i int) string { return "/v1/customers/" + ids[i%len(ids)] },
		"together":        func(i int) string { return fmt.Sprintf("/v1/products/P%04d/bought-together", i%500) },
	} {
		b.Run(name, func(b *testing.B) { measure(b, mux, path) })
	}
	b.Run("one more order", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			at := h.happens(shopping(rand.New(rand.NewPCG(9, uint64(i))), i%5000, n+i)) // #nosec G115 -- a count
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, fmt.Sprintf("http://localhost/v1/products?limit=1&wait=%d", at), nil))
			if rec.Code != http.StatusOK {
				b.Fatalf("answers %d: %s", rec.Code, rec.Body)
			}
		}
	})
}

// shops appends so many events of a shop with 2,000 products, and returns the ids of some customers.
func (h *house) shops(n int) []string {
	h.t.Helper()
	r := rand.New(rand.NewPCG(5, 5))
	customers, last := n/20, events.Position(0)
	var ids []string
	for i := 0; i < n; i += 1000 {
		var entries []events.Entry
		for j := i; j < min(i+1000, n); j++ {
			e := shopping(r, r.IntN(customers), j)
			if f, ok := e.Fragment(); ok && len(ids) < 1000 && !slices.Contains(ids, f.String()) {
				ids = append(ids, f.String())
			}
			entries = append(entries, events.Touchpoint(e))
		}
		results, err := h.log.Append(context.Background(), entries...)
		must(h.t, err)
		last = results[len(results)-1].Position
	}
	must(h.t, h.generations.Live().Await(context.Background(), last))
	h.counted()
	return ids
}

// shopping is the i-th event of the shop: an order, or a view. What sells much sells much more than the rest.
func shopping(r *rand.Rand, customer, i int) events.Event {
	who, ago := fmt.Sprintf("user_id:b%05d", customer), time.Duration(r.IntN(365*24))*time.Hour
	good := func(more string) string {
		p := int(2000 * r.Float64() * r.Float64() * r.Float64())
		return fmt.Sprintf(`{"sku":"P%04d","name":"상품 %d","category":"C%d","price":%d%s}`, p, p, p%20, 10_000+p%500*100, more)
	}
	e := touch(ago, events.ChannelWeb, "product.viewed", good(""), who)
	if i%20 < 9 {
		items := []string{good(`,"quantity":1`)}
		for range r.IntN(5) {
			items = append(items, good(`,"quantity":1`))
		}
		e = touch(ago, events.ChannelWeb, "order.completed", fmt.Sprintf(`{"order_id":"B%d","total":10000,"currency":"KRW","items":[%s]}`, i, strings.Join(items, ",")), who)
	}
	e.ID, e.Received = fmt.Sprint("b", i), e.Time
	return e
}
