package esdblog

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// TestCommittedInOtherOrder commits two events of one stream in another order than their bodies lie there, as two
// processes can: their order is that of the commit, however they are read.
func TestCommittedInOtherOrder(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	o := Options{URL: node.URL(""), Dir: filepath.Join(t.TempDir(), "a"), Now: time.Now}
	l := opened(t, o)
	commit := commit{first: 1}
	for i, id := range []string{"first", "second"} {
		r := events.Recorded{Event: events.Event{ID: id, Source: "web", Type: "page.viewed"}, Stream: "s"}
		it := newItem(&r, events.AppendRecord(nil, &r))
		events.StampRecord(it.record, events.Position(i+1), time.Unix(9, 0))
		commit.hash = commit.hash.Next(it.record)
		commit.refs = append(commit.refs, ref{stream: "s", revision: uint64(1 - i), at: time.Unix(9, 0).UnixNano()})
		if i == 0 { // its body comes second
			other := events.Recorded{Event: events.Event{ID: "second", Source: "web", Type: "page.viewed"}, Stream: "s"}
			earlier := newItem(&other, events.AppendRecord(nil, &other))
			if err := l.link.appendOnce(t.Context(), "s", noStream, []body{earlier.body, it.body}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.link.appendOnce(t.Context(), commitStream, 0, []body{commit.body(uuid.New())}); err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	o.Dir, o.CacheBytes = filepath.Join(t.TempDir(), "b"), 1
	cold := opened(t, o)
	for name, read := range map[string]func() ([]events.Recorded, error){
		"Read":       func() ([]events.Recorded, error) { return cold.Read(t.Context(), 0, 10) },
		"At":         func() ([]events.Recorded, error) { return cold.At(t.Context(), 1, 2) },
		"ReadStream": func() ([]events.Recorded, error) { return cold.ReadStream(t.Context(), "s", 0, 10) },
	} {
		got, err := read()
		if err != nil || len(got) != 2 || got[0].ID != "first" || got[1].ID != "second" {
			t.Errorf("%s gave %v, %v", name, got, err)
		}
	}
	if err := cold.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func opened(t *testing.T, o Options) *Log {
	t.Helper()
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}
