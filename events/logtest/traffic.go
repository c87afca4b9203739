package logtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Traffic makes n touchpoints of 20,000 people in slices of batch, for benchmarks: each an order of about 544 bytes of
// JSON, none like the one before. The same seed gives the same ones, another seed others.
func Traffic(seed uint64, n, batch int) [][]events.Entry {
	rng := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // the same for each run
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var out [][]events.Entry
	for i := range n {
		if i%batch == 0 {
			out = append(out, make([]events.Entry, 0, min(batch, n-i)))
		}
		at = at.Add(time.Millisecond)
		e := events.Event{
			ID: randomUUID(rng), Source: "web", Type: "order.completed", Time: at, Received: at.Add(time.Second),
			Channel: events.ChannelWeb, Data: order(rng, i),
			Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("anon-%d", rng.IntN(20000)), Grade: events.Claimed}},
		}
		last := len(out) - 1
		out[last] = append(out[last], events.Touchpoint(e))
	}
	return out
}

func order(rng *rand.Rand, i int) []byte {
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
		id[i] = byte(rng.Uint32()) //nolint:gosec // any byte will do
	}
	return id.String()
}

// Spread calls f(0) to f(n-1) from many goroutines and panics on an error.
func Spread(writers, n int, f func(i int) error) {
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
