package projections

import (
	"context"
	"errors"
	"time"

	"github.com/c360hq/c360/events"
)

// Status is how far an engine is.
type Status struct {
	// Position was folded and committed; Head is the end of the log.
	Position, Head events.Position
	// LagEvents is how many events are not folded yet, LagSeconds how long the oldest of them has waited.
	LagEvents  uint64
	LagSeconds float64
	// Rate is events folded a second, lately.
	Rate float64
	// Gaps counts events the log left out; the engine stops at the first, so it is 0 in a sound house.
	Gaps uint64
	// Parked is how many events are parked now, ParkedSeconds how long the oldest of them has been in the log.
	Parked        int
	ParkedSeconds float64
	// Folded and Batches count since the engine began.
	Folded, Batches uint64
	// ParkedTotal counts events ever parked since the engine began.
	ParkedTotal uint64
	// Interruptions counts how often folding failed and was tried again since the engine began.
	Interruptions uint64
	// Err is why the engine stopped; nil while it runs.
	Err error
}

// Status reports how far the engine is. It asks the log for its head.
func (e *Engine) Status(ctx context.Context) (Status, error) {
	head, err := e.opts.Log.Head(ctx)
	if err != nil {
		return Status{}, err
	}
	now := e.opts.Now()
	s := e.board.status(now)
	s.Head = max(head.Position, s.Position)
	s.LagEvents = uint64(s.Head - s.Position)
	if s.ParkedSeconds, err = e.parkedSeconds(ctx, s.Parked, now); err != nil || s.LagEvents == 0 {
		return s, err
	}
	next, err := e.opts.Log.Read(ctx, s.Position, 1)
	if err == nil && len(next) > 0 {
		s.LagSeconds = max(0, now.Sub(next[0].RecordedAt).Seconds())
	}
	return s, err
}

// parkedSeconds is how long the oldest parked event has been in the log, if there is one.
func (e *Engine) parkedSeconds(ctx context.Context, parked int, now time.Time) (float64, error) {
	if parked == 0 {
		return 0, nil
	}
	since, err := e.parkedSince(ctx)
	if err != nil || since == 0 {
		return 0, err
	}
	return max(0, now.Sub(time.UnixMicro(since)).Seconds()), nil
}

// parkedWithin is how long a status waits for a reader of the store.
const parkedWithin = time.Second

// parkedSince asks the store since when the oldest parked event waits, in microseconds; 0 if none does. While all readers are
// in use that is what was said last.
func (e *Engine) parkedSince(ctx context.Context) (int64, error) {
	asking, cancel := context.WithTimeout(ctx, parkedWithin)
	defer cancel()
	v, err := e.opts.Store.View(asking)
	switch {
	case errors.Is(err, ErrClosed):
		return 0, nil // it was swapped out meanwhile
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return e.oldest.Load(), nil
	case err != nil:
		return 0, err
	}
	defer v.Close()
	since, found, err := ParkedSince(ctx, v)
	if err != nil || !found {
		return 0, err
	}
	e.oldest.Store(since.UnixMicro())
	return since.UnixMicro(), nil
}

func (b *board) status(now time.Time) Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Status{
		Position: b.at.Position, Rate: b.rate.at(now), Gaps: b.gaps, Parked: b.waiting,
		Folded: b.events, Batches: b.batches, ParkedTotal: b.parkings, Interruptions: b.broken, Err: b.err,
	}
}

// Position returns what was folded and committed, without asking anybody.
func (e *Engine) Position() events.Position { return e.board.checkpoint().Position }

// Await returns when everything up to position is in the store, the engine has stopped, or ctx ends.
func (e *Engine) Await(ctx context.Context, position events.Position) error {
	for {
		done, changed := e.board.reached(position)
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-e.Done():
			return e.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *board) reached(position events.Position) (bool, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at.Position >= position, b.changed
}

// Subscribe returns a channel that holds the newest commit the subscriber has not seen, and a function to end the
// subscription. Who needs every event reads the store from the last position it saw.
func (e *Engine) Subscribe() (<-chan Committed, func()) { return e.board.subscribe() }
