package sqlitestore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

var blobs = &projections.Table{
	Name: "blobs", Doc: "For tests.", KeyLen: 1,
	Columns: []projections.Column{{Name: "id", Kind: projections.Int}, {Name: "blob", Kind: projections.Blob}},
}

// openBlobs opens a store of blobs whose write-ahead log is to stay within a limit, and says where that is.
func openBlobs(t *testing.T, limit int64) (store *sqlitestore.Store, wal string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "views.db")
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: path, Spec: projections.Spec{Tables: []*projections.Table{blobs}}, WALBytes: limit})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s, path + "-wal"
}

// TestLogStaysShort: under a writer that never rests and readers that come and go, the write-ahead log starts over
// again and again; and after a long view held it up, it comes back to its limit.
func TestLogStaysShort(t *testing.T) {
	t.Parallel()
	const limit = 2 << 20
	s, wal := openBlobs(t, limit)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() { readUntil(t, s, done) })
	}
	long, err := s.View(t.Context())
	must(t, err)
	position := events.Position(0)
	write := func(commits int) (longest int64) {
		for range commits {
			position++
			must(t, s.Commit(t.Context(), blobsAt(position)))
			info, err := os.Stat(wal)
			must(t, err)
			longest = max(longest, info.Size())
		}
		return longest
	}
	held := write(60)
	long.Close()
	write(60)
	free := write(200)
	close(done)
	readers.Wait()
	written := int64(200) * 1000 * 300
	if held < 4*limit || free > written/4 {
		t.Errorf("held up the log grew to %d bytes, afterwards it was up to %d of %d written", held, free, written)
	}
}

// TestLogOfABusyEngine: an engine that is behind reads from a view what the next batch needs while the last is written, so there
// is hardly a moment without a reader that keeps thousands of pages from being copied. The log starts over all the same.
func TestLogOfABusyEngine(t *testing.T) {
	t.Parallel()
	const limit = 8 << 20
	s, wal := openBlobs(t, limit)
	batches := make(chan projections.Changes)
	var writer sync.WaitGroup
	writer.Go(func() {
		for b := range batches {
			if err := s.Commit(t.Context(), b); err != nil {
				t.Error(err)
			}
		}
	})
	longest := int64(0)
	for p := range events.Position(60) {
		v, err := s.View(t.Context())
		must(t, err)
		time.Sleep(50 * time.Millisecond) // folding
		v.Close()
		batches <- pagesAt(1 + p)
		info, err := os.Stat(wal)
		must(t, err)
		longest = max(longest, info.Size())
	}
	close(batches)
	writer.Wait()
	if longest > 25*limit {
		t.Errorf("the log grew to %d times what it may be", longest/limit)
	}
}

// pagesAt changes 2,500 rows that take a page each.
func pagesAt(p events.Position) projections.Changes {
	c := projections.TableChanges{Table: blobs}
	for i := range int64(2500) {
		c.Put = append(c.Put, projections.Row{i * 3, bytes.Repeat([]byte{byte(p)}, 3500)})
	}
	return projections.Changes{Checkpoint: projections.Checkpoint{Position: p}, Tables: []projections.TableChanges{c}}
}

func readUntil(t *testing.T, s projections.Store, done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		v, err := s.View(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		err = v.Scan(t.Context(), blobs, projections.Range{Limit: 50}, func(projections.Row) (bool, error) { return true, nil })
		if err != nil {
			t.Error(err)
		}
		v.Close()
		time.Sleep(time.Millisecond)
	}
}

func blobsAt(p events.Position) projections.Changes {
	c := projections.TableChanges{Table: blobs}
	for i := range int64(1000) {
		c.Put = append(c.Put, projections.Row{(i*7919 + int64(p)) % 5000, make([]byte, 300)})
	}
	return projections.Changes{Checkpoint: projections.Checkpoint{Position: p}, Tables: []projections.TableChanges{c}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
