package pace_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/replay/pace"
)

var day = time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)

// stage is a log whose events were recorded at moments of the test's choice, and a clock that only sleeping moves.
type stage struct {
	log    *memlog.Log
	mu     sync.Mutex
	writes time.Time // what the log's clock says
	now    time.Time
	slept  []time.Duration
	n      int
}

func setup(t testing.TB) *stage {
	t.Helper()
	s := &stage{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	s.log = memlog.New(func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.writes })
	t.Cleanup(func() { must(t, s.log.Close()) })
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// happens appends an event that was recorded so long after day, and occurred so long before that.
func (s *stage) happens(t testing.TB, after, late time.Duration, kind, source string, channel events.Channel, person string) events.Position {
	t.Helper()
	s.mu.Lock()
	s.writes = day.Add(after)
	s.n++
	e := events.Event{
		ID: fmt.Sprint("e", s.n), Source: source, Type: kind, Channel: channel, Time: day.Add(after - late), Received: day.Add(after),
		Data: []byte(`{"order_id":"R-1"}`),
	}
	s.mu.Unlock()
	if person != "" {
		e.Identifiers = []events.Identifier{{Kind: events.KindUserID, Value: person, Grade: events.Asserted}}
	}
	results, err := s.log.Append(t.Context(), events.Touchpoint(e))
	must(t, err)
	return results[0].Position
}

// morning is five events with silences of 10 s, none, 5 min and 1 s.
func (s *stage) morning(t testing.TB) {
	t.Helper()
	s.happens(t, 0, 0, "page.viewed", "web", events.ChannelWeb, "anna")
	s.happens(t, 10*time.Second, 0, "order.completed", "pos/store-12", events.ChannelStore, "ben")
	s.happens(t, 10*time.Second, time.Hour, "order.refunded", "pos", events.ChannelStore, "anna")
	s.happens(t, 310*time.Second, 0, "call.ended", "positive", events.ChannelCall, "anna")
	s.happens(t, 311*time.Second, 0, "stock.counted", "pos", events.ChannelOther, "")
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
	s.slept = append(s.slept, d)
	return ctx.Err()
}

func (s *stage) passes(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *stage) options() pace.Options { return pace.Options{Now: s.clock, Sleep: s.sleep} }

// told runs a replay and returns the positions that were told, and what was slept in between.
func (s *stage) told(t testing.TB, o pace.Options) (told []events.Position, slept []time.Duration) {
	t.Helper()
	s.slept = nil
	end, err := pace.Run(t.Context(), s.log, o, func(r *events.Recorded) error {
		told = append(told, r.Position)
		return nil
	})
	must(t, err)
	if int(end.Count) != len(told) {
		t.Errorf("%d were told, the end says %+v", len(told), end)
	}
	return told, s.slept
}
