package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const healthHelp = `
c360 health asks a c360 that runs whether it lives, and ends with 0 if it does. It is for places that have no curl: a
container whose image holds nothing but c360, a timer, a script.

  c360 health           whether the process lives (/healthz)
  c360 health --ready   whether it is worth asking: its engines answer, it is not far behind (/readyz)`

// healthPatience is how long c360 health waits for the answer: less than what container engines give a health check.
const healthPatience = 3 * time.Second

// health is the answer of /healthz and /readyz, as far as it is told here.
type health struct {
	Status any    // a word, or the number of a problem document
	Detail string // of a problem document
	Parts  []struct {
		Part, Why string
		Ready     bool
	}
}

// runHealth prints one line and ends well if all is well; if not, the reason is its error.
func runHealth(ctx context.Context, e env, args []string) error {
	fs := newFlags(e, "health", healthHelp)
	url := fs.String("url", defaultURL, "where c360 listens")
	ready := fs.Bool("ready", false, "ask whether it is ready, not just whether it lives")
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	path := "/healthz"
	if *ready {
		path = "/readyz"
	}
	h, err := askHealth(ctx, strings.TrimRight(*url, "/"), path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.stdout, h.Status)
	return err
}

func askHealth(ctx context.Context, url, path string) (*health, error) {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, http.NoBody)
	if err != nil {
		return nil, usageError{fmt.Errorf("--url %q is no address; write %s", url, defaultURL)}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("c360 does not answer at %s; is it running there? --url says where: %w", url, err)
	}
	defer func() { _ = resp.Body.Close() }()
	h := &health{}
	if err := json.NewDecoder(io.LimitReader(resp.Body, longestAnswer)).Decode(h); err != nil {
		return nil, fmt.Errorf("%s%s answers %s, and not like a c360 of this version", url, path, resp.Status)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s%s answers %s: %s", url, path, resp.Status, h.why())
	}
	return h, nil
}

// why tells what is in the way, part by part.
func (h *health) why() string {
	var all []string
	for _, p := range h.Parts {
		if !p.Ready {
			all = append(all, p.Part+": "+p.Why)
		}
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, "; ")
	case h.Detail != "":
		return h.Detail
	}
	return fmt.Sprint(h.Status)
}
