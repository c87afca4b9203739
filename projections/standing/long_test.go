package standing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

// TestMoreThanAreKept: once touchpoints of somebody are only summed up, rules say otherwise of the past; where they stand live
// follows that, so that a rebuild, which never saw the touchpoints together with the rules, says the same.
func TestMoreThanAreKept(t *testing.T) {
	t.Parallel()
	_, room, all := rooms(t, 1000)
	var list []events.Event
	for i := range history.MaxTouchpoints + 1300 {
		kind := "page.viewed"
		if i == 5 {
			kind = "call.ended"
		}
		list = append(list, events.Event{
			Source: "web", ID: fmt.Sprint("v", i), Type: kind, Channel: events.ChannelWeb, Time: start.Add(time.Duration(i) * time.Hour),
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "u1", Grade: events.Asserted}}, Data: []byte(`{}`),
		})
	}
	log := []events.Recorded{
		decision("d1", "rule-a", "rule.defined", 0, `{"type":"page.viewed","min":2,"hours":48}`),
		decision("d2", "rule-b", "rule.defined", 0, `{"type":"call.ended","min":1,"hours":1000000}`),
	}
	log = append(log, roomtest.Record(list)...)
	for i := range log {
		log[i].Position, log[i].RecordedAt = events.Position(i+1), start.AddDate(2, 0, i)
	}
	live, rebuilt := roomtest.NewStore(), roomtest.NewStore()
	sizes := 2
	for rest := log; len(rest) > 0; rest = rest[min(len(rest), sizes):] {
		if len(rest) < len(log)-10 {
			sizes = 61
		}
		if err := roomtest.FoldBatch(t.Context(), live, rest[:min(len(rest), sizes)], all...); err != nil {
			t.Fatal(err)
		}
		if err := roomtest.Sweep(t.Context(), live, all...); err != nil {
			t.Fatal(err)
		}
	}
	if err := roomtest.Fold(t.Context(), rebuilt, log, 10_000, all...); err != nil {
		t.Fatal(err)
	}
	a, err := roomtest.Digest(t.Context(), live, room)
	if err != nil {
		t.Fatal(err)
	}
	b, err := roomtest.Digest(t.Context(), rebuilt, room)
	if err != nil {
		t.Fatal(err)
	}
	if a != b {
		t.Fatalf("live\n%srebuilt\n%s", a, b)
	}
}
