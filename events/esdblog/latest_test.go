package esdblog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// pair returns two logs on one server.
func pair(t *testing.T) [2]*esdblog.Log {
	t.Helper()
	h := newHouse(t)
	o := h.o
	o.Dir = filepath.Join(t.TempDir(), "other")
	return [2]*esdblog.Log{h.l, open(t, o)}
}

func step(i int, version events.Position) events.Entry {
	e := entries(i, 1)[0]
	e.Stream, e.Expected = "identity", events.Version(version)
	return e
}

// TestConflictIsTheLatest appends to a stream through one log and then, expecting the version that gave, through another one
// that may not have heard of it.
func TestConflictIsTheLatest(t *testing.T) {
	t.Parallel()
	logs, version := pair(t), events.Position(0)
	for i := range 200 {
		results, err := logs[i%2].Append(t.Context(), step(i, version))
		if err != nil || results[0].Outcome != events.Appended {
			t.Fatalf("append %d, which expects version %d: %v, %v", i, version, results, err)
		}
		version = results[0].Position
	}
}

// TestOneStreamRefused: a stream to which nothing can be appended, and the server never says why, does not hold up others.
func TestOneStreamRefused(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l := open(t, esdblog.Options{URL: node.URL(""), Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, Patience: time.Second})
	node.Refuse("c360-identity")
	if _, err := l.Append(t.Context(), step(0, 0)); err == nil {
		t.Error("appended to a stream that refuses")
	}
	other := entries(1, 1)
	for began := time.Now(); ; {
		results, err := l.Append(t.Context(), other...)
		if err == nil && results[0].Position == 1 {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("another stream: %v, %v", results, err)
		}
	}
	node.Refuse("")
	if results, err := l.Append(t.Context(), step(0, 0)); err != nil || results[0] != (events.Result{Outcome: events.Appended, Position: 2}) {
		t.Errorf("afterwards: %v, %v", results, err)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestMustExist: whoever only wants to read a log does not begin one.
func TestMustExist(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	o := esdblog.Options{URL: node.URL(""), Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, MustExist: true}
	if _, err := esdblog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there is no log") {
		t.Errorf("a log that is not there: %v", err)
	}
	if _, err := os.Stat(o.Dir); !errors.Is(err, os.ErrNotExist) || len(node.Streams()) != 0 {
		t.Errorf("%v, and the server has %v", err, node.Streams())
	}
	begun := o
	begun.MustExist, begun.Dir = false, filepath.Join(t.TempDir(), "begun")
	fill(t, open(t, begun), 0, 10)
	if n := len(all(t, open(t, o))); n != 10 {
		t.Errorf("%d events in a log that is there", n)
	}
}
