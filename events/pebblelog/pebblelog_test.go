package pebblelog_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/pebblelog"
)

//nolint:paralleltest // logtest counts goroutines
func TestConformance(t *testing.T) {
	logtest.Run(t, func(t *testing.T, now func() time.Time) logtest.Engine {
		return engine(t, pebblelog.Options{Dir: t.TempDir() + "/log", Now: now})
	})
}

// TestConformanceInMemory runs the suite on a file system that knows nothing of free space.
//
//nolint:paralleltest // logtest counts goroutines
func TestConformanceInMemory(t *testing.T) {
	logtest.Run(t, func(t *testing.T, now func() time.Time) logtest.Engine {
		return engine(t, pebblelog.Options{Dir: "/data/log", Now: now, FS: vfs.NewMem()})
	})
}

func engine(t *testing.T, o pebblelog.Options) logtest.Engine {
	t.Helper()
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

// open opens a log and closes it when the test ends.
func open(t *testing.T, o pebblelog.Options) *pebblelog.Log {
	t.Helper()
	l, err := pebblelog.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}
