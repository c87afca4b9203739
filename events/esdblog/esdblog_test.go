package esdblog_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/logtest"
)

// TestConformance runs the suite of every driver against the test server.
//
//nolint:paralleltest // logtest counts goroutines
func TestConformance(t *testing.T) {
	logtest.Run(t, func(t *testing.T, now func() time.Time) logtest.Engine {
		node := esdbtest.Start(t, esdbtest.Options{StatsEvery: 50})
		return engine(t, node.URL(""), now)
	})
}

// TestConformanceRealServer runs the same suite against the server that C360_TEST_ESDB_URL names, each case under a
// prefix of its own.
//
//nolint:paralleltest // logtest counts goroutines
func TestConformanceRealServer(t *testing.T) {
	url := os.Getenv("C360_TEST_ESDB_URL")
	if url == "" {
		t.Skip("C360_TEST_ESDB_URL names no server, such as esdb://localhost:2113?tls=false")
	}
	logtest.Run(t, func(t *testing.T, now func() time.Time) logtest.Engine {
		return engine(t, with(url, "prefix=c360test"+strings.ReplaceAll(uuid.NewString(), "-", "")+"-"), now)
	})
}

// with adds a setting to a connection string.
func with(url, setting string) string {
	if strings.Contains(url, "?") {
		return url + "&" + setting
	}
	return url + "?" + setting
}

func engine(t *testing.T, url string, now func() time.Time) logtest.Engine {
	t.Helper()
	o := esdblog.Options{URL: url, Dir: filepath.Join(t.TempDir(), "index"), Now: now}
	l := open(t, o)
	return logtest.Engine{Log: l, Reopen: func(t *testing.T) events.Log {
		t.Helper()
		if err := l.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		l = open(t, o)
		return l
	}}
}

func open(t *testing.T, o esdblog.Options) *esdblog.Log {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	l, err := esdblog.Open(ctx, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}
