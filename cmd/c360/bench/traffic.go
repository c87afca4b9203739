package bench

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// perCustomer is how many touchpoints a customer has on average.
const perCustomer = 10

// Key is the write key the benchmark sends with; its source asserts.
const Key = "benchkey"

// traffic makes Segment batch bodies. Event n is the same in every run: its customer, type and fields follow from
// the seed and n alone.
type traffic struct {
	seed      uint64
	customers int
	total     int
	start     time.Time
	step      time.Duration
	size      int // how many of the load are sent
}

// newTraffic spreads total events over 18 months up to end.
func newTraffic(seed uint64, total int, end time.Time) *traffic {
	span := 18 * 30 * 24 * time.Hour
	return &traffic{
		seed: seed, customers: max(total/perCustomer, 1), total: max(total, 1), size: total,
		start: end.Add(-span), step: span / time.Duration(max(total, 1)),
	}
}

// body returns a Segment batch with the events from, from+1, … from+count-1.
func (t *traffic) body(from, count int) []byte {
	b := make([]byte, 0, count*600)
	b = append(b, `{"batch":[`...)
	for i := range count {
		if i > 0 {
			b = append(b, ',')
		}
		b = t.message(b, from+i)
	}
	return append(b, `]}`...)
}

// dice returns the random numbers of event n.
func (t *traffic) dice(n int) *rand.Rand {
	return rand.New(rand.NewPCG(t.seed, uint64(n))) //nolint:gosec // seeded touchpoints, not secrets; n is not negative
}

// customerOf returns the number of the customer that event n belongs to.
func (t *traffic) customerOf(n int) int {
	return t.dice(n).IntN(t.customers)
}

// reference returns the identifier of a customer, as look-up wants it.
func reference(customer int) string { return fmt.Sprintf("user_id:bench-%d", customer) }

func (t *traffic) message(b []byte, n int) []byte {
	r := t.dice(n)
	who := r.IntN(t.customers)
	when := t.when(n).UTC().Format("2006-01-02T15:04:05.000Z07:00")
	b = fmt.Appendf(b, `{"type":"track","messageId":"bench-%d-%d","userId":"bench-%d","anonymousId":"a-%d",`, t.seed, n, who, who)
	b = fmt.Appendf(b, `"timestamp":"%s","context":{"library":{"name":"bench","version":"1"},"locale":"ko-KR","userAgent":"Mozilla/5.0 (bench)"},`, when)
	article := r.IntN(5000)
	switch kind := r.IntN(10); {
	case kind < 6:
		b = fmt.Appendf(b, `"event":"Product Viewed","properties":{"product_id":"SKU-%05d","name":"울 블렌드 코트 %d","category":"아우터","brand":"c360","price":%d,"currency":"KRW","url":"https://shop.example.com/p/%d","session_id":"s-%d"}}`,
			article, r.IntN(100), priceOf(article), article, n/7)
	case kind < 8:
		b = fmt.Appendf(b, `"event":"Product Added","properties":{"product_id":"SKU-%05d","name":"니트 %d","category":"상의","price":%d,"quantity":%d,"currency":"KRW","cart_id":"c-%d"}}`,
			article, r.IntN(100), priceOf(article), 1+r.IntN(3), n)
	default:
		price := priceOf(article)
		b = fmt.Appendf(b, `"event":"Order Completed","properties":{"order_id":"ORD-%d","total":%d,"currency":"KRW","products":[{"product_id":"SKU-%05d","name":"코트","category":"아우터","quantity":1,"price":%d}],"payment_method":"card"}}`,
			n, price, article, price)
	}
	return b
}

// grownTo is the traffic once size events of the load are sent, with ten touchpoints a customer.
func (t *traffic) grownTo(size int) *traffic {
	grown := *t
	grown.customers, grown.size = max(size/perCustomer, 1), size
	return &grown
}

const (
	// beyond is a number no event of the load has: what is written while something is measured is numbered from its
	// multiples on, one for each measurement.
	beyond = 1 << 30
	// roomFor is how many such events a measurement may write, about: there is that much time for them before the next.
	roomFor = 1 << 20
)

// when is the time of event n: those of the load lie behind each other, and what is written while something is measured
// lies between the last that was sent of it and the next, in order, as what comes in by day does.
func (t *traffic) when(n int) time.Time {
	if n < beyond {
		return t.start.Add(time.Duration(n%t.total) * t.step)
	}
	part := t.step / 8
	return t.start.Add(time.Duration(t.size-1)*t.step + time.Duration(n/beyond)*part + time.Duration(n%beyond-t.size)*(part/roomFor))
}

// priceOf is what an article costs: everybody is told the same.
func priceOf(article int) int { return 10_000 + article*7919%300*1_000 }
