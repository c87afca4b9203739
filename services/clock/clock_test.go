package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/clock"
)

// TestTick ticks when something is due, once for it, not before, and not while the last tick is on its way.
func TestTick(t *testing.T) {
	t.Parallel()
	log := memlog.New(func() time.Time { return time.Unix(2000, 0) })
	now, next, come := int64(1000), int64(standing.Never), int64(0)
	var broken error
	ticker := clock.New(clock.Config{
		Log: log, Now: func() time.Time { return time.Unix(now, 0) }, Every: time.Hour,
		Due: func(context.Context) (int64, int64, error) { return next, come, broken },
	})
	for _, step := range []struct {
		what        string
		now         int64
		next, clock int64
		ticks       int
	}{
		{"nothing is ever due", 1000, standing.Never, 0, 0},
		{"not yet", 1000, 1001e6, 0, 0},
		{"now", 1001, 1001e6, 0, 1},
		{"the tick is not folded yet", 1010, 1001e6, 0, 1},
		{"it is, and nothing else is due", 1010, 1020e6, 1001e6, 1},
		{"later", 1030, 1020e6, 1001e6, 2},
		{"the clock of the machine went back", 900, 800e6, 1030e6, 2},
	} {
		now, next, come = step.now, step.next, step.clock
		if err := ticker.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		ticks, err := log.ReadStream(t.Context(), standing.ClockStream, 0, 100)
		if err != nil || len(ticks) != step.ticks {
			t.Fatalf("%s: %d ticks, want %d: %v", step.what, len(ticks), step.ticks, err)
		}
		if n := len(ticks); n > 0 && (ticks[n-1].Type != standing.ClockTicked || ticks[n-1].Time.Unix() > 1030) {
			t.Errorf("%s: %v", step.what, ticks[n-1].Event)
		}
	}
	broken = errors.New("no view")
	if err := ticker.Tick(t.Context()); !errors.Is(err, broken) {
		t.Errorf("an error of the store: %v", err)
	}
}
