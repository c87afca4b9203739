//go:build unix

package logtest

import (
	"syscall"
	"testing"
	"time"
)

// Meter measures a benchmark that handles b.N events.
type Meter struct {
	b   *testing.B
	cpu time.Duration
}

// StartMeter begins to measure: whatever was before does not count.
func StartMeter(b *testing.B) Meter {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	return Meter{b: b, cpu: cpuTime()}
}

// Report adds the rate, and the processor time an event took (a server's included, if it runs in this process), which is
// the steadier figure on a busy machine.
func (m Meter) Report() {
	n := float64(m.b.N)
	m.b.ReportMetric(n/m.b.Elapsed().Seconds(), "events/s")
	m.b.ReportMetric(float64((cpuTime()-m.cpu).Microseconds())/n, "cpu-µs/event")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
