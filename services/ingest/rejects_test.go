package ingest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/services/ingest"
)

func keptIn(dir string) func(*ingest.Config) {
	return func(c *ingest.Config) { c.Rejects = dir }
}

func TestRejectsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := newEdge(t, keptIn(dir))
	first.do(call{path: "/v1/track", key: posKey, body: `{"event":"one"}`})
	// A crash in the middle of a line leaves it without an end.
	path := filepath.Join(dir, "rejects.ndjson")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"source":"pos","raw":"ha`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	second := newEdge(t, keptIn(dir))
	second.do(call{path: "/v1/track", key: posKey, body: `{"event":"two"}`})
	list := second.rejects("")
	if len(list) != 2 || list[0].Raw != `{"event":"one"}` || list[1].Raw != `{"event":"two"}` {
		t.Errorf("kept %+v", list)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v: others could read it", info.Mode(), err)
	}
}

func TestRejectsAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := newEdge(t, keptIn(dir), func(c *ingest.Config) { c.RejectBytes = 16 << 10 })
	for range 40 {
		e.do(call{path: "/v1/track", key: posKey, body: `{"event":"` + strings.Repeat("x", 1000) + `"}`})
	}
	var size int64
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if n := len(e.rejects("")); size > 16<<10 || n < 5 || n > 12 {
		t.Errorf("%d bytes in %d files hold %d rejects", size, len(files), n)
	}
}

func TestOldRejectsGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	older := filepath.Join(dir, "rejects.older.ndjson")
	write := func(age time.Duration) {
		if err := os.WriteFile(older, []byte(`{"source":"pos","raw":"x"}`+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(older, noon.Add(-age), noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	write(29 * 24 * time.Hour)
	if n := len(newEdge(t, keptIn(dir)).rejects("")); n != 1 {
		t.Errorf("after 29 days: %d", n)
	}
	write(31 * 24 * time.Hour)
	if n := len(newEdge(t, keptIn(dir)).rejects("")); n != 0 {
		t.Errorf("after 31 days: %d", n)
	}
}

// TestRejectsThatCannotBeKept: a reject that is nowhere would be a lost event, so the sender is asked again.
func TestRejectsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := newEdge(t, keptIn(dir), func(c *ingest.Config) { c.RejectBytes = 2000 })
	big := call{path: "/v1/track", key: posKey, body: `{"event":"` + strings.Repeat("x", 900) + `"}`}
	if a := e.do(big); a.StatusCode != http.StatusBadRequest {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if err := os.Mkdir(filepath.Join(dir, "rejects.older.ndjson"), 0o700); err != nil { // the file cannot be turned over
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rejects.older.ndjson", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := e.do(big); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if err := os.RemoveAll(filepath.Join(dir, "rejects.older.ndjson")); err != nil {
		t.Fatal(err)
	}
	if a := e.do(big); a.StatusCode != http.StatusBadRequest || len(e.rejects("")) != 2 {
		t.Errorf("once it can be kept again: %d, %d kept", a.StatusCode, len(e.rejects("")))
	}
}

func TestConfigNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := ingest.New(ingest.Config{}); err == nil || !strings.Contains(err.Error(), "needs Log") {
		t.Errorf("got %v", err)
	}
}
