package life_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
)

var errDisk = errors.New("the disk is broken")

func TestFirstFailureStays(t *testing.T) {
	t.Parallel()
	l := life.New()
	if err := l.Err(); err != nil {
		t.Errorf("a log that opens has failed: %v", err)
	}
	for _, err := range []error{errDisk, errors.New("another")} {
		if got := l.Fail(err); !errors.Is(got, errDisk) {
			t.Errorf("Fail returned %v, want the first failure", got)
		}
	}
	<-l.Failed()
	if err := l.Err(); !errors.Is(err, errDisk) {
		t.Errorf("Err is %v, want the first failure", err)
	}
	if err := l.Enter(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("Enter gave %v, want the failure", err)
	}
}

// TestOrderOfErrors: an ended context counts less than a failure, and that less than the end.
func TestOrderOfErrors(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	l := life.New()
	want := func(want error) {
		t.Helper()
		if err := l.Ready(ctx); !errors.Is(err, want) {
			t.Errorf("Ready gave %v, want %v", err, want)
		}
		if err := l.Enter(ctx); !errors.Is(err, want) {
			t.Errorf("Enter gave %v, want %v", err, want)
		} else if err == nil {
			l.Leave()
		}
	}
	want(nil)
	cancel()
	want(context.Canceled)
	_ = l.Fail(errDisk)
	want(errDisk)
	_ = l.Close(func() error { return nil })
	want(events.ErrClosed)
}

// TestCloseWaitsForCalls closes a log while calls are under way: none is in when the engine is released, and none gets in
// afterwards.
func TestCloseWaitsForCalls(t *testing.T) {
	t.Parallel()
	l := life.New()
	var inside atomic.Int64
	var calls sync.WaitGroup
	started := make(chan struct{}, 8)
	for range cap(started) {
		calls.Go(func() {
			for first := true; l.Enter(t.Context()) == nil; first = false {
				inside.Add(1)
				if first {
					started <- struct{}{}
				}
				inside.Add(-1)
				l.Leave()
			}
		})
	}
	for range cap(started) {
		<-started
	}
	err := l.Close(func() error {
		if n := inside.Load(); n != 0 {
			t.Errorf("the engine is released with %d calls inside", n)
		}
		return errDisk
	})
	if !errors.Is(err, errDisk) {
		t.Errorf("Close gave %v, want what release gave", err)
	}
	calls.Wait()
}

// TestClosingComesFirst: while Close waits for a call, others are refused at once instead of waiting for it.
func TestClosingComesFirst(t *testing.T) {
	t.Parallel()
	l := life.New()
	if err := l.Enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error)
	go func() { closed <- l.Close(func() error { return nil }) }()
	<-l.Closing()
	if err := l.Enter(t.Context()); !errors.Is(err, events.ErrClosed) {
		t.Errorf("Enter gave %v, want ErrClosed", err)
	}
	l.Leave()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := l.Close(func() error { return errDisk }); err != nil {
		t.Errorf("the second Close released again: %v", err)
	}
}

// TestUntil lets a counter grow under many who wait for each of its values.
func TestUntil(t *testing.T) {
	t.Parallel()
	const last = 200
	l := life.New()
	var bell life.Bell
	var count atomic.Int64
	var waiting sync.WaitGroup
	for range 8 {
		waiting.Go(func() {
			for n := range int64(last) {
				if err := l.Until(t.Context(), bell.Wait, func() bool { return count.Load() > n }); err != nil {
					t.Errorf("Until %d gave %v", n, err)
				}
			}
		})
	}
	for range last {
		count.Add(1)
		bell.Ring()
	}
	waiting.Wait()
}

// TestUntilEnds ends a wait in each of the three ways.
func TestUntilEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*life.Life, context.CancelFunc)
		want error
	}{
		"context": {func(_ *life.Life, cancel context.CancelFunc) { cancel() }, context.Canceled},
		"failure": {func(l *life.Life, _ context.CancelFunc) { _ = l.Fail(errDisk) }, errDisk},
		"close":   {func(l *life.Life, _ context.CancelFunc) { _ = l.Close(func() error { return nil }) }, events.ErrClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, asked, done := life.New(), make(chan struct{}), make(chan error)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var bell life.Bell
			var once sync.Once
			go func() {
				done <- l.Until(ctx, bell.Wait, func() bool { once.Do(func() { close(asked) }); return false })
			}()
			<-asked
			c.end(l, cancel)
			if err := <-done; !errors.Is(err, c.want) {
				t.Errorf("Until gave %v, want %v", err, c.want)
			}
		})
	}
}

// TestBell: a ring wakes those who wait, and nobody who comes later.
func TestBell(t *testing.T) {
	t.Parallel()
	var bell life.Bell
	bell.Ring()
	one, two := bell.Wait(), bell.Wait()
	bell.Ring()
	<-one
	<-two
	select {
	case <-bell.Wait():
		t.Error("whoever comes after the ring is woken by it")
	default:
	}
}
