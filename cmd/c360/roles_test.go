package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

// split is a c360 whose roles are processes of their own, on NATS and PostgreSQL.
type split struct {
	t                      testing.TB
	engines                config
	ingest, project, query *supervised
}

// startSplit starts a process for each of three roles and waits until they are ready.
func startSplit(t testing.TB, engines config) *split {
	t.Helper()
	s := &split{t: t, engines: engines}
	s.project = s.process(roleProject)
	s.ingest, s.query = s.process(roleIngest), s.process(roleQuery)
	return s
}

// process starts one more process of a role, in a folder of its own.
func (s *split) process(roles string) *supervised {
	s.t.Helper()
	c := s.engines
	c.data = s.t.TempDir()
	return supervise(s.t, &c, "--roles", roles)
}

func (s *split) end(all ...*supervised) {
	for _, p := range slices.Concat(all, []*supervised{s.ingest, s.project, s.query}) {
		p.end()
	}
}

// settled sends again what was not answered, and waits until whoever reads sees all of it.
func (s *split) settled(t *testing.T, k *killing) {
	t.Helper()
	k.resend(t, s.ingest)
	s.query.until(2*time.Minute, "up to date", func() bool { return s.query.foldedBy(s.head(t)) })
}

// head is where the log ends, as a process that has just come in sees it.
func (s *split) head(t *testing.T) int64 {
	t.Helper()
	c := s.engines
	c.data = t.TempDir()
	log, err := c.openLog(t.Context(), silentLogger())
	must(t, err)
	defer func() { must(t, log.Close()) }()
	head, err := log.Head(t.Context())
	must(t, err)
	return int64(head.Position)
}

// foldedBy reports whether the process shows everything up to a position.
func (s *supervised) foldedBy(position int64) bool {
	var at struct{ Position int64 }
	res, err := impatient.Get(s.base + "/v1/projections")
	return err == nil && decodeAs(res, &at) && at.Position >= position
}

// term asks the process to stop, as systemd and Kubernetes do; it is started again.
func (s *supervised) term() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.running.Process.Signal(syscall.SIGTERM)
}

// again waits until the process that was told to stop has ended, and the next one is ready.
func (s *supervised) again(before int) {
	s.tb.Helper()
	s.until(time.Minute, "started again", func() bool { return s.lives() > before })
	s.ready(time.Minute)
}

// lives is how often the process ended.
func (s *supervised) lives() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restarts
}

