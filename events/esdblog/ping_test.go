package esdblog_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// TestPing: a server that is there answers; one that refuses, or is silent, is told of.
func TestPing(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l := open(t, esdblog.Options{URL: node.URL(""), Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now})
	for name, c := range map[string]struct{ away, back func() }{"refused": {node.Stop, node.Start}, "silent": {node.Hang, node.Resume}} {
		answers := func(within time.Duration) error {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			return l.Ping(ctx)
		}
		if err := answers(time.Minute); err != nil {
			t.Errorf("before it was %s: %v", name, err)
		}
		c.away()
		if err := answers(200 * time.Millisecond); err == nil {
			t.Errorf("%s, and it answers", name)
		}
		c.back()
		for answers(time.Second) != nil && t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
}
