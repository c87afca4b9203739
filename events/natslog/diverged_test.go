package natslog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// wantDiverged checks that an error says that the stream is not what it was, and what to do.
func wantDiverged(t *testing.T, err error) {
	t.Helper()
	var corrupt *events.CorruptError
	if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), "diverged") || !strings.Contains(corrupt.Remedy, "c360 rebuild") {
		t.Errorf("got %v, want a *events.CorruptError that says diverged and names the remedy", err)
	}
}

// wantFailed waits until a log has noticed that the stream is not what it was. Then it says so whatever it is asked.
func wantFailed(t *testing.T, l *natslog.Log) {
	t.Helper()
	select {
	case <-l.Failed():
		wantDiverged(t, l.Err())
		wantDiverged(t, l.Ping(t.Context()))
	case <-time.After(time.Minute):
		t.Fatal("nobody noticed")
	}
}

// rollBack makes a server that holds 60 events, of which it loses the last 40: it is stopped, put back, and started again
// by the caller.
func rollBack(t *testing.T, l events.Log, server *natstest.Server) {
	t.Helper()
	fill(t, l, 0, 20, 5)
	server.Stop()
	putBack := keep(t, server)
	server.Restart()
	fill(t, l, 20, 40, 5)
	server.Stop()
	putBack()
}

// keep copies what a server that is stopped has stored. putBack, while it is stopped again, makes it hold that once more.
func keep(t *testing.T, server *natstest.Server) (putBack func()) {
	t.Helper()
	old := t.TempDir()
	if err := os.CopyFS(old, os.DirFS(server.StoreDir())); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.RemoveAll(filepath.Join(server.StoreDir(), "jetstream")); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(server.StoreDir(), os.DirFS(old)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLostTailAtOpen opens a log whose stream has lost its end.
func TestLostTailAtOpen(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	o := options(t, server.URL("TAIL"))
	l := open(t, o)
	rollBack(t, l, server)
	_ = l.Close()
	server.Restart()
	_, err := natslog.Open(t.Context(), o)
	wantDiverged(t, err)
	accepted := options(t, o.URL) // the remedy: an index made anew
	again := open(t, accepted)
	if head := headOf(t, again); head.Position != 20 {
		t.Errorf("the head is %d, want 20", head.Position)
	}
	fill(t, again, 1000, 100, 5)
	_, err = natslog.Open(t.Context(), o) // the stream is longer than the old index now: only the content tells
	wantDiverged(t, err)
}

// TestLostTailWhileOpen rolls the server back under an open log.
func TestLostTailWhileOpen(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	l := open(t, options(t, server.URL("TAIL")))
	rollBack(t, l, server)
	server.Restart()
	wantFailed(t, l)
	_, err := l.Append(t.Context(), touches(100, 1)...)
	wantDiverged(t, err)
	_, err = l.Read(t.Context(), 0, 10)
	wantDiverged(t, err)
}

// TestOtherHistoryWhileOpen rolls the server back and lets another writer go on from there before the log looks.
func TestOtherHistoryWhileOpen(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	l := open(t, options(t, server.URL("TAIL")))
	rollBack(t, l, server)
	server.Restart()
	other := open(t, options(t, server.URL("TAIL")))
	fill(t, other, 1000, 200, 2)
	wantFailed(t, l)
}

// TestStreamMadeAnew deletes the stream: an index of the old one is refused, and a log that is open fails.
func TestStreamMadeAnew(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	o := options(t, server.URL("ANEW"))
	l := open(t, o)
	fill(t, l, 0, 20, 5)
	js := jetStream(t, o.URL)
	if err := js.DeleteStream(t.Context(), "ANEW"); err != nil {
		t.Fatal(err)
	}
	open(t, options(t, o.URL)) // makes another one
	wantFailed(t, l)
	_ = l.Close()
	if _, err := natslog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another log") || !strings.Contains(err.Error(), o.Dir) {
		t.Errorf("an index of another stream gave %v", err)
	}
}

// TestStrangersMessage publishes something to the subject of the log: it has no events, and nothing is lost for it.
func TestStrangersMessage(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	o := options(t, server.URL("STRANGER"))
	l := open(t, o)
	fill(t, l, 0, 20, 5)
	js := jetStream(t, o.URL)
	for range 2 {
		if _, err := js.Publish(t.Context(), "c360.log.STRANGER", []byte("hello")); err != nil {
			t.Fatal(err)
		}
		fill(t, l, headLen(t, l), 20, 5)
	}
	verify(t, l)
	fresh := open(t, options(t, o.URL))
	same(t, l, fresh)
	verify(t, fresh)
}

// TestDamagedFrame stores a frame again whose last byte differs: nobody takes it for events.
func TestDamagedFrame(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	o := options(t, server.URL("DAMAGED"))
	l := open(t, o)
	fill(t, l, 0, 20, 20)
	js := jetStream(t, o.URL)
	stream, err := js.Stream(t.Context(), "DAMAGED")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	msg.Data[len(msg.Data)-1] ^= 1
	if _, err := js.Publish(t.Context(), "c360.log.DAMAGED", msg.Data); err != nil {
		t.Fatal(err)
	}
	wantFailed(t, l)
}

func headLen(t *testing.T, l events.Log) int {
	t.Helper()
	return int(headOf(t, l).Position)
}

// jetStream connects beside the log.
func jetStream(t *testing.T, url string) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(serversOf(url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}
