package projections

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// Instant is a moment of history, on either of its two clocks or on both. The zero Instant is now: all there is.
type Instant struct {
	// Known bounds what the log held: events up to and including this position; 0 is no bound.
	Known events.Position `json:"known,omitempty"`
	// Occurred bounds what had happened: events whose Time is not after it; the zero time is no bound.
	Occurred time.Time `json:"occurred,omitzero"`
}

// Now reports whether the instant leaves nothing out.
func (i Instant) Now() bool { return i.Known == 0 && i.Occurred.IsZero() }

// Holds reports whether the event belongs to history as of the instant.
func (i Instant) Holds(r *events.Recorded) bool {
	return (i.Known == 0 || r.Position <= i.Known) && (i.Occurred.IsZero() || !r.Time.After(i.Occurred))
}

// String names the instant, for people.
func (i Instant) String() string {
	switch {
	case i.Now():
		return "now"
	case i.Occurred.IsZero():
		return fmt.Sprintf("known at position %d", i.Known)
	case i.Known == 0:
		return "occurred by " + i.Occurred.Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("occurred by %s, known at position %d", i.Occurred.Format(time.RFC3339Nano), i.Known)
}

// ErrNothingKnown: the log held no event yet at that time.
var ErrNothingKnown = errors.New("projections: the log held no event yet at that time")

// KnownAt returns the position of the last event that the log had recorded by t, or ErrNothingKnown. Recorded time
// never goes backwards, so it looks at about as many events as the head has bits.
func KnownAt(ctx context.Context, log events.Log, t time.Time) (events.Position, error) {
	head, err := log.Head(ctx)
	if err != nil {
		return 0, err
	}
	low, high := events.Position(0), head.Position // what is at low was known, what is after high was not
	for low < high {
		middle := low + (high-low+1)/2
		at, err := log.At(ctx, middle)
		if err != nil {
			return 0, fmt.Errorf("look up when position %d was recorded: %w", middle, err)
		}
		if at[0].RecordedAt.After(t) {
			high = middle - 1
		} else {
			low = middle
		}
	}
	if low == 0 {
		return 0, fmt.Errorf("known at %s: %w", t.Format(time.RFC3339Nano), ErrNothingKnown)
	}
	return low, nil
}

// ParseKnown reads what people write for "known at": a position, or a time that KnownAt looks up. A time without a
// clock (2011-06-30) is the end of that day in loc.
func ParseKnown(ctx context.Context, log events.Log, text string, loc *time.Location) (events.Position, error) {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && n > 0 {
		return events.Position(n), nil
	}
	t, err := ParseTime(text, loc)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a position nor a time; give 120000, 2011-06-30 or 2011-06-30T18:00:00+09:00", text)
	}
	return KnownAt(ctx, log, t)
}

// ParseTime reads an instant as people write it: RFC 3339, or a day, which is its last microsecond in loc.
func ParseTime(text string, loc *time.Location) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, loc); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("%q is not a time; give 2011-06-30 or 2011-06-30T18:00:00+09:00", text)
	}
	return t, nil
}
