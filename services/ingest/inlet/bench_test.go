package inlet_test

import (
	"testing"
	"time"
)

// BenchmarkDrain takes what waits in NATS, of which the test publishes b.N, into a log that syncs.
func BenchmarkDrain(b *testing.B) {
	h := newHouse(b)
	h.realLog(b)
	h.publish(h.stream(), 0, b.N)
	b.ResetTimer()
	began := time.Now()
	h.start(settings{})
	h.holds(b.N)
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "events/s")
}
