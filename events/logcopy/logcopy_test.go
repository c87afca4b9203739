package logcopy_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logcopy"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/events/pebblelog"
)

// ticking returns a clock that moves a millisecond each time it is asked.
func ticking() func() time.Time {
	at := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(time.Millisecond)
		return at
	}
}

func touch(i int) events.Entry {
	return events.Touchpoint(events.Event{
		ID: fmt.Sprintf("e-%d", i), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb, Time: time.Unix(int64(i), 5).UTC(),
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprintf("u-%d", i%17), Grade: events.Asserted}},
		Data:        fmt.Appendf(nil, `{"n":%d}`, i),
	})
}

// filled returns a log in memory that holds touch(0) to touch(n-1).
func filled(t *testing.T, n int) *memlog.Log {
	t.Helper()
	l := memlog.New(ticking())
	fill(t, l, 0, n)
	return l
}

func fill(t *testing.T, l events.Log, from, n int) {
	t.Helper()
	for i := range n {
		if _, err := l.Append(t.Context(), touch(from+i)); err != nil {
			t.Fatal(err)
		}
	}
}

func pebbleLog(t *testing.T) *pebblelog.Log {
	t.Helper()
	l, err := pebblelog.Open(t.Context(), pebblelog.Options{Dir: filepath.Join(t.TempDir(), "log"), Now: ticking()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func headOf(t *testing.T, l events.Log) events.Head {
	t.Helper()
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func quiet(events.Position, events.Position) {}

// copied copies all of from and compares it.
func copied(t *testing.T, from events.Log, to logcopy.Target) {
	t.Helper()
	head := headOf(t, from)
	if _, err := logcopy.Copy(t.Context(), from, head, to, quiet); err != nil {
		t.Fatal(err)
	}
	if err := logcopy.Compare(t.Context(), from, to, head, quiet); err != nil {
		t.Fatal(err)
	}
	if got := headOf(t, to); got != head {
		t.Errorf("the target ends in %v, the source in %v", got, head)
	}
	if err := to.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestCopyThereAndBack(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 255, 256, 257, 10_000} {
		from, between, back := filled(t, n), pebbleLog(t), memlog.New(ticking())
		copied(t, from, between)
		copied(t, between, back)
		if a, b := headOf(t, from), headOf(t, back); a != b {
			t.Errorf("%d events: there and back the head went from %v to %v", n, a, b)
		}
	}
}

func TestCopyBigEvents(t *testing.T) {
	t.Parallel()
	from := memlog.New(ticking())
	for i := range 12 {
		e := touch(i)
		e.Event.Data = fmt.Appendf(nil, `{"n":"%0*d"}`, 800<<10, i)
		if _, err := from.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	copied(t, from, pebbleLog(t))
}

func TestCopyTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	var told []events.Position
	from, to := filled(t, 3000), memlog.New(ticking())
	tell := func(done, total events.Position) {
		if total != 3000 {
			t.Errorf("the total is %d", total)
		}
		told = append(told, done)
	}
	if _, err := logcopy.Copy(t.Context(), from, headOf(t, from), to, tell); err != nil {
		t.Fatal(err)
	}
	if len(told) < 3 || told[0] != 0 || told[1] != 256 || told[len(told)-1] != 3000 {
		t.Errorf("progress was told as %v", told)
	}
}

// TestCopyGoesOn cuts a copy off again and again, at its beginning, after any page and in the middle of one.
func TestCopyGoesOn(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	from, to := filled(t, 20_000), pebbleLog(t)
	head := headOf(t, from)
	for cuts := 0; ; cuts++ {
		before := headOf(t, to).Position
		ctx, cancel := context.WithCancel(t.Context())
		pages, moment := rng.IntN(4), time.Duration(rng.IntN(1000))*time.Microsecond
		cut := func(events.Position, events.Position) { // however slow the machine is, the copy gets on
			if pages--; pages < 0 {
				time.AfterFunc(moment, cancel)
			}
		}
		cut(0, 0)
		start, err := logcopy.Copy(ctx, from, head, to, cut)
		cancel()
		if err == nil {
			t.Logf("%d cuts", cuts)
			break
		}
		var late *events.RestoreError // the page of the copy that was cut off landed after this one had asked for the head
		if !errors.Is(err, context.Canceled) && !errors.As(err, &late) {
			t.Fatal(err)
		}
		// 0: it was cut off before it had asked. The page before may have landed after before was asked for.
		if after := headOf(t, to).Position; start != 0 && (start < before || start > after) {
			t.Errorf("the copy began behind %d, the target ended at %d before it and at %d after it", start, before, after)
		}
	}
	copied(t, from, to)
}

func TestCopyFollowsASourceInParts(t *testing.T) {
	t.Parallel()
	from, to := filled(t, 500), memlog.New(ticking())
	first := headOf(t, from)
	fill(t, from, 500, 500)
	if _, err := logcopy.Copy(t.Context(), from, first, to, quiet); err != nil {
		t.Fatal(err)
	}
	if got := headOf(t, to); got != first {
		t.Errorf("the copy went on to %v, it was to end in %v", got, first)
	}
	copied(t, from, to)
}

func TestDivergedNamesTheFirstDifference(t *testing.T) {
	t.Parallel()
	const n = 40
	from := filled(t, n)
	for _, at := range []int{0, 1, 17, n - 1} {
		for _, length := range []int{at + 1, n, n + 5} {
			to := memlog.New(ticking())
			for i := range length {
				e := touch(i)
				if i == at {
					e.Event.Data = []byte(`{"other":true}`)
				}
				if _, err := to.Append(t.Context(), e); err != nil {
					t.Fatal(err)
				}
			}
			refused(t, from, to, events.Position(at+1))
		}
	}
}

func TestTargetThatIsAhead(t *testing.T) {
	t.Parallel()
	refused(t, filled(t, 10), filled(t, 13), 11)
	refused(t, filled(t, 0), filled(t, 3), 1)
}

// refused checks that a copy says diverged at p, and changes nothing.
func refused(t *testing.T, from events.Log, to logcopy.Target, p events.Position) {
	t.Helper()
	before := headOf(t, to)
	_, err := logcopy.Copy(t.Context(), from, headOf(t, from), to, quiet)
	var diverged *logcopy.DivergedError
	if !errors.As(err, &diverged) || diverged.Position != p {
		t.Errorf("Copy gave %v, want diverged at position %d", err, p)
	}
	if after := headOf(t, to); after != before {
		t.Errorf("a refused copy moved the target from %v to %v", before, after)
	}
}

// TestSomebodyElseAppends lets a c360 run on the target while it is being filled.
func TestSomebodyElseAppends(t *testing.T) {
	t.Parallel()
	for _, when := range []events.Position{256, 5000} {
		from, to := filled(t, 5000), memlog.New(ticking())
		_, err := logcopy.Copy(t.Context(), from, headOf(t, from), to, func(done, _ events.Position) {
			if done == when {
				fill(t, to, 100_000, 1)
			}
		})
		if err == nil {
			t.Errorf("a copy into a log that grew at %d was taken for whole", when)
		}
	}
}
