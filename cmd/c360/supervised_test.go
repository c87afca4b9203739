package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"
)

// supervised is a c360 serve that is started again whenever it ends, as systemd or Kubernetes would.
type supervised struct {
	*process
	args []string

	mu       sync.Mutex
	running  *exec.Cmd
	ending   bool
	restarts int
	code     int // of the last process that ended
	done     chan struct{}
}

const faultSources = killSources

// supervise runs c360 serve on the engines of c until the test ends, and waits until it is ready.
func supervise(tb testing.TB, c *config, more ...string) *supervised {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := &supervised{process: &process{tb: tb, base: "http://" + addr, said: &bytes.Buffer{}}, done: make(chan struct{})}
	s.args = slices.Concat([]string{"serve", "--data", c.data, "--log", c.log, "--store", c.store, "--listen", addr, "--sources", faultSources}, more)
	go s.run()
	tb.Cleanup(s.end)
	s.ready(time.Minute)
	return s
}

// run starts c360 again and again, with a little rest in between.
func (s *supervised) run() {
	defer close(s.done)
	for {
		s.mu.Lock()
		if s.ending {
			s.mu.Unlock()
			return
		}
		s.running = exec.Command("c360", s.args...)
		s.running.Stderr = s.said
		err := s.running.Start()
		s.mu.Unlock()
		if err != nil {
			s.tb.Errorf("start c360: %v", err)
			return
		}
		_ = s.running.Wait()
		if s.running.ProcessState.Exited() { // not killed
			text := s.said.String()
			s.tb.Logf("c360 ended without being killed, %s, and said: %s", s.running.ProcessState, text[max(0, len(text)-1000):])
		}
		s.mu.Lock()
		s.restarts++
		s.code = s.running.ProcessState.ExitCode()
		s.mu.Unlock()
		time.Sleep(100 * time.Millisecond)
	}
}

// kill9 kills the process; it is started again.
func (s *supervised) kill9() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.running.Process.Kill()
}

// end kills the process for good. It may be called again.
func (s *supervised) end() {
	s.mu.Lock()
	s.ending = true
	if s.running != nil {
		_ = s.running.Process.Kill()
	}
	s.mu.Unlock()
	<-s.done
}

// ready waits until the process answers that it is.
func (s *supervised) ready(within time.Duration) {
	s.tb.Helper()
	s.until(within, "ready", func() bool {
		res, err := impatient.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// caughtUp waits until everything in the log is folded.
func (s *supervised) caughtUp(within time.Duration) {
	s.tb.Helper()
	s.until(within, "caught up", func() bool {
		res, err := impatient.Get(s.base + "/v1/projections")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		var at struct{ Position, Head int64 }
		return res.StatusCode == http.StatusOK && json.NewDecoder(res.Body).Decode(&at) == nil && at.Head > 0 && at.Position == at.Head
	})
}

var impatient = &http.Client{Timeout: 5 * time.Second}

func (s *supervised) until(within time.Duration, what string, is func() bool) {
	s.tb.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	s.end()
	s.tb.Fatalf("c360 was not %s within %s; it said:\n%.8000s", what, within, s.said)
}
