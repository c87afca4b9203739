package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"testing"

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

// TestEndsWhenFoldingEnds: a c360 whose read models have stopped for good ends, so that whoever started it knows.
func TestEndsWhenFoldingEnds(t *testing.T) {
	t.Parallel()
	out := &bytes.Buffer{}
	c := &config{data: t.TempDir(), listen: "127.0.0.1:0", region: "KR", sources: "web:KEY-WEB:claimed"}
	a, err := openApp(t.Context(), c, env{stdout: out, stderr: io.Discard, getenv: func(string) string { return "off" }})
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
