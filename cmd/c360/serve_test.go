package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
)

// TestMetrics: a scrape of a running c360 tells how far the read models are behind.
func TestMetrics(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), "web:KEY-WEB:claimed")
	res, err := http.Get(p.base + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lag_seconds", "lag_events", "parked", "stopped"} {
		if !regexp.MustCompile(`(?m)^c360_projection_` + name + `\{projection="live"\} 0$`).Match(text) {
			t.Errorf("/metrics does not show c360_projection_%s:\n%s", name, text)
		}
	}
}

// runtimeOff is an environment whose operator has set the Go runtime, so that a test does not.
func runtimeOff(name string) string {
	if strings.HasPrefix(name, "GO") {
		return "off"
	}
	return ""
}

// TestEndsWhenFoldingEnds: a c360 whose read models have stopped for good ends, so that whoever started it knows.
func TestEndsWhenFoldingEnds(t *testing.T) {
	t.Parallel()
	out := &bytes.Buffer{}
	c := &config{data: t.TempDir(), listen: "127.0.0.1:0", region: "KR", sources: "web:KEY-WEB:claimed"}
	a, err := openApp(t.Context(), c, env{stdout: out, stderr: io.Discard, getenv: runtimeOff})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.run(t.Context()) }()
	if err := a.house.log.Close(); err != nil { // nothing can be folded any more
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, events.ErrClosed) {
		t.Errorf("c360 ended with %v, want %v", err, events.ErrClosed)
	}
}

// TestEndsUnderAnExport: somebody who reads a table for ever does not keep c360 from ending.
func TestEndsUnderAnExport(t *testing.T) {
	t.Parallel()
	c := &config{data: t.TempDir(), listen: "127.0.0.1:0", region: "KR", sources: "web:KEY-WEB:claimed"}
	a, err := openApp(t.Context(), c, env{stdout: io.Discard, stderr: io.Discard, getenv: runtimeOff})
	if err != nil {
		t.Fatal(err)
	}
	a.grace = 50 * time.Millisecond
	a.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := a.house.generations.Live().View(r.Context())
		if err != nil {
			t.Error(err)
			return
		}
		defer v.Close()
		for err == nil {
			if _, err = w.Write([]byte("row\n")); err == nil {
				err = http.NewResponseController(w).Flush()
			}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- a.run(ctx) }()
	res, err := http.Get(a.url())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	go func() { _, _ = io.Copy(io.Discard, res.Body) }()
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("c360 does not end while somebody reads")
	}
}
