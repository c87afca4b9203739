package pebblelog_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

var jumps = []time.Duration{time.Second, -time.Hour, time.Hour, 0, -1}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, o := range []pebblelog.Options{{}, {Dir: "x"}, {Now: time.Now}} {
		if _, err := pebblelog.Open(t.Context(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestOneProcessOnly(t *testing.T) {
	t.Parallel()
	o := pebblelog.Options{Dir: t.TempDir() + "/log", Now: time.Now}
	open(t, o)
	if _, err := pebblelog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second Open gave %v", err)
	}
}

// TestRawPairs compares what RawPairs says with what is in the store.
func TestRawPairs(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	all := filled(t, fs, 200)
	db, err := pebble.Open(storeDir, pebblelog.EngineOptions(fs, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	pairs := 0
	for i := range all {
		for _, pair := range pebblelog.RawPairs(&all[i]) {
			value, closer, err := db.Get(pair.Key)
			if err != nil || string(value) != string(pair.Value) {
				t.Fatalf("event %d: %x, %v", i, pair.Key, err)
			}
			_ = closer.Close()
			pairs++
		}
	}
	if n := count(t, db); n != pairs+1 {
		t.Errorf("the store has %d pairs, want %d and the identity", n, pairs)
	}
}

func count(t *testing.T, db *pebble.DB) (n int) {
	t.Helper()
	it, err := db.NewIter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for ok := it.First(); ok; ok = it.Next() {
		n++
	}
	if err := it.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestVerifyFindsWhatChecksumsCannot changes a store through its own engine, so that every checksum is right.
func TestVerifyFindsWhatChecksumsCannot(t *testing.T) {
	t.Parallel()
	original := vfs.NewMem()
	all := filled(t, original, 3000)
	pairs := pebblelog.RawPairs(&all[500])
	other := pebblelog.RawPairs(&all[501])
	for name, tamper := range map[string]func(b *pebble.Batch) error{
		"event changed": func(b *pebble.Batch) error {
			changed := all[500]
			changed.Data = []byte(`{"n":0}`)
			return b.Set(pairs[0].Key, pebblelog.RawPairs(&changed)[0].Value, nil)
		},
		"event removed":        func(b *pebble.Batch) error { return b.Delete(pairs[0].Key, nil) },
		"stream entry removed": func(b *pebble.Batch) error { return b.Delete(pairs[1].Key, nil) },
		"id entry removed":     func(b *pebble.Batch) error { return b.Delete(pairs[2].Key, nil) },
		"id entry misdirected": func(b *pebble.Batch) error { return b.Set(pairs[2].Key, other[2].Value, nil) },
		"stream entry added": func(b *pebble.Batch) error {
			return b.Set(append([]byte("s\x02sixteen bytes 16"), pairs[2].Value...), nil, nil)
		},
		"id entry added": func(b *pebble.Batch) error { return b.Set([]byte("isixteen bytes 16"), pairs[2].Value, nil) },
		"odd id entry":   func(b *pebble.Batch) error { return b.Set([]byte("i"), pairs[2].Value, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fs := copyOf(t, original)
			change(t, fs, tamper)
			l := open(t, inMemory(fs))
			p := wantCorrupt(t, l.Verify(t.Context(), nil))
			if !strings.HasPrefix(name, "odd") && p != 501 && p != 502 {
				t.Errorf("found at %d, want 501", p)
			}
		})
	}
}

func change(t *testing.T, fs vfs.FS, tamper func(b *pebble.Batch) error) {
	t.Helper()
	db, err := pebble.Open(storeDir, pebblelog.EngineOptions(fs, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	b := db.NewBatch()
	if err := errors.Join(tamper(b), b.Commit(pebble.Sync), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestReadStopsAtAGap: a reader never steps over a missing event.
func TestReadStopsAtAGap(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	all := filled(t, fs, 3000)
	change(t, fs, func(b *pebble.Batch) error { return b.Delete(pebblelog.RawPairs(&all[99])[0].Key, nil) })
	l := open(t, inMemory(fs))
	if page, err := l.Read(t.Context(), 0, 99); err != nil || len(page) != 99 {
		t.Errorf("before the gap: %d events, %v", len(page), err)
	}
	_, err := l.Read(t.Context(), 50, 1000)
	if p := wantCorrupt(t, err); p != 100 {
		t.Errorf("the gap was found at %d, want 100", p)
	}
	_, err = l.At(t.Context(), 100)
	wantCorrupt(t, err)
	_, err = l.ReadStream(t.Context(), all[99].Stream, 0, 1000)
	wantCorrupt(t, err)
}

func TestScrub(t *testing.T) {
	t.Parallel()
	l := open(t, inMemory(vfs.NewMem()))
	fill(t, l, 0, 300)
	if err := l.Scrub(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Scrub(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Scrub gave %v", err)
	}
}

// TestCloseEndsScrub closes the log under a Scrub, which would take two seconds.
func TestCloseEndsScrub(t *testing.T) {
	t.Parallel()
	l := open(t, inMemory(vfs.NewMem()))
	fill(t, l, 0, 3000)
	done := make(chan error, 1)
	go func() { done <- l.Scrub(context.Background()) }()
	closeLog(t, l)
	if err := <-done; !errors.Is(err, events.ErrClosed) {
		t.Errorf("Scrub on a log that closes gave %v", err)
	}
}

func TestSalvageEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 100)
	enough := errors.New("enough")
	_, err := pebblelog.Salvage(t.Context(), inMemory(fs), func(r events.Recorded) error {
		if r.Position == 10 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}
