package logcopy

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

const (
	pageFirst = 256     // events in the first page
	pageMost  = 4000    // events in any page
	pageBytes = 2 << 20 // what a page should come to; large events make small pages
)

// page is some events that follow each other, or why there are none.
type page struct {
	events []events.Recorded
	err    error
}

// pages reads the events after after up to last, one page ahead of whoever ranges over it. stop ends the reading and
// waits until it has ended; it must be called.
func pages(ctx context.Context, log events.Log, after, last events.Position) (out <-chan page, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ch := make(chan page)
	go func() {
		defer close(ch)
		for limit := pageFirst; after < last; {
			p := read(ctx, log, after, min(limit, int(last-after))) //nolint:gosec // far below 2^63
			select {
			case ch <- p:
			case <-ctx.Done():
				return
			}
			if p.err != nil {
				return
			}
			after += events.Position(len(p.events))
			limit = limitFor(p.events)
		}
	}()
	return ch, func() {
		cancel()
		for range ch { // until the reader has seen that nobody wants more
		}
	}
}

// read returns up to limit events after after, at least one: they are known to be there.
func read(ctx context.Context, log events.Log, after events.Position, limit int) page {
	got, err := log.Read(ctx, after, limit)
	switch {
	case err != nil:
		return page{err: fmt.Errorf("read behind position %d: %w", after, err)}
	case len(got) == 0:
		return page{err: fmt.Errorf("the log ends at position %d, but its head is further on; run c360 verify on it", after)}
	}
	for i := range got {
		if want := after + events.Position(i) + 1; got[i].Position != want {
			return page{err: fmt.Errorf("position %d is missing, %d comes instead; run c360 verify on the log", want, got[i].Position)}
		}
	}
	return page{events: got}
}

// limitFor returns how many events such as these make a page.
func limitFor(events []events.Recorded) int {
	size := 0
	for i := range events {
		size += 256 + len(events[i].Data)
	}
	return min(max(pageBytes*len(events)/size, 1), pageMost)
}
