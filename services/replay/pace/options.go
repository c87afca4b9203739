package pace

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
)

// Clock is the time of an event that a replay goes by.
type Clock string

// The clocks; see the package comment.
const (
	Recorded Clock = "recorded"
	Occurred Clock = "occurred"
)

// Options say what is told again, and how fast.
type Options struct {
	// From is the first position that may be told, To the last; 0 is the first and the last there is. From may be one
	// beyond To: there is nothing left to tell.
	From, To events.Position
	// Follow goes on at the end with what comes in, without pauses, until the context ends. To must be 0.
	Follow bool
	// Speed is how many times as fast as it happened; 0 is as fast as it goes.
	Speed float64
	// Clock is the time that pauses are taken from; empty is Recorded.
	Clock Clock
	// MaxGap is the longest pause, as it is waited and not as it was; 0 is no limit.
	MaxGap time.Duration
	Filter Filter
	// Now is the clock that pauses are measured with.
	Now func() time.Time
	// Sleep waits that long, or until ctx ends, and then returns its error; nil is [Sleep].
	Sleep func(ctx context.Context, d time.Duration) error
	// Idle is called before every pause and before waiting for new events, for who collects what it is told; it may be nil.
	Idle func() error
}

// Check reports what is wrong with the options. Errors name the remedy.
func (o *Options) Check() error {
	switch {
	case o.Now == nil:
		return errors.New("pace: Now is required")
	case !(o.Speed >= 0) || o.Speed > maxSpeed:
		return errors.New("the speed must be 0 (as fast as it goes) or a number like 1, 60 or 0.5")
	case o.Clock != "" && o.Clock != Recorded && o.Clock != Occurred:
		return fmt.Errorf("there is no clock %q; use %s or %s", o.Clock, Recorded, Occurred)
	case o.MaxGap < 0:
		return errors.New("the longest pause cannot be less than nothing")
	case o.Follow && o.To > 0:
		return errors.New("a replay that follows the log has no end; leave out the one or the other")
	case o.To > 0 && o.From > o.To+1:
		return fmt.Errorf("the replay would begin at position %d and end before it, at %d; swap them", o.From, o.To)
	}
	return nil
}

const maxSpeed = 1e9

// ParseSpeed reads a speed as people write it: 60x, 60, 0.5x; empty or 0 is as fast as it goes.
func ParseSpeed(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	speed, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(speed >= 0) || speed > maxSpeed {
		return 0, fmt.Errorf("%.40q is not a speed; give 1x, 60x, 0.5x, or 0 for as fast as it goes", text)
	}
	return speed, nil
}

// Sleep waits with a timer.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
