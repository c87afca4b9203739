package sdktest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

const (
	webKey   = "WEBKEY0123456789"
	shopKey  = "SHOPKEY0123456789"
	mendable = "; run make test-deps"
)

// TestMain brings the npm packages once, if they are not there or another set of them is.
func TestMain(m *testing.M) {
	if err := packages(); err != nil {
		fmt.Fprintln(os.Stderr, "sdktest:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func packages() error {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not installed: the real SDKs cannot run%s", program, mendable)
		}
	}
	if installed() {
		return nil
	}
	out, err := exec.Command("npm", "ci", "--no-audit", "--no-fund").CombinedOutput()
	if err != nil {
		return fmt.Errorf("npm ci failed%s: %w\n%s", mendable, err, out)
	}
	now := time.Now()
	return os.Chtimes("node_modules/.package-lock.json", now, now)
}

// installed reports whether the packages were installed after the lock file was last written; .ci/deps asks the same.
func installed() bool {
	lock, err := os.Stat("package-lock.json")
	if err != nil {
		return false
	}
	done, err := os.Stat("node_modules/.package-lock.json")
	return err == nil && !done.ModTime().Before(lock.ModTime())
}

// edge is an ingest service with a Pebble log, on a loopback port.
type edge struct {
	*httptest.Server
	t   *testing.T
	log *pebblelog.Log
}

// newEdge serves through between, which may be nil and else stands before the service.
func newEdge(t *testing.T, between func(http.Handler) http.Handler) *edge {
	t.Helper()
	dir := t.TempDir()
	log, err := pebblelog.Open(context.Background(), pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	sources, err := auth.ParseSources("web:" + webKey + ":claimed:channel=web,pos:" + shopKey + ":asserted:channel=store")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	service, err := ingest.New(ingest.Config{
		Log: log, Sources: sources, Catalogue: catalogue, Now: time.Now, Rejects: filepath.Join(dir, "rejects"),
	})
	if err != nil {
		t.Fatal(err)
	}
	h := service.Handler()
	if between != nil {
		h = between(h)
	}
	e := &edge{Server: httptest.NewServer(h), t: t, log: log}
	t.Cleanup(func() {
		e.Close()
		if err := service.Close(); err != nil {
			t.Error(err)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// run runs a script against the edge and waits for it.
func (e *edge) run(script string, env ...string) string {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", script)
	cmd.Env = append(append(os.Environ(), "C360_URL="+e.URL, "C360_KEY="+shopKey), env...)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "done") {
		e.t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// stored waits until the log holds n events and returns them by id; it fails if one is there twice or more come.
func (e *edge) stored(n int) []events.Recorded {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		list, err := e.log.Read(context.Background(), 0, 10_000)
		if err != nil {
			e.t.Fatal(err)
		}
		if len(list) >= n {
			if len(list) > n {
				e.t.Errorf("the log holds %d events, want %d:%s", len(list), n, describe(list))
			}
			return list
		}
		if err := e.log.Wait(ctx, events.Position(len(list))); err != nil {
			e.t.Fatalf("the log holds %d events, want %d:%s", len(list), n, describe(list))
		}
	}
}

func describe(list []events.Recorded) string {
	var b strings.Builder
	for _, r := range list {
		b.WriteString("\n" + line(r) + " " + string(r.Data[:min(len(r.Data), 200)]))
	}
	return b.String()
}

func line(r events.Recorded) string {
	ids := []string{r.Type, string(r.Channel)}
	for _, id := range r.Identifiers {
		if id.Kind == events.KindAnonymousID && len(id.Value) == 36 {
			id.Value = "*" // a random one
		}
		ids = append(ids, id.String()+"/"+id.Grade.String())
	}
	return strings.Join(ids, " ")
}

// expect compares the log, in any order, with lines of type, channel and identifiers.
func (e *edge) expect(want ...string) []events.Recorded {
	e.t.Helper()
	list := e.stored(len(want))
	left := map[string]int{}
	for _, r := range list {
		left[line(r)]++
	}
	for _, w := range want {
		if left[w]--; left[w] < 0 {
			e.t.Errorf("not in the log: %s", w)
		}
	}
	if e.t.Failed() {
		e.t.Logf("the log holds:%s", describe(list))
	}
	return list
}

func repeat(n int, s string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}

// moody answers the first requests itself: with a status, or, for 0, by serving them and then cutting the connection
// before the SDK hears of it.
func moody(statuses ...int) (func(http.Handler) http.Handler, func() int) {
	var mu sync.Mutex
	posts := 0
	between := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return
			}
			mu.Lock()
			n := posts
			posts++
			mu.Unlock()
			switch {
			case n >= len(statuses):
				next.ServeHTTP(w, r)
			case statuses[n] == 0:
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			default:
				w.Header().Set("Retry-After", "1")
				w.Header().Set("Access-Control-Allow-Origin", "*")
				w.WriteHeader(statuses[n])
			}
		})
	}
	return between, func() int {
		mu.Lock()
		defer mu.Unlock()
		return posts
	}
}
