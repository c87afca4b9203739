package query_test

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/headline"
)

func TestGroup(t *testing.T) {
	t.Parallel()
	view := func(ago time.Duration) query.TimelineRow {
		return query.TimelineRow{Type: "page.viewed", Channel: "web", Time: now.Add(-ago), Count: 1}
	}
	order := func(id string) query.TimelineRow {
		return query.TimelineRow{Type: "order.status_viewed", Channel: "web", Time: now, Count: 1, Data: headline.Facts{OrderID: id}}
	}
	inApp := view(0)
	inApp.Channel = "app"
	long := make([]query.TimelineRow, 201)
	for i := range long {
		long[i] = view(0)
	}
	cases := []struct {
		name   string
		rows   []query.TimelineRow
		limit  int
		counts []int
		used   int
	}{
		{"nothing", nil, 5, nil, 0},
		{"a run", []query.TimelineRow{view(0), view(time.Minute), view(2 * time.Minute)}, 5, []int{3}, 3},
		{"a pause ends a run", []query.TimelineRow{view(0), view(31 * time.Minute)}, 5, []int{1, 1}, 2},
		{"a pause is counted from the oldest", []query.TimelineRow{view(0), view(20 * time.Minute), view(40 * time.Minute)}, 5, []int{3}, 3},
		{"another channel", []query.TimelineRow{view(0), inApp, view(0)}, 5, []int{1, 1, 1}, 3},
		{"another order", []query.TimelineRow{order("A"), order("A"), order("B")}, 5, []int{2, 1}, 3},
		{"the limit leaves the rest", []query.TimelineRow{view(0), order("A"), order("A"), order("B")}, 2, []int{1, 2}, 3},
		{"a very long run goes on", long, 5, []int{200, 1}, 201},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i := range c.rows {
				c.rows[i].Position = events.Position(1000 - i)
			}
			grouped, used := query.GroupOf(c.rows, c.limit)
			if used != c.used || len(grouped) != len(c.counts) {
				t.Fatalf("%d rows from %d events, want %d from %d", len(grouped), used, len(c.counts), c.used)
			}
			for i, g := range grouped {
				if g.Count != c.counts[i] || g.Count > 1 && (len(g.Group) != g.Count || g.Until == nil) {
					t.Errorf("row %d stands for %d events (%v), want %d", i, g.Count, g.Group, c.counts[i])
				}
			}
		})
	}
}
