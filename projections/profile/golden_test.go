package profile_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

var update = roomtest.UpdateFlag()

// All fragments of a golden case are one customer.
func TestGolden(t *testing.T) {
	t.Parallel()
	room := profile.New()
	roomtest.Golden(t, update, room, func(ctx context.Context, r projections.Reader, log []events.Recorded) (any, error) {
		var of []uuid.UUID
		for i := range log {
			if f, ok := log[i].Fragment(); ok && !slices.Contains(of, f) {
				of = append(of, f)
			}
		}
		p, err := room.Load(ctx, r, of)
		if err != nil {
			return nil, err
		}
		now := time.Date(2026, 4, 20, 3, 0, 0, 0, time.UTC)
		return map[string]any{"profile": p, "rhythm": p.Rhythm(now), "months": p.Months(), "ribbon": marks(p.Ribbon(now))}, nil
	}, history.New())
}

// marks writes the weeks of a ribbon that are not empty, as "channel week: count".
func marks(r profile.Ribbon) []string {
	out := []string{"from " + r.Start.String()}
	for _, channel := range events.Channels {
		for week, n := range r.Channels[channel] {
			if n > 0 {
				out = append(out, fmt.Sprintf("%s %d: %d", channel, week, n))
			}
		}
	}
	return out
}
