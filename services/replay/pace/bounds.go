package pace

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// ParseFrom reads where a replay begins: a position, or a time, of which it is the first event that was recorded
// then or later. A day without a clock begins when it does in loc. It may lie beyond the end of the log.
func ParseFrom(ctx context.Context, log events.Log, text string, loc *time.Location) (events.Position, error) {
	if text == "" {
		return 0, nil
	}
	if p, ok := position(text); ok {
		return p, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, loc)
	if err != nil {
		if t, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return 0, notMoment(text)
		}
	}
	before, err := projections.KnownAt(ctx, log, t.Add(-time.Nanosecond))
	if errors.Is(err, projections.ErrNothingKnown) {
		return 1, nil
	}
	return before + 1, err
}

// ParseTo reads where a replay ends: a position, or a time, of which it is the last event that was recorded by then.
// A day without a clock ends when it does in loc.
func ParseTo(ctx context.Context, log events.Log, text string, loc *time.Location) (events.Position, error) {
	if text == "" {
		return 0, nil
	}
	if p, ok := position(text); ok {
		return p, nil
	}
	t, err := projections.ParseTime(text, loc)
	if err != nil {
		return 0, notMoment(text)
	}
	return projections.KnownAt(ctx, log, t)
}

func position(text string) (events.Position, bool) {
	p, err := strconv.ParseUint(text, 10, 63)
	return events.Position(p), err == nil && p > 0
}

func notMoment(text string) error {
	return fmt.Errorf("%.40q is neither a position nor a time; give 120000, 2011-06-30 or 2011-06-30T18:00:00+09:00", text)
}
