package timeline_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

var update = roomtest.UpdateFlag()

func TestGolden(t *testing.T) {
	t.Parallel()
	room := timeline.New()
	roomtest.Golden(t, update, room, func(ctx context.Context, r projections.Reader, log []events.Recorded) (any, error) {
		var of []uuid.UUID
		for i := range log {
			if f, ok := log[i].Fragment(); ok && !slices.Contains(of, f) {
				of = append(of, f)
			}
		}
		page, err := room.Page(ctx, r, of, timeline.Query{})
		if err != nil {
			return nil, err
		}
		var shown []string
		for _, row := range page.Rows {
			shown = append(shown, row.Time.Format("15:04 ")+row.Type+" "+string(row.Headline))
		}
		coverage, err := room.Coverage(ctx, r)
		return map[string]any{"page": shown, "coverage": coverage}, err
	})
}
