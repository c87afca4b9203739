package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// server is a c360 in a process of its own.
type server struct {
	binary, dir string
	base        string
	cmd         *exec.Cmd
	http        *http.Client
}

func newServer(binary, dir string) *server {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	return &server{binary: binary, dir: dir, http: &http.Client{Transport: transport}}
}

// start runs the process and returns how long it took until it was ready.
func (s *server) start(ctx context.Context) (time.Duration, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	s.base = "http://" + addr
	var said bytes.Buffer
	//nolint:gosec // G204: the binary is this very program
	s.cmd = exec.CommandContext(ctx, s.binary, "serve", "--data", s.dir, "--listen", addr, "--sources", "bench:"+Key+":asserted")
	s.cmd.Stdout, s.cmd.Stderr = io.Discard, &said
	began := now()
	if err := s.cmd.Start(); err != nil {
		return 0, fmt.Errorf("start c360 serve: %w", err)
	}
	for range 6000 {
		if s.ready(ctx) {
			return now().Sub(began), nil
		}
		pause(ctx, 10*time.Millisecond)
	}
	return 0, fmt.Errorf("c360 serve did not get ready: %s", said.String())
}

func (s *server) ready(ctx context.Context) bool {
	body, err := s.get(ctx, "/readyz")
	return err == nil && body != nil
}

// kill ends the process the hard way.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// get returns the body of a 200 answer.
func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", path, err)
	}
	body, _, err := s.do(req)
	return body, err
}

// post sends one Segment batch and returns the position of its last event. It waits as long as c360 asks it to.
func (s *server) post(ctx context.Context, body []byte) (string, error) {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/v1/batch", bytes.NewReader(body))
		if err != nil {
			return "", fmt.Errorf("post: %w", err)
		}
		req.SetBasicAuth(Key, "")
		_, header, err := s.do(req)
		var busy busyError
		if !errors.As(err, &busy) {
			return header.Get("C360-Position"), err
		}
		pause(ctx, busy.after)
	}
}

// busyError is an answer that says "later".
type busyError struct{ after time.Duration }

func (e busyError) Error() string { return "busy, try again in " + e.after.String() }

func (s *server) do(req *http.Request) ([]byte, http.Header, error) {
	res, err := s.http.Do(req)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return nil, res.Header, busyError{time.Duration(max(seconds, 1)) * time.Second}
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return nil, res.Header, fmt.Errorf("%s: %s: %.200s", req.URL.Path, res.Status, body)
	}
	return body, res.Header, nil
}

// memory returns the resident memory of the process in bytes, and its greatest so far.
func (s *server) memory() (resident, peak int64) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch name, value, _ := strings.Cut(lines.Text(), ":"); name {
		case "VmRSS":
			resident = kilobytes(value)
		case "VmHWM":
			peak = kilobytes(value)
		}
	}
	return resident, peak
}

func kilobytes(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
	return n * 1024
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}
