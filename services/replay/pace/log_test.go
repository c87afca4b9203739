package pace_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/replay/pace"
)

// step lets a replay make one pause at a time.
type step struct {
	*stage
	pauses chan time.Duration
	on     chan struct{}
}

func (s *step) sleep(ctx context.Context, d time.Duration) error {
	select {
	case s.pauses <- d:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-s.on:
		s.passes(d)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *stage) head(t testing.TB, l events.Log) events.Position {
	t.Helper()
	h, err := l.Head(t.Context())
	must(t, err)
	if h.Position > 0 {
		at, err := x.log.At(t.Context(), h.Position)
		must(t, err)
		if at[0].Hash != h.Hash {
			t.Errorf("the head at %d has another hash than the event there", h.Position)
		}
	}
	return h.Position
}

// TestLog: what has not been released is not there, in no way to look at it; decisions to skip are, from the start.
func TestLog(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	results, err := x.log.Append(t.Context(), events.Entry{Stream: projections.ParkedStream, Event: events.Event{
		ID: "skip", Source: "c360", Type: projections.TypeSkipped, Time: day, Received: day, Channel: events.ChannelOther, Data: []byte(`{"position":4}`),
	}})
	must(t, err)
	s := &step{x, make(chan time.Duration), make(chan struct{})}
	o := x.options()
	o.Speed, o.From, o.Sleep = 1, 2, s.sleep
	l, err := pace.NewLog(t.Context(), x.log, o)
	must(t, err)
	if got := x.head(t, l); got != 1 || l.Target() != 6 {
		t.Errorf("it begins at %d and ends at %d", got, l.Target())
	}
	ran := make(chan error, 1)
	go func() { ran <- l.Run(t.Context()) }()
	for _, released := range []events.Position{3, 4} {
		<-s.pauses
		must(t, l.Wait(t.Context(), released-1))
		if got := x.head(t, l); got != released {
			t.Errorf("released up to %d, want %d", got, released)
		}
		page, err := l.Read(t.Context(), 0, 100)
		must(t, err)
		if len(page) != int(released) {
			t.Errorf("it gives %d events, want %d", len(page), released)
		}
		if _, err := l.At(t.Context(), released+1); !errors.Is(err, events.ErrNoPosition) {
			t.Errorf("what comes later is there: %v", err)
		}
		anna, err := l.ReadStream(t.Context(), page[0].Stream, 0, 100)
		must(t, err)
		if want := map[events.Position]int{3: 2, 4: 3}[released]; len(anna) != want {
			t.Errorf("the stream has %d events, want %d", len(anna), want)
		}
		skips, err := projections.Skipped(t.Context(), l, 0)
		if err != nil || skips[4] != results[0].Position {
			t.Errorf("skipped are %v, %v", skips, err)
		}
		s.on <- struct{}{}
	}
	must(t, <-ran)
	if got := x.head(t, l); got != 6 {
		t.Errorf("ended at %d", got)
	}
	waiting := make(chan error)
	go func() { waiting <- l.Wait(t.Context(), 6) }()
	must(t, l.Close())
	must(t, l.Close())
	if err := <-waiting; !errors.Is(err, events.ErrClosed) {
		t.Errorf("who waits is told %v", err)
	}
	if _, err := l.Read(t.Context(), 0, 1); !errors.Is(err, events.ErrClosed) {
		t.Errorf("a closed log is read: %v", err)
	}
	if head, err := x.log.Head(t.Context()); err != nil || head.Position != 6 {
		t.Errorf("the log behind it is at %d, %v", head.Position, err)
	}
}

// TestLogNeverWrites: a replay cannot change what it shows.
func TestLogNeverWrites(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	l, err := pace.NewLog(t.Context(), x.log, x.options())
	must(t, err)
	must(t, l.Run(t.Context()))
	if _, err := l.Append(t.Context(), events.Touchpoint(events.Event{ID: "x", Source: "x"})); !errors.Is(err, pace.ErrReadOnly) {
		t.Errorf("appending gives %v", err)
	}
	must(t, l.Verify(t.Context(), nil))
	o := x.options()
	o.Filter.Types = []string{"order.*"}
	if _, err := pace.NewLog(t.Context(), x.log, o); err == nil {
		t.Error("a log was made of a part of a log")
	}
}

// TestLogForAnEngine: an engine that folds a replay ends where one is that folded the log.
func TestLogForAnEngine(t *testing.T) {
	t.Parallel()
	x := setup(t)
	for i := range 300 {
		person := []string{"anna", "ben", "carl"}[i%3]
		x.happens(t, time.Duration(i)*time.Second, 0, "order.completed", "pos", events.ChannelStore, person)
	}
	o := x.options()
	o.Speed = 1000
	l, err := pace.NewLog(t.Context(), x.log, o)
	must(t, err)
	ran := make(chan error, 1)
	go func() { ran <- l.Run(t.Context()) }()
	got := folded(t, l, 300)
	must(t, <-ran)
	if want := folded(t, x.log, 300); got != want {
		t.Errorf("folded from the replay\n%swant\n%s", got, want)
	}
}

// folded is the digest of what an engine makes of a log, following it.
func folded(t *testing.T, log events.Log, to events.Position) string {
	t.Helper()
	rooms := []projections.Room{profile.New(), timeline.New(), history.New()}
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: filepath.Join(t.TempDir(), "v.db"), Spec: projections.NewSpec(rooms...)})
	must(t, err)
	e := projections.NewEngine(projections.Options{
		Log: log, Store: s, Rooms: rooms, Now: time.Now, Logger: slog.New(slog.DiscardHandler), Linger: time.Millisecond,
	})
	must(t, e.Start(t.Context()))
	must(t, e.Await(t.Context(), to))
	e.Stop()
	v, err := s.View(t.Context())
	must(t, err)
	sums, err := projections.Digest(t.Context(), v, projections.NewSpec(rooms...).Tables, true)
	must(t, err)
	v.Close()
	must(t, s.Close())
	return sums.String()
}
