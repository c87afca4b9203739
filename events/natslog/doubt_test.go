package natslog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// regrown returns a log that is held, with an append under way, while its server loses 40 of 60 events, and somebody else,
// who is returned too, appends 40 others in as many messages: by its numbers the stream is what it was. release lets it go
// on and returns what the append gave.
func regrown(t *testing.T, entries ...events.Entry) (l, other *natslog.Log, release func() error) {
	t.Helper()
	server := natstest.Start(t)
	o := options(t, server.URL("REGROWN"))
	o.CacheBytes = 1
	l = open(t, o)
	rollBack(t, l, server)
	letGo, done := l.Hold(), make(chan error, 1)
	go func() {
		_, err := l.Append(t.Context(), entries...)
		done <- err
	}()
	server.Restart()
	other = open(t, options(t, o.URL))
	fill(t, other, 1000, 40, 5)
	return l, other, func() error {
		letGo()
		return <-done
	}
}

// TestRegrownWhileOpen has a log that was connected all the time go on after its stream was put back and has grown again to
// the same length. What it does first, it must notice first; nothing of it gets into the other history.
func TestRegrownWhileOpen(t *testing.T) {
	t.Parallel()
	for name, entries := range map[string][]events.Entry{"nothing": nil, "append": touches(100, 5), "repeat": touches(50, 5)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, other, release := regrown(t, entries...)
			if err := release(); entries != nil {
				wantDiverged(t, err)
			}
			wantFailed(t, l)
			fill(t, other, 5000, 5, 5)
			verify(t, other)
			if n := headLen(t, other); n != 65 {
				t.Errorf("the stream holds %d events, want 65: the other log has got in", n)
			}
		})
	}
}

// TestRegrownIsNotRead reads from a log whose stream holds other events in the same places.
func TestRegrownIsNotRead(t *testing.T) {
	t.Parallel()
	l, _, release := regrown(t)
	defer func() { _ = release() }()
	got, err := l.Read(t.Context(), 20, 10)
	wantDiverged(t, err)
	var corrupt *events.CorruptError
	if errors.As(err, &corrupt) && corrupt.Position != 21 {
		t.Errorf("the error names position %d, want 21", corrupt.Position)
	}
	if len(got) != 0 {
		t.Errorf("%s of another history was read", got[0].ID)
	}
	if got, err := l.Read(t.Context(), 0, 20); err != nil || len(got) != 20 {
		t.Errorf("what both histories hold cannot be read: %d events, %v", len(got), err)
	}
}

// TestShortForAMoment lets a server answer for a while that it holds less than it did, as a replica does that has just become
// leader, while an append asks it again and again. When it has found everything again, the log goes on.
func TestShortForAMoment(t *testing.T) {
	t.Parallel()
	server, heard := natstest.Start(t), &listener{what: "the stream lacks what it held", said: make(chan struct{})}
	o := options(t, server.URL("SHORT"))
	o.Logger = slog.New(slog.NewTextHandler(heard, nil))
	l := open(t, o)
	fill(t, l, 0, 20, 5)
	server.Stop()
	short := keep(t, server)
	server.Restart()
	fill(t, l, 20, 40, 5)
	server.Stop()
	whole := keep(t, server)
	short()
	server.Restart()
	ctx, giveUp := context.WithCancel(t.Context())
	gave := make(chan error, 1)
	go func() { _, err := l.Append(ctx, touches(100, 1)...); gave <- err }()
	select {
	case <-heard.said:
	case <-time.After(time.Minute):
		t.Error("nobody noticed")
	}
	server.Stop() // at once: it has five seconds
	giveUp()
	if err := <-gave; !errors.Is(err, context.Canceled) {
		t.Errorf("an append to a stream that is too short for the moment gave %v", err)
	}
	whole()
	server.Restart()
	fill(t, l, 200, 5, 5)
	verify(t, l)
}

// listener waits for what is logged.
type listener struct {
	what string
	once sync.Once
	said chan struct{} // closed when it was
}

func (w *listener) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(w.what)) {
		w.once.Do(func() { close(w.said) })
	}
	return len(p), nil
}

// TestHole has a message vanish in the middle of the stream before a log comes to it: appends are not held up for ever.
func TestHole(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	l := open(t, options(t, server.URL("HOLE")))
	fill(t, l, 0, 20, 5)
	release := l.Hold()
	makeHole(t, jetStream(t, server.URL("HOLE")))
	release()
	_, err := l.Append(t.Context(), touches(100, 1)...)
	wantDiverged(t, err)
	if err == nil || !strings.Contains(err.Error(), "message is missing: 5") {
		t.Errorf("%v does not say which message is missing", err)
	}
	wantFailed(t, l)
}

// makeHole publishes two messages, and lets the first vanish.
func makeHole(t *testing.T, js jetstream.JetStream) {
	t.Helper()
	s, err := js.Stream(t.Context(), "HOLE")
	if err != nil {
		t.Fatal(err)
	}
	config := s.CachedInfo().Config
	config.AllowMsgTTL = true
	if s, err = js.UpdateStream(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	for _, options := range [][]jetstream.PublishOpt{{jetstream.WithMsgTTL(time.Second)}, nil} {
		if _, err := js.Publish(t.Context(), "c360.log.HOLE", []byte("hello"), options...); err != nil {
			t.Fatal(err)
		}
	}
	for {
		info, err := s.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.State.NumDeleted == 1 {
			return
		}
		time.Sleep(20 * time.Millisecond) // between two questions: nobody is told when a message vanishes
	}
}
