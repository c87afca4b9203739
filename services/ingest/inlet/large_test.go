package inlet_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/ingest/inlet"
)

// largeHouse has a NATS that takes messages of 64 MB, and n events of 60 KB in it.
func largeHouse(t *testing.T, n int) (*house, jetstream.JetStream) {
	t.Helper()
	h := newHouseAt(t, &broker{t: t, dir: t.TempDir(), port: -1, payload: 64 << 20})
	js := h.stream()
	for i := range n {
		e := fmt.Appendf(nil, `{"specversion":"1.0","id":"pos-%d","source":"pos","type":"order.noted","data":{"n":%q}}`, i, strings.Repeat("x", 60_000))
		if _, err := js.PublishAsync("c360.touchpoints.pos", e); err != nil {
			t.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
	return h, js
}

// TestMessagesLargerThanABatch are refused, and hold up nobody.
func TestMessagesLargerThanABatch(t *testing.T) {
	t.Parallel()
	h, js := largeHouse(t, 100)
	for range 2 {
		if _, err := js.Publish(t.Context(), "c360.touchpoints.pos", make([]byte, 5<<20)); err != nil {
			t.Fatal(err)
		}
	}
	h.publish(js, 100, 200)
	p := h.start(settings{})
	eachOnce(t, h.holds(200), 200)
	h.settled()
	if n := p.value("c360_inlet_messages_total", "refused"); n != 2 {
		t.Errorf("%v are refused", n)
	}
}

// TestLargeMessagesAreNotHoarded: a process that cannot go on has two batches in hand, and the rest goes to another process at
// once, not when NATS gives up waiting for the first.
func TestLargeMessagesAreNotHoarded(t *testing.T) {
	t.Parallel()
	const n, two = 500, 2 * (4 << 20) / 60_000
	h, js := largeHouse(t, n)
	gate, patient := &shutGate{}, func(o *inlet.Options) { o.AckWait = 2 * time.Second }
	h.start(settings{ingest: func(c *ingest.Config) { c.Gate = gate }, inlet: patient})
	c, err := js.Consumer(t.Context(), "C360_INLET", "c360")
	if err != nil {
		t.Fatal(err)
	}
	waitUntil(t, func() bool { return pending(t, c) > two*9/10 })
	other := h.start(settings{inlet: patient})
	waitUntil(t, func() bool { return other.value("c360_inlet_messages_total", "stored") >= n-two })
	if again := other.value("c360_inlet_redelivered_total", ""); again != 0 {
		t.Errorf("%v messages came again", again)
	}
	gate.open.Store(true)
	h.settled()
	eachOnce(t, h.holds(n), n)
}
