package inlet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/ingest/inlet"
)

// eachOnce fails unless the events are exactly pos-0 to pos-(n-1), each once.
func eachOnce(t testing.TB, list []events.Recorded, n int) {
	t.Helper()
	seen := map[string]int{}
	for i := range list {
		seen[list[i].ID]++
	}
	for i := range n {
		if id := fmt.Sprintf("pos-%d", i); seen[id] != 1 {
			t.Fatalf("%s is there %d times", id, seen[id])
		}
	}
}

// brokenLog fails as it is told to.
type brokenLog struct {
	events.Log
	fail  atomic.Pointer[error]
	after atomic.Bool // fail after the append, as when its answer is lost
	tries atomic.Int32
}

func (l *brokenLog) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	l.tries.Add(1)
	fail := l.fail.Load()
	if fail == nil {
		return l.Log.Append(ctx, entries...)
	}
	if l.after.Load() {
		if _, err := l.Log.Append(ctx, entries...); err != nil {
			return nil, err
		}
	}
	return nil, *fail
}

func (l *brokenLog) breaks(err error) { l.fail.Store(&err) }

// TestNothingIsAcknowledgedWhileTheLogCannotTakeIt: a full log, one that is away, and one whose answer is lost.
func TestNothingIsAcknowledgedWhileTheLogCannotTakeIt(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"full": events.ErrFull, "away": context.DeadlineExceeded, "answer lost": errors.New("broken pipe")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			log := &brokenLog{Log: h.log}
			h.log = log
			log.breaks(err)
			log.after.Store(name == "answer lost")
			h.publish(h.stream(), 0, 1500)
			p := h.start(settings{inlet: func(o *inlet.Options) { o.AckWait = time.Second }})
			waitUntil(t, func() bool { return log.tries.Load() >= 5 })
			if n := p.value("c360_inlet_messages_total", "stored"); n != 0 {
				t.Fatalf("%v messages count as stored", n)
			}
			c, err := h.js().Consumer(t.Context(), "C360_INLET", "c360")
			if err != nil {
				t.Fatal(err)
			}
			if floor := c.CachedInfo().AckFloor.Stream; floor != 0 {
				t.Fatalf("acknowledged up to %d", floor)
			}
			log.fail.Store(nil)
			h.settled()
			eachOnce(t, h.holds(1500), 1500)
		})
	}
}

func waitUntil(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) { // a condition that nobody announces
		if time.Now().After(deadline) {
			t.Fatal("it did not come to that")
		}
	}
}

// slowLog takes longer than NATS waits for an acknowledgement.
type slowLog struct {
	events.Log
	wait time.Duration
}

func (l *slowLog) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	time.Sleep(l.wait)
	return l.Log.Append(ctx, entries...)
}

// TestASlowLogIsWaitedFor: what is being stored does not come round meanwhile.
func TestASlowLogIsWaitedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(h.stream(), 0, 100)
	h.start(settings{
		ingest: func(c *ingest.Config) { c.Log = &slowLog{Log: c.Log, wait: 3 * time.Second} },
		inlet:  func(o *inlet.Options) { o.AckWait = time.Second },
	})
	h.holds(100)
	if info := h.settled(); info.NumRedelivered != 0 {
		t.Errorf("%d messages came again", info.NumRedelivered)
	}
}

// shutGate is shut until it is opened.
type shutGate struct{ open atomic.Bool }

func (g *shutGate) Producers() time.Duration { return 0 }

func (g *shutGate) Imports() time.Duration {
	if g.open.Load() {
		return 0
	}
	return 5 * time.Millisecond
}

func TestBackPressure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gate := &shutGate{}
	h.publish(h.stream(), 0, 2500)
	h.start(settings{
		ingest: func(c *ingest.Config) { c.Gate = gate },
		inlet:  func(o *inlet.Options) { o.AckWait = 2 * time.Second },
	})
	c, err := h.js().Consumer(t.Context(), "C360_INLET", "c360")
	if err != nil {
		t.Fatal(err)
	}
	waitUntil(t, func() bool { return pending(t, c) > 0 })
	time.Sleep(3 * time.Second) // longer than NATS waits for an answer: the point of the test
	info, err := c.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if info.NumAckPending == 0 || info.NumAckPending > 2000 || info.NumRedelivered != 0 || info.AckFloor.Stream != 0 {
		t.Fatalf("behind a shut gate: %d in hand, %d came again, acknowledged up to %d", info.NumAckPending, info.NumRedelivered, info.AckFloor.Stream)
	}
	gate.open.Store(true)
	h.settled()
	eachOnce(t, h.holds(2500), 2500)
}

func pending(t *testing.T, c jetstream.Consumer) int {
	t.Helper()
	info, err := c.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return info.NumAckPending
}

// TestNATSGoesAway: the server is stopped and started again under load, three times.
func TestNATSGoesAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	p := h.start(settings{})
	const each = 2000
	for round := range 3 {
		h.publish(js, round*each, (round+1)*each)
		h.broker.stop()
		h.broker.start()
		waitUntil(t, func() bool { return h.pub.FlushTimeout(time.Second) == nil })
	}
	eachOnce(t, h.holds(3*each), 3*each)
	h.settled()
	if again := p.value("c360_inlet_redelivered_total", ""); again > 3*2000 {
		t.Errorf("%v messages came again", again)
	}
}

// TestTheStreamIsGone: somebody removed stream and consumer; what is published afterwards comes all the same.
func TestTheStreamIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	p := h.start(settings{})
	h.publish(js, 0, 10)
	h.holds(10)
	if err := js.DeleteStream(t.Context(), "C360_INLET"); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, func() bool { _, err := js.Stream(t.Context(), "C360_INLET"); return err == nil })
	h.publish(js, 10, 20)
	eachOnce(t, h.holds(20), 20)
	if p.value("c360_inlet_interruptions_total", "") == 0 {
		t.Error("nothing was counted")
	}
}

// TestSeveralProcesses share the work, and one of them is killed in the middle: its connection ends, and nobody says
// anything for what it had in hand.
func TestSeveralProcesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	const n = 30_000
	quick := settings{inlet: func(o *inlet.Options) { o.AckWait = time.Second; o.Events = 200 }}
	all := []*process{h.start(quick), h.start(quick), h.start(quick)}
	published := make(chan struct{})
	go func() {
		defer close(published)
		h.publish(js, 0, n)
	}()
	waitUntil(t, func() bool { return all[0].value("c360_inlet_messages_total", "stored") > 0 })
	all[0].conn.Close()
	<-published
	h.settled()
	eachOnce(t, h.holds(n), n)
	for i, p := range all[1:] {
		if p.value("c360_inlet_messages_total", "stored") == 0 {
			t.Errorf("process %d had nothing to do", i+1)
		}
	}
}

// TestARollingRestart: processes end and begin while messages come; what they had in hand goes to the others at once.
func TestARollingRestart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	const n = 20_000
	all := []*process{h.start(settings{}), h.start(settings{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		for from := 0; from < n; from += 500 {
			h.publish(js, from, from+500)
		}
	})
	for i := range all {
		waitUntil(t, func() bool { return all[i].value("c360_inlet_messages_total", "stored") > 0 })
		all[i].stop()
		all = slices.Replace(all, i, i+1, h.start(settings{}))
	}
	wg.Wait()
	began := time.Now()
	h.settled()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s until all was settled: what was in hand was not given back", took)
	}
	eachOnce(t, h.holds(n), n)
}
