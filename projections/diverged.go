package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
)

// ErrDiverged: the read store was folded from a log that is not this one, or from events this one has lost.
var ErrDiverged = errors.New("projections: the read store and the log have diverged; " +
	"run `c360 verify` to check the log, then `c360 rebuild` to make the read store anew from it")

// check reads the checkpoint and asks the log whether it holds that very event there.
func (e *Engine) check(ctx context.Context) (Checkpoint, error) {
	c, err := e.readCheckpoint(ctx)
	if err != nil {
		return c, err
	}
	if err := e.agree(ctx, c); err != nil {
		return c, err
	}
	e.board.start(c)
	return c, nil
}

func (e *Engine) readCheckpoint(ctx context.Context) (Checkpoint, error) {
	v, err := e.opts.Store.View(ctx)
	if err != nil {
		return Checkpoint{}, err
	}
	defer v.Close()
	return v.Checkpoint(), nil
}

func (e *Engine) agree(ctx context.Context, c Checkpoint) error {
	if c.Position == 0 {
		return nil
	}
	if err := e.abide(ctx, c.Position); err != nil {
		return err
	}
	at, err := e.opts.Log.At(ctx, c.Position)
	switch {
	case errors.Is(err, events.ErrNoPosition):
		return &shortLogError{c.Position}
	case err != nil:
		return fmt.Errorf("compare the read store with the log at position %d: %w", c.Position, err)
	case at[0].Hash != c.Hash:
		return fmt.Errorf("the store and the log hold different events at position %d: %w", c.Position, ErrDiverged)
	}
	return nil
}

// abide waits until the log of this process holds a position, no longer than Options.Patience.
func (e *Engine) abide(ctx context.Context, p events.Position) error {
	if e.opts.Patience == 0 {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, e.opts.Patience)
	defer cancel()
	for {
		head, err := e.opts.Log.Head(bounded)
		if err == nil && head.Position < p {
			err = e.opts.Log.Wait(bounded, head.Position)
		}
		switch {
		case bounded.Err() != nil:
			return ctx.Err() // it has waited long enough: what is not there is not there
		case err != nil:
			return err
		case head.Position >= p:
			return nil
		}
	}
}

// shortLogError is ErrDiverged of a log that ends before the store does, or is not heard of to its end: to a process that is
// cut off from the server of its log both look the same.
type shortLogError struct{ at events.Position }

func (e *shortLogError) Error() string {
	return fmt.Sprintf("the store is at position %d, which the log does not hold: %v", e.at, ErrDiverged)
}

// Unwrap returns ErrDiverged.
func (e *shortLogError) Unwrap() error { return ErrDiverged }

// shortLogPatience is how long a log may be too short before it is taken for another one.
const shortLogPatience = 10 * time.Minute

// shortLog remembers since when the log is too short.
type shortLog struct{ since time.Time }

// passes reports whether an error is that the log is too short, and has not been for long.
func (s *shortLog) passes(err error, now time.Time) bool {
	if errors.Is(err, ErrHeld) {
		return false // another process tries meanwhile: that says nothing about the log
	}
	var short *shortLogError
	if !errors.As(err, &short) {
		s.since = time.Time{}
		return false
	}
	if s.since.IsZero() {
		s.since = now
	}
	return now.Sub(s.since) < shortLogPatience
}
