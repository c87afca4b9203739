package esdblog

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// TestVerifyLooksAtTheIndex damages an index in every way that its hashes do not show. Verify finds it.
func TestVerifyLooksAtTheIndex(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	event := binary.BigEndian.AppendUint64([]byte("e"), 3)
	for name, damage := range map[string]func(t *testing.T, db *pebble.DB){
		"nothing":  func(*testing.T, *pebble.DB) {},
		"place":    func(t *testing.T, db *pebble.DB) { t.Helper(); alter(t, db, event, 7) },
		"time":     func(t *testing.T, db *pebble.DB) { t.Helper(); alter(t, db, event, 39) },
		"revision": func(t *testing.T, db *pebble.DB) { t.Helper(); alter(t, db, event, 47) },
		"id":       func(t *testing.T, db *pebble.DB) { t.Helper(); alter(t, db, first(t, db, 'i'), 7) },
		"stream":   func(t *testing.T, db *pebble.DB) { t.Helper(); remove(t, db, first(t, db, 's')) },
		"too many": func(t *testing.T, db *pebble.DB) {
			t.Helper()
			id := first(t, db, 'i')
			id[5]++
			if err := db.Set(id, binary.BigEndian.AppendUint64(nil, 2), pebble.Sync); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := Options{URL: node.URL("") + "&prefix=" + strings.ReplaceAll(name, " ", "") + "-", Dir: t.TempDir(), Now: time.Now}
			l := opened(t, o)
			for i := range 5 {
				if _, err := l.Append(t.Context(), events.Entry{Stream: fmt.Sprint("s", i), Event: events.Event{ID: strconv.Itoa(i), Source: "web", Type: "page.viewed"}}); err != nil {
					t.Fatal(err)
				}
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := pebble.Open(o.Dir, &pebble.Options{Logger: silent{}})
			if err != nil {
				t.Fatal(err)
			}
			damage(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err := opened(t, o).Verify(t.Context(), nil); (err == nil) != (name == "nothing") {
				t.Errorf("Verify: %v", err)
			}
		})
	}
}

// silent hears nothing of what Pebble says.
type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(string, ...any) {}

// alter adds one to a byte of a value.
func alter(t *testing.T, db *pebble.DB, key []byte, at int) {
	t.Helper()
	value, closer, err := db.Get(key)
	if err != nil {
		t.Fatal(err)
	}
	changed := append([]byte{}, value...)
	changed[at]++
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Set(key, changed, pebble.Sync); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, db *pebble.DB, key []byte) {
	t.Helper()
	if err := db.Delete(key, pebble.Sync); err != nil {
		t.Fatal(err)
	}
}

// first returns the first key with a prefix.
func first(t *testing.T, db *pebble.DB, prefix byte) []byte {
	t.Helper()
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil || !it.First() {
		t.Fatalf("no key begins with %q: %v", prefix, err)
	}
	key := append([]byte{}, it.Key()...)
	if err := it.Close(); err != nil {
		t.Fatal(err)
	}
	return key
}
