package query

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/web"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// TestPlaces: two scans run, so many wait, one more is refused and told when to come back.
func TestPlaces(t *testing.T) {
	t.Parallel()
	p := newPlaces()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var leave [scansAtOnce]func()
	for i := range leave {
		r, l, err := p.take(ctx, "kpi", noon)
		if err != nil {
			t.Fatal(err)
		}
		leave[i] = l
		r.begin(128, 256)
		r.reached(0, uuid.UUID{0x60})
		r.reached(1, uuid.UUID{0xe0})
		if share := r.share(); share != .75 {
			t.Errorf("%v of it is done, want .75", share)
		}
	}
	var turns sync.WaitGroup
	var got atomic.Int64
	for range scansWaiting {
		turns.Go(func() {
			if _, l, err := p.take(ctx, "kpi", noon); err == nil {
				got.Add(1)
				l()
			}
		})
	}
	waitUntil(t, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.waiting == scansWaiting })
	_, _, err := p.take(ctx, "kpi", noon.Add(30*time.Second))
	var refused *web.Problem
	if !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable || refused.RetryAfter != 10 {
		t.Errorf("one more is refused with %v", err) // three quarters took 30 s
	}
	for _, l := range leave {
		l()
	}
	turns.Wait()
	if got.Load() != scansWaiting || p.waiting != 0 || len(p.running) != 0 {
		t.Errorf("%d had their turn, %d wait, %d run", got.Load(), p.waiting, len(p.running))
	}
}

// TestPlacesGivenUp: who goes away while waiting leaves no trace.
func TestPlacesGivenUp(t *testing.T) {
	t.Parallel()
	p := newPlaces()
	for range scansAtOnce {
		if _, _, err := p.take(context.Background(), "kpi", noon); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := p.take(ctx, "kpi", noon); !errors.Is(err, context.Canceled) || p.waiting != 0 {
		t.Errorf("%v, %d wait", err, p.waiting)
	}
}

// waitUntil waits for what other goroutines bring about.
func waitUntil(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to that in 10 s")
		}
	}
}

// clock is one that a test sets.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time { return noon.Add(time.Duration(c.at.Load())) }

// TestFlightsTogether: those who ask the same at once have one answer, which is kept for ten times what it took.
func TestFlightsTogether(t *testing.T) {
	t.Parallel()
	var f flights
	var c clock
	var made atomic.Int64
	open := make(chan struct{})
	work := func(context.Context) (any, error) {
		made.Add(1)
		<-open
		c.at.Add(int64(time.Second))
		return "42", nil
	}
	first := f.join(context.Background(), "key", c.now, work)
	for range 5 {
		if x := f.join(context.Background(), "key", c.now, work); x != first {
			t.Error("who asks the same has another flight")
		}
	}
	close(open)
	<-first.done
	for range 6 {
		f.leave(first)
	}
	c.at.Add(int64(9 * time.Second))
	if x := f.join(context.Background(), "key", c.now, work); x != first || x.answer != "42" {
		t.Error("the answer was not kept")
	}
	c.at.Add(int64(2 * time.Second))
	second := f.join(context.Background(), "key", c.now, work)
	<-second.done
	if second == first || made.Load() != 2 {
		t.Errorf("made %d times, want once more after it was kept", made.Load())
	}
	f.close()
}

// TestFlightsGivenUp: work that nobody waits for ends, errors are not kept, a panic is one.
func TestFlightsGivenUp(t *testing.T) {
	t.Parallel()
	var f flights
	var c clock
	x := f.join(context.Background(), "key", c.now, func(ctx context.Context) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	f.leave(x)
	<-x.done
	if !errors.Is(x.err, context.Canceled) || len(f.all) != 0 {
		t.Errorf("%v, %d are kept", x.err, len(f.all))
	}
	x = f.join(context.Background(), "key", c.now, func(context.Context) (any, error) { panic("no") })
	<-x.done
	f.close()
	if x.err == nil || len(f.all) != 0 {
		t.Errorf("a panic became %v; %d are kept", x.err, len(f.all))
	}
}

// TestFlightsBounded: no more answers are kept than there is room for.
func TestFlightsBounded(t *testing.T) {
	t.Parallel()
	var f flights
	var c clock
	for i := range 3 * keptAnswers {
		x := f.join(context.Background(), string(rune('a'+i)), c.now, func(context.Context) (any, error) {
			c.at.Add(int64(time.Minute))
			return i, nil
		})
		<-x.done
		f.leave(x)
	}
	f.close()
	if len(f.all) > keptAnswers {
		t.Errorf("%d are kept, want %d at most", len(f.all), keptAnswers)
	}
}
