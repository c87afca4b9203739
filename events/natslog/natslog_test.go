package natslog_test

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

//nolint:paralleltest // logtest counts goroutines
func TestConformance(t *testing.T) {
	server := natstest.Start(t)
	// The server runs in this process: what it starts for the stream of the leak case must be there before.
	if err := open(t, natslog.Options{URL: server.URL("TestConformance_Leak_use"), Dir: t.TempDir(), Now: time.Now}).Close(); err != nil {
		t.Fatal(err)
	}
	logtest.Run(t, engine(server.URL))
}

// engine opens logs on streams of their own.
func engine(url func(stream string) string) logtest.Open {
	return func(t *testing.T, now func() time.Time) logtest.Engine {
		t.Helper()
		o := natslog.Options{URL: url(streamOf(t)), Dir: t.TempDir(), Now: now}
		e := logtest.Engine{Log: open(t, o)}
		e.Reopen = func(t *testing.T) events.Log {
			t.Helper()
			if err := e.Log.Close(); err != nil {
				t.Fatal(err)
			}
			e.Log = open(t, o)
			return e.Log
		}
		return e
	}
}

// streamOf returns a name of a stream for a test.
func streamOf(t *testing.T) string {
	t.Helper()
	name := []byte(t.Name())
	for i, b := range name {
		if b == '/' || b == '#' {
			name[i] = '_'
		}
	}
	return string(name[max(0, len(name)-64):])
}

// open opens a log and closes it when the test ends.
func open(t *testing.T, o natslog.Options) *natslog.Log {
	t.Helper()
	l, err := natslog.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}
