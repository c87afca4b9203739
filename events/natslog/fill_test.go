package natslog_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog"
)

// touches returns n touchpoints of ten people with the ids from on.
func touches(from, n int) []events.Entry {
	out := make([]events.Entry, n)
	for i := range out {
		id := from + i
		out[i] = events.Touchpoint(events.Event{
			ID: fmt.Sprintf("e-%d", id), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb,
			Time:        time.Date(2026, 5, 3, 12, 0, 0, id%1_000_000_000, time.UTC),
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprintf("u-%d", id%10), Grade: events.Asserted}},
			Data:        fmt.Appendf(nil, `{"n":%d}`, id),
		})
	}
	return out
}

// fill appends n touchpoints in pieces of size.
func fill(t *testing.T, l events.Log, from, n, size int) {
	t.Helper()
	for i := from; i < from+n; i += size {
		if _, err := l.Append(t.Context(), touches(i, min(size, from+n-i))...); err != nil {
			t.Fatalf("Append: %v", err)
		}
	}
}

// readAll returns everything a log holds, and checks that positions are dense.
func readAll(t *testing.T, l events.Log) []events.Recorded {
	t.Helper()
	var all []events.Recorded
	for {
		page, err := l.Read(t.Context(), events.Position(len(all)), 1000)
		if err != nil {
			t.Fatalf("Read after %d: %v", len(all), err)
		}
		if len(page) == 0 {
			return all
		}
		for i := range page {
			if want := events.Position(len(all) + 1); page[i].Position != want {
				t.Fatalf("position %d was read, %d comes next", page[i].Position, want)
			}
			all = append(all, page[i])
		}
	}
}

func headOf(t *testing.T, l events.Log) events.Head {
	t.Helper()
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func verify(t *testing.T, l events.Log) {
	t.Helper()
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Errorf("Verify: %v", err)
	}
}

func closeLog(t *testing.T, l events.Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func options(t *testing.T, url string) natslog.Options {
	t.Helper()
	return natslog.Options{URL: url, Dir: t.TempDir(), Now: time.Now}
}

// journal is what appenders were told.
type journal struct {
	mu    sync.Mutex
	acked map[string]events.Position
	grown chan struct{} // closed and replaced when acked grows
}

func newJournal() *journal {
	return &journal{acked: map[string]events.Position{}, grown: make(chan struct{})}
}

func (j *journal) note(t *testing.T, entries []events.Entry, results []events.Result) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, r := range results {
		id := entries[i].Event.ID
		if was := j.acked[id]; was != 0 && was != r.Position {
			t.Errorf("%s was acknowledged at %d and then at %d", id, was, r.Position)
		}
		j.acked[id] = r.Position
	}
	close(j.grown)
	j.grown = make(chan struct{})
}

func (j *journal) len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.acked)
}

// more waits until that many more events are acknowledged.
func (j *journal) more(ctx context.Context, t *testing.T, n int) {
	t.Helper()
	for want := j.len() + n; ; {
		j.mu.Lock()
		have, grown := len(j.acked), j.grown
		j.mu.Unlock()
		if have >= want {
			return
		}
		select {
		case <-grown:
		case <-ctx.Done():
			t.Fatalf("%d events were acknowledged, %d are wanted: %v", have, want, ctx.Err())
		}
	}
}

// check looks for everything that was acknowledged: there, once, where it was said to be.
func (j *journal) check(t *testing.T, l events.Log) {
	t.Helper()
	there := map[string]events.Position{}
	for _, r := range readAll(t, l) {
		if there[r.ID] != 0 {
			t.Errorf("%s is there twice, at %d and %d", r.ID, there[r.ID], r.Position)
		}
		there[r.ID] = r.Position
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	lost := 0
	for id, p := range j.acked {
		if there[id] != p {
			lost++
			t.Logf("%s was acknowledged at %d and is at %d", id, p, there[id])
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged events are lost or elsewhere", lost, len(j.acked))
	}
	verify(t, l)
}

// load appends from several goroutines until stop, also repeats; an append that gives up is made again, as callers do.
func (j *journal) load(ctx context.Context, t *testing.T, stop <-chan struct{}, l events.Log, writers, from int) *sync.WaitGroup {
	t.Helper()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				entries := touches(from+w*1_000_000+i*7, 9) // two of them are those of the call after
				for done := false; !done && ctx.Err() == nil; {
					done = j.try(ctx, t, l, entries)
				}
			}
		})
	}
	return &wg
}

// try makes one append that is given up after a while.
func (j *journal) try(ctx context.Context, t *testing.T, l events.Log, entries []events.Entry) bool {
	t.Helper()
	patience, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	results, err := l.Append(patience, entries...)
	switch {
	case err == nil:
		j.note(t, entries, results)
	case patience.Err() == nil:
		t.Errorf("Append: %v", err)
	}
	return err == nil
}

// same checks that two logs hold the same.
func same(t *testing.T, a, b events.Log) {
	t.Helper()
	if x, y := headOf(t, a), headOf(t, b); x != y {
		t.Errorf("one log ends in %v, the other in %v", x, y)
	}
	equal := slices.EqualFunc(readAll(t, a), readAll(t, b), func(x, y events.Recorded) bool {
		return x.Hash == y.Hash && x.Position == y.Position && x.RecordedAt.Equal(y.RecordedAt) && x.ID == y.ID && x.Stream == y.Stream
	})
	if !equal {
		t.Error("the logs hold different events")
	}
}

// waitFor waits until a log has followed the others to everything that was acknowledged.
func waitFor(ctx context.Context, t *testing.T, l events.Log, j *journal) {
	t.Helper()
	var last events.Position
	j.mu.Lock()
	for _, p := range j.acked {
		last = max(last, p)
	}
	j.mu.Unlock()
	for have := events.Position(0); have < last; {
		head, err := l.Head(ctx)
		if have = head.Position; err == nil && have < last {
			err = l.Wait(ctx, last-1)
		}
		if err != nil {
			t.Fatalf("waiting for %d: %v", last, err)
		}
	}
}
