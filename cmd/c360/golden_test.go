package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/c360hq/c360/projections"
)

// manifest says what a golden folder must answer for ever.
type manifest struct {
	// MadeBy is the version that wrote the folder.
	MadeBy string `json:"made_by"`
	Events int    `json:"events"`
	Head   string `json:"head"`
	// Fingerprint is that of the read store; while today's is the same, so is the digest of all its rows.
	Fingerprint string   `json:"fingerprint"`
	Digest      []string `json:"digest"`
	Customers   []asked  `json:"customers"`
}

// asked is a path of the API and what must be in the answer; more may be.
type asked struct {
	Path   string `json:"path"`
	Answer any    `json:"answer"`
}

// TestGolden opens a copy of every data folder that a released version has written with today's code: its log is sound, its
// customers are who they were, and its read models are what they were or can be made anew.
func TestGolden(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob("testdata/golden/*/manifest.json")
	if err != nil || len(all) == 0 {
		t.Fatalf("there are no golden folders: %v", err)
	}
	for _, path := range all {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			t.Parallel()
			var m manifest
			readJSON(t, path, &m)
			data := t.TempDir()
			unpack(t, filepath.Join(filepath.Dir(path), "folder.tar.gz"), data)
			m.open(t, data)
		})
	}
}

func (m *manifest) open(t *testing.T, data string) {
	out, err := exec.Command("c360", "verify", "--data", data).CombinedOutput()
	if want := fmt.Sprintf("sound: %d events, every one in the chain; head %s\n", m.Events, m.Head); err != nil || !strings.HasSuffix(string(out), want) {
		t.Fatalf("verify says %s, %v; want %s", out, err, want)
	}
	if m.mustRebuild(t, data) {
		rebuild(t, data)
	}
	before := m.holds(t, data)
	rebuild(t, data)
	if after := m.holds(t, data); after != before {
		t.Errorf("a rebuild has\n%swant\n%s", after, before)
	}
}

// mustRebuild reports whether today's read models are others than those of the folder. c360 says so, and what to run.
func (m *manifest) mustRebuild(t *testing.T, data string) bool {
	t.Helper()
	h := openHouseAt(t, data)
	err := errors.Join(h.generations.Start(t.Context()), h.close())
	if err == nil {
		return false
	}
	if !errors.Is(err, projections.ErrOtherVersion) || !strings.Contains(err.Error(), "`c360 rebuild`") {
		t.Fatalf("it does not open: %v", err)
	}
	return true
}

func openHouseAt(t *testing.T, data string) *house {
	t.Helper()
	h, err := openHouse(t.Context(), &config{data: data, region: "KR"}, silentLogger())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func rebuild(t *testing.T, data string) {
	t.Helper()
	if out, err := exec.Command("c360", "rebuild", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("rebuild: %v\n%s", err, out)
	}
}

// holds checks what the folder answers now, and returns the digest of its read models.
func (m *manifest) holds(t *testing.T, data string) string {
	t.Helper()
	fingerprint, digest := digestOf(t, data)
	if fingerprint == m.Fingerprint && digest != strings.Join(m.Digest, "\n")+"\n" {
		t.Errorf("the read models are\n%swant\n%s", digest, strings.Join(m.Digest, "\n"))
	}
	p := startProcess(t, data, "web:KEY-WEB:claimed")
	defer p.kill()
	p.settle()
	for _, a := range m.Customers {
		var got any
		p.get(a.Path, &got)
		if where := missing(a.Answer, got); where != "" {
			t.Errorf("%s answers something else at %s", a.Path, where)
		}
	}
	return digest
}

// digestOf folds what is not folded yet and sums up the read models of a folder.
func digestOf(t *testing.T, data string) (fingerprint, digest string) {
	t.Helper()
	h := openHouseAt(t, data)
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := h.generations.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	live := h.generations.Live()
	head, err := h.log.Head(t.Context())
	if err == nil {
		err = live.Await(t.Context(), head.Position)
	}
	if err != nil {
		t.Fatal(err)
	}
	v, err := live.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	sums, err := projections.Digest(t.Context(), v, projections.NewSpec(h.rooms.all()...).Tables, true)
	if err != nil {
		t.Fatal(err)
	}
	g, err := live.Generation()
	if err != nil {
		t.Fatal(err)
	}
	return g.Fingerprint, sums.String()
}

// missing returns where something of want is not in got, "" if it is all there: objects may have more members.
func missing(want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return "/"
		}
		for name, value := range want {
			if where := missing(value, object[name]); where != "" {
				return "/" + name + where
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return "/"
		}
		for i := range want {
			if where := missing(want[i], list[i]); where != "" {
				return fmt.Sprintf("/%d%s", i, where)
			}
		}
		return ""
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf(": %v, want %v", got, want)
	}
	return ""
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ want, got, where string }{
		{`{"a":1,"b":[{"c":null}]}`, `{"a":1,"b":[{"c":null,"d":1}],"e":2}`, ""},
		{`{"a":1}`, `{"a":2}`, "/a: 2, want 1"},
		{`{"b":[1,2]}`, `{"b":[1]}`, "/b/"},
		{`{"b":[1,{"x":"y"}]}`, `{"b":[1,{"x":"z"}]}`, "/b/1/x: z, want y"},
		{`{"a":{}}`, `{}`, "/a/"},
	} {
		var want, got any
		if err := errors.Join(json.Unmarshal([]byte(c.want), &want), json.Unmarshal([]byte(c.got), &got)); err != nil {
			t.Fatal(err)
		}
		if where := missing(want, got); where != c.where {
			t.Errorf("%s in %s: %q, want %q", c.want, c.got, where, c.where)
		}
	}
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// unpack makes a copy of a folder that was packed.
func unpack(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for in := tar.NewReader(z); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(to, h.Name)), 0o750)
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, h.Name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
