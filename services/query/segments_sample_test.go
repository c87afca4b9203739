package query_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/segments"
)

// crowd has so many customers happen: each is known by one to four numbers that an event brings together, those who buy by
// more. A tenth buys.
func (h *house) crowd(n int) {
	h.t.Helper()
	r := rand.New(rand.NewPCG(11, uint64(n)))
	var batch []events.Entry
	flush := func(least int) {
		if len(batch) >= least && len(batch) > 0 {
			_, err := h.log.Append(context.Background(), batch...)
			must(h.t, err)
			batch = batch[:0]
		}
	}
	add := func(e events.Event) {
		e.ID, e.Received = fmt.Sprintf("c%d", h.ids.Add(1)), e.Time
		batch = append(batch, events.Touchpoint(e))
	}
	for i := range n {
		buys := i%10 == 0
		numbers := 1
		if buys {
			numbers += r.IntN(4)
		} else if i%5 == 1 {
			numbers++
		}
		ids := []string{fmt.Sprintf("phone:+82100%07d", i)}
		for k := range numbers {
			kind := "page.viewed"
			if buys && k == 0 {
				kind = "order.completed"
			}
			own := []string{fmt.Sprintf("user_id:w%d-%d", i, k)}
			if numbers > 1 {
				own = append(own, ids...)
			}
			add(touch(time.Duration(1+r.IntN(90))*day, events.ChannelWeb, kind, `{"order_id":"`+strconv.Itoa(i)+`","total":1000}`, own...))
		}
		flush(2000)
	}
	flush(1)
	head, err := h.log.Head(context.Background())
	must(h.t, err)
	must(h.t, h.generations.Live().Await(context.Background(), head.Position))
}

// TestSampleIsFair: a sample of customers of whom those who buy have more fragments than others counts neither too many nor
// too few of them, and the true number lies in its interval; what is exact is exact.
func TestSampleIsFair(t *testing.T) {
	t.Parallel()
	const customers = 14_000
	h := openHouse(t)
	h.crowd(customers)
	for _, rule := range []string{
		`{"event":"order.completed"}`, `{"not":{"event":"order.completed"}}`, `{"all":[{"event":"page.viewed"},{"last":"page.viewed","ago":{">=":"30d"}}]}`,
	} {
		var sampled, exact segments.SegmentPreview
		h.post("previewSegment", "/v1/segments/preview", `{"rule":`+rule+`}`, http.StatusOK, &sampled)
		h.post("previewSegment", "/v1/segments/preview?exact=1", `{"rule":`+rule+`}`, http.StatusOK, &exact)
		if !sampled.Sampled || sampled.Looked < 6000 || sampled.Looked > 12_000 || exact.Sampled || exact.Customers != customers || exact.Looked != customers {
			t.Fatalf("%s: sampled %+v, exact %+v", rule, sampled, exact)
		}
		if exact.Members < sampled.Low || exact.Members > sampled.High || math.Abs(float64(sampled.Customers-customers)) > customers/20 {
			t.Errorf("%s: %d are in, the sample says %d to %d of %d", rule, exact.Members, sampled.Low, sampled.High, sampled.Customers)
		}
		for i, l := range sampled.Lines {
			if d := math.Abs(float64(l.Fails - exact.Lines[i].Fails)); d > customers/20 {
				t.Errorf("%s: %+v in the sample, %+v in all", rule, l, exact.Lines[i])
			}
		}
	}
}

// BenchmarkPreview times a preview by a sample and by everybody, of C360_PREVIEW customers (a few if that is not set) with
// two events and one segment condition on orders and one on a trait.
func BenchmarkPreview(b *testing.B) {
	n := 5000
	if text := os.Getenv("C360_PREVIEW"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(b, err)
	}
	h := openHouse(b)
	h.crowd(n)
	rule := `{"rule":{"all":[{"event":"order.completed","within":"1y"},{"last":"order.completed","ago":{">=":"30d"}},{"trait":"tier","is_not":"vip"}]}}`
	for name, query := range map[string]string{"sampled": "", "exact": "?exact=1"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var a segments.SegmentPreview
				h.post("previewSegment", "/v1/segments/preview"+query, rule, http.StatusOK, &a)
				b.ReportMetric(float64(a.Looked), "customers")
			}
		})
	}
}

// TestPreviewsAtOnce asks many times at once while things happen.
func TestPreviewsAtOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.crowd(500)
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			var a segments.SegmentPreview
			h.post("previewSegment", fmt.Sprint("/v1/segments/preview?exact=", i%2), `{"rule":{"event":"order.completed"}}`, http.StatusOK, &a)
			if a.Members != 50 {
				t.Errorf("%d of 50 are in", a.Members)
			}
		})
	}
	for range 20 {
		h.appends(touch(time.Hour, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:x"))
	}
	all.Wait()
}
