package sqlitestore

import (
	"time"

	"github.com/c360hq/c360/projections"
)

// Options say which file to open, and how.
type Options struct {
	// Path is the database file; it is created if missing.
	Path string
	// Spec is what the store is for; a file made for another spec is refused with projections.ErrOtherVersion.
	Spec projections.Spec
	// Bulk opens a new store for bulk loading; see projections.Store.Finish. With Resume it may be one whose bulk load
	// was interrupted, at its last checkpoint, or one that was finished, which is opened as an ordinary store.
	Bulk, Resume bool
	// BulkEvents is after how many events a bulk load is made durable; 0 is 500,000.
	BulkEvents int
	// CacheBytes is the page cache of all connections together; 0 is the constant of that name. Half of it is the writer's.
	CacheBytes int
	// Readers is how many views can be open at once, the engine's own among them; 0 is 16. One more waits until
	// another is closed, so a view is for a request, not for a session.
	Readers int
	// WALBytes is how long the write-ahead log may get before the writer waits for it to start over; 0 is 256 MiB.
	WALBytes int64

	there bool // the file is there; it is not made
}

// CacheBytes is the page cache of a store whose Options do not say: 64 MiB.
const CacheBytes = 64 << 20

const (
	pageSize    = 4096
	busyTimeout = 5 * time.Second
)

func (o Options) withDefaults() Options {
	if o.CacheBytes == 0 {
		o.CacheBytes = CacheBytes
	}
	if o.BulkEvents == 0 {
		o.BulkEvents = 500_000
	}
	if o.Readers == 0 {
		o.Readers = 16
	}
	if o.WALBytes == 0 {
		o.WALBytes = 256 << 20
	}
	return o
}
