package inlet_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events/pebblelog"
)

// realLog puts the house on a log that syncs.
func (h *house) realLog(tb testing.TB) {
	tb.Helper()
	log, err := pebblelog.Open(context.Background(), pebblelog.Options{Dir: filepath.Join(tb.TempDir(), "log"), Now: time.Now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = log.Close() })
	h.log = log
}

// arrive publishes at a rate until ctx ends and returns how many there were.
func (h *house) arrive(ctx context.Context, js jetstream.JetStream, rate int) (n int) {
	const step = 20 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for began := time.Now(); ; {
		for due := int(time.Since(began).Seconds() * float64(rate)); n < due; n++ {
			if _, err := js.PublishAsync("c360.touchpoints.pos", cloudEvent(fmt.Sprintf("pos-%d", n))); err != nil {
				h.t.Error(err)
				return n
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			<-js.PublishAsyncComplete()
			return n
		}
	}
}

// TestCatchUp: c360 is away while touchpoints arrive; when it is back it takes what waits and what still arrives, at more
// than twice the rate at which they arrive. C360_CATCHUP=20 makes the outage 20 s long, and C360_CATCHUP_RATE=10000 the
// rate 10,000 a second.
//
//nolint:paralleltest // it measures
func TestCatchUp(t *testing.T) {
	away, rate := number("C360_CATCHUP", 2), number("C360_CATCHUP_RATE", 1000)
	h := newHouse(t)
	h.realLog(t)
	js := h.stream()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	arrived := make(chan int, 1)
	go func() { arrived <- h.arrive(ctx, js, rate) }()
	time.Sleep(time.Duration(away) * time.Second) // the outage
	head := func() int {
		x, err := h.log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return int(x.Position)
	}
	began := time.Now()
	p := h.start(settings{})
	waitUntil(t, func() bool { return head() >= away*rate && p.value("c360_inlet_waiting", "") < float64(rate)/10 })
	took, stored := time.Since(began), head()
	stop()
	n := <-arrived
	eachOnce(t, h.holds(n), n)
	ratio := float64(stored) / took.Seconds() / float64(rate)
	t.Logf("%d s away at %d/s: %d stored in %s, %.0f/s, %.1f times the arrival rate", away, rate, stored, took.Round(time.Millisecond), float64(stored)/took.Seconds(), ratio)
	if ratio < 2 {
		t.Errorf("it catches up at %.1f times the arrival rate, want 2", ratio)
	}
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
