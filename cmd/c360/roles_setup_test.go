package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
)

// decodeAs decodes a 200 answer.
func decodeAs(res *http.Response, v any) bool {
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK && json.NewDecoder(res.Body).Decode(v) == nil
}

// recordedIn reads a log to its end.
func recordedIn(t *testing.T, c *config) (all []events.Recorded) {
	t.Helper()
	log, err := c.openLog(t.Context(), silentLogger())
	must(t, err)
	defer func() { must(t, log.Close()) }()
	for {
		page, err := log.Read(t.Context(), events.Position(len(all)), 1000)
		must(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// c360Fails runs a command as a process that is to end by itself, and returns its exit code and what it said.
func c360Fails(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "c360", args...)
	cmd.Stderr = &out
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), out.String()
	}
	t.Errorf("c360 %v: %v", args, err)
	return 0, out.String()
}
