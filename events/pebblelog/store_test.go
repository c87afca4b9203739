package pebblelog_test

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/pebblelog"
)

const (
	storeDir = "/data/log"
	markPath = "/data/log.mark"
)

// inMemory returns the options of a log with small tables on fs.
func inMemory(fs vfs.FS) pebblelog.Options {
	return pebblelog.SmallTables(pebblelog.Options{Dir: storeDir, Now: logtest.NewClock().Now, FS: fs})
}

// touch returns the i-th touchpoint of a test, about 300 bytes.
func touch(i int) events.Entry {
	return events.Touchpoint(events.Event{
		ID: fmt.Sprintf("e-%d", i), Source: "web", Type: "page.viewed", Channel: events.ChannelWeb, Time: time.Unix(int64(i), 0).UTC(),
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprintf("u-%d", i*i%17), Grade: events.Asserted}},
		Data:        fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, strings.Repeat(fmt.Sprintf("%x ", i*2654435761), 20)),
	})
}

func touches(from, n int) []events.Entry {
	entries := make([]events.Entry, n)
	for i := range entries {
		entries[i] = touch(from + i)
	}
	return entries
}

// fill appends touches from to from+n-1, twenty at a time.
func fill(t *testing.T, l events.Log, from, n int) {
	t.Helper()
	for i := 0; i < n; i += 20 {
		if _, err := l.Append(t.Context(), touches(from+i, min(20, n-i))...); err != nil {
			t.Fatal(err)
		}
	}
}

// filled makes a closed log of n events on fs and returns them.
func filled(t *testing.T, fs vfs.FS, n int) []events.Recorded {
	t.Helper()
	l := open(t, inMemory(fs))
	fill(t, l, 0, n)
	all := readAll(t, l)
	closeLog(t, l)
	return all
}

func readAll(t *testing.T, l events.Log) []events.Recorded {
	t.Helper()
	all, err := l.Read(t.Context(), 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func closeLog(t *testing.T, l events.Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// copyOf returns a file system with the same files.
func copyOf(t *testing.T, fs vfs.FS) *vfs.MemFS {
	t.Helper()
	out := vfs.NewMem()
	put(t, fs, out, "/data")
	return out
}

// put copies dir from one file system to another, in place of what is there.
func put(t *testing.T, from, to vfs.FS, dir string) {
	t.Helper()
	if err := to.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := vfs.Clone(from, to, dir, dir); err != nil {
		t.Fatal(err)
	}
}

// files returns the paths of all files of the log that are not empty.
func files(t *testing.T, fs vfs.FS) []string {
	t.Helper()
	out := []string{markPath}
	names, err := fs.List(storeDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if info, err := fs.Stat(path.Join(storeDir, name)); err == nil && !info.IsDir() && info.Size() > 0 {
			out = append(out, path.Join(storeDir, name))
		}
	}
	return out
}

// edit replaces a file's contents.
func edit(t *testing.T, fs vfs.FS, name string, change func([]byte) []byte) {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, info.Size())
	if _, err := f.ReadAt(b, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w, err := fs.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(change(b)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Sync(), w.Close()); err != nil {
		t.Fatal(err)
	}
}

// equal compares events as they lie in the log, much faster than cmp does.
func equal(a, b []events.Recorded) bool {
	return slices.EqualFunc(a, b, func(x, y events.Recorded) bool {
		return x.Hash == y.Hash && bytes.Equal(events.AppendRecord(nil, &x), events.AppendRecord(nil, &y))
	})
}

// wantCorrupt checks that err is a CorruptError that names a command to run next, and returns its position.
func wantCorrupt(t *testing.T, err error) events.Position {
	t.Helper()
	var corrupt *events.CorruptError
	if !errors.As(err, &corrupt) {
		t.Fatalf("got %v, want a CorruptError", err)
	}
	if !strings.Contains(corrupt.Remedy, "c360 verify --data") {
		t.Errorf("the remedy names no command: %s", corrupt.Remedy)
	}
	return corrupt.Position
}

// refuses checks that the log does not open, and that trying changed nothing.
func refuses(t *testing.T, o pebblelog.Options) events.Position {
	t.Helper()
	before := listing(t, o.FS)
	l, err := pebblelog.Open(t.Context(), o)
	if err == nil {
		closeLog(t, l)
	}
	position := wantCorrupt(t, err)
	if diff := cmp.Diff(before, listing(t, o.FS)); diff != "" {
		t.Errorf("a refused Open changed files:\n%s", diff)
	}
	return position
}

func listing(t *testing.T, fs vfs.FS) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, dir := range []string{"/data", storeDir} {
		names, err := fs.List(dir)
		if err != nil {
			continue
		}
		for _, name := range names {
			if info, err := fs.Stat(path.Join(dir, name)); err == nil && !info.IsDir() {
				out[path.Join(dir, name)] = info.Size()
			}
		}
	}
	return out
}