func newKilling(t *testing.T) *killing {
	t.Helper()
	seed := uint64(number("C360_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("seed %d", seed)
	return &killing{r: rand.New(rand.NewPCG(seed, 1)), sent: map[string]slowEvent{}, acked: map[string]bool{}}
}

func onServers(t testing.TB) config {
	t.Helper()
	return config{log: natstest.Start(t).URL("ROLES"), store: pgtest.Start(t).NewDatabase(t), data: t.TempDir(), region: "KR"}
}

// TestRolesApart: touchpoints go into one process, a second folds them, and a third shows customers as the slow model
// says they are. Each answers what its role is and nothing else. What they made is what a single process makes.
func TestRolesApart(t *testing.T) {
	t.Parallel()
	s := startSplit(t, onServers(t))
	k := newKilling(t)
	calm := k.load(s.ingest)
	time.Sleep(time.Second)
	calm()
	s.settled(t, k)
	var sent []slowEvent
	for _, e := range k.sent {
		sent = append(sent, e)
	}
	s.query.compare(t, slowModel(sent))

	pages := s.process(roleConsole)
	for _, ask := range []struct {
		of     *supervised
		method string
		path   string
		status int
		says   string
	}{
		{s.ingest, "GET", "/v1/customers?q=kim", 404, "the roles ingest only"},
		{s.ingest, "GET", "/metrics", 200, "go_goroutines"},
		{s.query, "POST", "/v1/batch", 404, "no such call"},
		{s.query, "POST", "/v1/generations/000001/swap", 409, "serves already"},
		{s.query, "DELETE", "/v1/generations/000001", 409, "role project"},
		{s.query, "GET", "/v1/generations", 200, `"state":"serving"`},
		{s.project, "GET", "/v1/generations", 200, `"state":"serving"`},
		{s.project, "GET", "/v1/customers?q=kim", 404, "no such call"},
		{s.project, "GET", "/metrics", 200, "c360_projection_writer 1"},
		{s.query, "GET", "/metrics", 200, "c360_projection_writer 0"},
		{pages, "GET", "/customers", 200, "<!doctype html>"},
		{pages, "GET", "/v1/customers", 404, "openapi.json"},
		{s.ingest, "GET", "/readyz", 200, `"roles":["ingest"]`},
		{pages, "GET", "/readyz", 200, `"roles":["console"]`},
	} {
		status, body := ask.of.ask(t, ask.method, ask.path)
		if status != ask.status || !strings.Contains(strings.ToLower(body), strings.ToLower(ask.says)) {
			t.Errorf("%s %s%s: %d %.300s; want %d and %q", ask.method, ask.of.base, ask.path, status, body, ask.status, ask.says)
		}
	}
	s.swapped(t)
	s.end(pages)
	o := k.lookFor(t, &s.engines)
	freshFold(t, &s.engines)
	t.Logf("%d acknowledged of %d sent, %d lost, %d doubled", o.acked, o.sent, o.lost, o.doubled)
}

// swapped has the process that folds build another generation and swap it in, and waits until it is that which another
// process shows.
func (s *split) swapped(t *testing.T) {
	t.Helper()
	base := []string{"--url", s.project.base}
	command360(t, append([]string{"generations", "create", "rebuild"}, base...)...)
	command360(t, append([]string{"generations", "swap", "000002"}, base...)...)
	s.query.until(30*time.Second, "at the new generation", func() bool {
		var at struct{ Generation string }
		res, err := impatient.Get(s.query.base + "/v1/projections")
		return err == nil && decodeAs(res, &at) && at.Generation == "000002"
	})
}

// ask returns status and body of an answer.
func (p *process) ask(t *testing.T, method, path string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.base+path, http.NoBody)
	must(t, err)
	res, err := impatient.Do(req)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(b)
}

// TestRollingRestart stops (SIGTERM) one process after the other under load and starts it again: all requests that were
// under way are answered, each process ends well, nothing is lost and nothing doubled.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	s := startSplit(t, onServers(t))
	second := s.process(roleProject)
	k := newKilling(t)
	calm := k.load(s.ingest)
	for range number("C360_ROLLS", 1) {
		for _, p := range []*supervised{s.ingest, s.project, s.query, second} {
			time.Sleep(300 * time.Millisecond)
			before := p.lives()
			p.term()
			p.again(before)
			if code := p.lastCode(); code != 0 {
				t.Errorf("a process that was told to stop ended with %d; it said\n%.4000s", code, p.said)
			}
		}
	}
	calm()
	s.settled(t, k)
	s.end(second)
	o := k.lookFor(t, &s.engines)
	freshFold(t, &s.engines)
	t.Logf("%d acknowledged of %d sent, %d lost, %d doubled", o.acked, o.sent, o.lost, o.doubled)
}

// lastCode is the exit code of the process before the one that runs.
func (s *supervised) lastCode() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.code
}

// TestTwoProjectorsByMistake: of two processes that were started to fold one does. The other says that it stands by, and
// takes over when the first is killed (-9), however often.
func TestTwoProjectorsByMistake(t *testing.T) {
	t.Parallel()
	s := startSplit(t, onServers(t))
	second := s.process(roleProject)
	if status, body := second.ask(t, "GET", "/readyz"); status != 200 || !strings.Contains(body, "standing by") {
		t.Errorf("the second projector says %d %s", status, body)
	}
	if status, body := second.ask(t, "DELETE", "/v1/generations/000001"); status != 503 {
		t.Errorf("the second projector was asked to drop a generation: %d %s", status, body)
	}
	k := newKilling(t)
	calm := k.load(s.ingest)
	for range number("C360_ROLLS", 1) {
		for _, turn := range [][2]*supervised{{s.project, second}, {second, s.project}} {
			before := turn[0].lives()
			turn[0].kill9()
			turn[1].until(time.Minute, "the one that folds", func() bool {
				res, err := impatient.Get(turn[1].base + "/metrics")
				return err == nil && bodyHas(res, "c360_projection_writer 1")
			})
			turn[0].again(before)
		}
	}
	calm()
	s.settled(t, k)
	s.end(second)
	k.lookFor(t, &s.engines)
	freshFold(t, &s.engines)
}

func bodyHas(res *http.Response, text string) bool {
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return err == nil && strings.Contains(string(b), text)
}

