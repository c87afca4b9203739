package logtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
)

// Engine is an empty log under test and what may be asked of it.
type Engine struct {
	Log events.Log
	// Reopen closes whatever is still open of the log and opens it again as a new process would; nil for an
	// engine that keeps nothing.
	Reopen func(t *testing.T) events.Log
	// MayStoreRepeats: a repeated (source, id) may be appended once more if it comes late or from two writers at
	// once. The read store folds it once.
	MayStoreRepeats bool
	// OwnTime: recorded times come from the engine's clock, not from the one that was given.
	OwnTime bool
	// MaxRecord is the largest record the engine takes, events.MaxRecord if zero.
	MaxRecord int
}

// Open returns a new empty log that takes recorded times from now. It closes the log when t ends.
type Open func(t *testing.T, now func() time.Time) Engine

// Run runs every case on a log of its own, the cases beside each other. The test that calls it must not be parallel:
// the leak case counts goroutines.
func Run(t *testing.T, open Open) {
	t.Helper()
	t.Run("Leak", func(t *testing.T) { caseLeak(t, open) })
	groups := [][]testCase{
		appendCases, repeatCases, versionCases, readCases, waitCases, orderCases, lifeCases, restoreCases, refuseCases,
	}
	for _, group := range groups {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(setup(t, open))
			})
		}
	}
}

type testCase struct {
	name string
	run  func(s *suite)
}

// suite is one case at work.
type suite struct {
	*testing.T
	Engine
	clock *Clock
}

func setup(t *testing.T, open Open) *suite {
	clock := NewClock()
	return &suite{T: t, Engine: open(t, clock.Now), clock: clock}
}

// Clock is a clock that a test moves by hand, also backwards.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands at noon on 3 May 2026.
func NewClock() *Clock { return &Clock{at: time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)} }

// Now returns the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move moves the clock.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// event returns a small touchpoint with that id, of one of five people.
func event(id int) events.Event {
	return events.Event{
		ID: fmt.Sprintf("e-%d", id), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb,
		Time:        time.Date(2026, 5, 3, 11, 59, 0, id, time.UTC),
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprintf("u-%d", id%5), Grade: events.Asserted}},
		Data:        fmt.Appendf(nil, `{"n":%d}`, id),
	}
}

// streamOf returns the stream of event(id).
func streamOf(id int) string {
	e := event(id)
	return e.Stream()
}

// touchpoints returns the entries for event(from) to event(from+n-1).
func touchpoints(from, n int) []events.Entry {
	entries := make([]events.Entry, n)
	for i := range entries {
		entries[i] = events.Touchpoint(event(from + i))
	}
	return entries
}

func (s *suite) append(entries ...events.Entry) []events.Result {
	s.Helper()
	results, err := s.Log.Append(s.Context(), entries...)
	if err != nil {
		s.Fatalf("Append: %v", err)
	}
	if len(results) != len(entries) {
		s.Fatalf("Append of %d entries gave %d results", len(entries), len(results))
	}
	return results
}

func (s *suite) read(after events.Position, limit int) []events.Recorded {
	s.Helper()
	page, err := s.Log.Read(s.Context(), after, limit)
	if err != nil {
		s.Fatalf("Read(%d, %d): %v", after, limit, err)
	}
	return page
}

func (s *suite) stream(stream string, after events.Position, limit int) []events.Recorded {
	s.Helper()
	page, err := s.Log.ReadStream(s.Context(), stream, after, limit)
	if err != nil {
		s.Fatalf("ReadStream(%s, %d, %d): %v", stream, after, limit, err)
	}
	return page
}

func (s *suite) at(positions ...events.Position) []events.Recorded {
	s.Helper()
	out, err := s.Log.At(s.Context(), positions...)
	if err != nil {
		s.Fatalf("At(%v): %v", positions, err)
	}
	return out
}

func (s *suite) head() events.Head {
	s.Helper()
	head, err := s.Log.Head(s.Context())
	if err != nil {
		s.Fatalf("Head: %v", err)
	}
	return head
}

// reopen goes on with the log as a new process would find it, and reports whether the engine can.
func (s *suite) reopen() bool {
	s.Helper()
	if s.Reopen == nil {
		return false
	}
	s.Log = s.Reopen(s.T)
	return true
}

func (s *suite) want(got, want events.Result) {
	s.Helper()
	if got != want {
		s.Errorf("result %v at %d, want %v at %d", got.Outcome, got.Position, want.Outcome, want.Position)
	}
}

// dense checks that the log holds n events at positions 1 to n and returns them.
func (s *suite) dense(n int) []events.Recorded {
	s.Helper()
	all := s.read(0, n+1000)
	if len(all) != n {
		s.Fatalf("the log holds %d events, want %d", len(all), n)
	}
	for i := range all {
		if all[i].Position != events.Position(i+1) {
			s.Fatalf("event %d is at position %d", i+1, all[i].Position)
		}
	}
	if head := s.head(); int(head.Position) != n { //nolint:gosec // small
		s.Fatalf("head is %d, want %d", head.Position, n)
	}
	return all
}

func (s *suite) verify() {
	s.Helper()
	if err := s.Log.Verify(s.Context(), nil); err != nil {
		s.Errorf("Verify: %v", err)
	}
}

// caseLeak opens, uses and closes a log, and looks for goroutines that stayed.
func caseLeak(t *testing.T, open Open) {
	before := goleak.IgnoreCurrent()
	t.Run("use", func(t *testing.T) {
		s := setup(t, open)
		s.append(touchpoints(0, 10)...)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = s.Log.Wait(ctx, 10)
		s.verify()
		if err := s.Log.Close(); err != nil {
			t.Error(err)
		}
	})
	goleak.VerifyNone(t, before)
}
