package logindex_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

func item(place, id int, stream string, at time.Time) logindex.Item {
	it := logindex.NewItem(logindex.Place{Major: uint64(place)}, &events.Recorded{
		Event:  events.Event{ID: strconv.Itoa(id), Source: "web", Type: "page.viewed"},
		Stream: stream, RecordedAt: at,
	})
	it.Revision = uint64(place)
	return it
}

func open(t *testing.T, fs vfs.FS) *logindex.Index {
	t.Helper()
	x, err := logindex.Open(logindex.Options{Dir: "index", Log: "a", FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func add(t *testing.T, x *logindex.Index, items ...logindex.Item) []logindex.Given {
	t.Helper()
	given, err := x.Add(items[len(items)-1].Place, items...)
	if err != nil {
		t.Fatal(err)
	}
	return given
}

func TestAddGivesPositions(t *testing.T) {
	t.Parallel()
	x := open(t, vfs.NewMem())
	given := add(t, x, item(10, 1, "a", noon), item(20, 2, "b", noon.Add(-time.Hour)), item(30, 1, "a", noon), item(40, 3, "a", noon.Add(1)))
	want := []struct {
		p      events.Position
		repeat bool
		at     time.Time
		place  uint64
	}{{1, false, noon, 10}, {2, false, noon, 20}, {1, true, noon, 10}, {3, false, noon.Add(1), 40}}
	for i, w := range want {
		g := given[i]
		if g.Position != w.p || g.Repeat != w.repeat || !g.RecordedAt.Equal(w.at) || g.Place.Major != w.place {
			t.Errorf("item %d was given %+v, want %+v", i, g, w)
		}
	}
	if p, revision, err := x.StreamEnd(keys.NewStream("a")); p != 3 || revision != 40 || err != nil {
		t.Errorf("stream a ends at %d, revision %d, %v", p, revision, err)
	}
	page, err := x.Stream(keys.NewStream("a"), 0, 10)
	if err != nil || len(page) != 2 || page[1].Position != 3 {
		t.Errorf("stream a is %v, %v", page, err)
	}
	if _, err := x.At(1, 4); !errors.Is(err, events.ErrNoPosition) {
		t.Errorf("At(4) gave %v", err)
	}
}

// TestSameItemsSamePositions fills two indexes with the same items, cut differently.
func TestSameItemsSamePositions(t *testing.T) {
	t.Parallel()
	one, two := open(t, vfs.NewMem()), open(t, vfs.NewMem())
	for i := range 100 {
		add(t, one, item(i+1, i%70, "s", noon.Add(time.Duration(i*7%11))))
	}
	for i := 0; i < 100; i += 20 {
		var items []logindex.Item
		for k := i; k < i+20; k++ {
			items = append(items, item(k+1, k%70, "s", noon.Add(time.Duration(k*7%11))))
		}
		add(t, two, items...)
	}
	if one.End() != two.End() || one.End().Position != 70 {
		t.Errorf("the ends are %v and %v", one.End(), two.End())
	}
}

func TestForeignIsRefused(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	x := open(t, fs)
	add(t, x, item(1, 1, "s", noon))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := logindex.Open(logindex.Options{Dir: "index", Log: "b", FS: fs}); !errors.Is(err, logindex.ErrForeign) {
		t.Errorf("another log's index gave %v", err)
	}
	if end := open(t, fs).End(); end.Position != 1 || end.Place.Major != 1 {
		t.Errorf("the index ends at %v", end)
	}
}