// TestAnotherLogBehindTheStore: a read store that was folded from another log, or from events that this one has lost, is
// refused by whoever would fold or show it, and the refusal names what to run.
func TestAnotherLogBehindTheStore(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	c := config{log: server.URL("RIGHT"), store: pgtest.Start(t).NewDatabase(t), data: t.TempDir(), region: "KR"}
	s := supervise(t, &c)
	k := newKilling(t)
	calm := k.load(s)
	time.Sleep(200 * time.Millisecond)
	calm()
	k.resend(t, s)
	s.caughtUp(time.Minute)
	s.end()
	all := recordedIn(t, &c)
	older, wrong := c, c
	older.log, wrong.log = server.URL("OLDER"), server.URL("WRONG")
	older.data, wrong.data = t.TempDir(), t.TempDir()
	restoreInto(t, &older, all[:len(all)/2])
	all[0].Data = []byte(`{"url":"https://elsewhere.example.com/"}`)
	restoreInto(t, &wrong, chained(all))
	for name, other := range map[string]config{"older": older, "wrong": wrong} {
		for _, role := range []string{roleProject, roleQuery} {
			code, said := c360Fails(t, "serve", "--roles", role, "--log", other.log, "--store", other.store, "--data", t.TempDir(), "--listen", "127.0.0.1:0")
			if code != exitFailed || !strings.Contains(said, "diverged") || !strings.Contains(said, "c360 rebuild") {
				t.Errorf("%s log, role %s: it ended with %d and said %s", name, role, code, said)
			}
		}
	}
	mended := command360(t, "rebuild", "--log", older.log, "--store", older.store, "--data", older.data)
	if !strings.Contains(mended, fmt.Sprintf("rebuilt %d events", len(all)/2)) {
		t.Errorf("the command that was named says %s", mended)
	}
	freshFold(t, &older)
}

// TestDrain: told to stop, a process says that it is not ready and goes on taking touchpoints until --drain is over; then
// it ends well, and what it took is there.
func TestDrain(t *testing.T) {
	t.Parallel()
	c := config{log: "pebble:", store: "sqlite:", data: t.TempDir()}
	s := supervise(t, &c, "--drain", "3s")
	s.term()
	s.until(2*time.Second, "draining", func() bool {
		res, err := impatient.Get(s.base + "/readyz")
		return err == nil && res.StatusCode == http.StatusServiceUnavailable && bodyHas(res, `"draining"`)
	})
	if status, body := s.ask(t, "GET", "/healthz"); status != 200 {
		t.Errorf("while it drains it is not alive: %d %s", status, body)
	}
	k := newKilling(t)
	k.send(s.process, k.request())
	if len(k.acked) == 0 || len(k.unacked) > 0 {
		t.Errorf("a request while it drains was not taken")
	}
	s.until(time.Minute, "started again", func() bool { return s.lives() > 0 })
	if code := s.lastCode(); code != 0 {
		t.Errorf("it ended with %d; it said\n%.4000s", code, s.said)
	}
	s.end()
	k.lookFor(t, &c)
}

// TestEnginesRefused: what cannot be used is said within seconds, by exit code and message, without a password in it, and
// nothing is left of the data folder.
func TestEnginesRefused(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Start(t)
	postgres.NewDatabase(t)
	loose := natstest.Start(t, func(o *server.Options) { o.SyncAlways = false })
	for name, x := range map[string]struct{ log, store, says string }{
		"wrong password":   {"pebble:", postgres.URLFor(pgtest.Account, "SECRET", "test_1"), "password"},
		"no such database": {"pebble:", postgres.URL("nowhere"), "nowhere"},
		"nobody listens":   {"pebble:", "postgres://me:SECRET@127.0.0.1:1/c360", "127.0.0.1"},
		"no NATS there":    {"nats://me:SECRET@127.0.0.1:1/C360", "sqlite:", "127.0.0.1:1"},
		"one loose copy":   {strings.Split(loose.URL("LOOSE"), "?")[0] + "?replicas=1", "sqlite:", "sync"},
		"no ESDB there":    {"esdb://me:SECRET@127.0.0.1:1?tls=true", "sqlite:", "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			began := time.Now()
			code, said := c360Fails(t, "serve", "--log", x.log, "--store", x.store, "--data", data, "--listen", "127.0.0.1:0")
			if took := time.Since(began); code != exitFailed || took > 30*time.Second || !strings.Contains(said, x.says) || strings.Contains(said, "SECRET") {
				t.Errorf("after %s it ended with %d and said %s", took, code, said)
			}
			if _, err := os.Stat(data); err == nil {
				t.Errorf("the data folder was made")
			}
		})
	}
}
