package projections

import (
	"context"
	"time"

	"github.com/c360hq/c360/events"
)

// Store is the read store of one generation: ordered tables with indexes, written by exactly one engine, one
// transaction a batch, and read by many. Its drivers are the packages sqlitestore and pgstore; both pass
// projections/storetest. It knows nothing of events or customers. Every call honours its context.
type Store interface {
	// View opens a consistent snapshot for reading: everything in it is true at View.Checkpoint().
	View(ctx context.Context) (View, error)
	// Commit writes the changes and the checkpoint in one transaction: all or nothing.
	Commit(ctx context.Context, c Changes) error
	// Finish ends bulk loading: it builds what a bulk load left for last (indexes) and makes everything durable.
	// Before Finish a store opened for bulk loading is made durable only now and then and when it is closed, and
	// Factory.Resume finds it there after a crash; its views are read by key only, show what has been loaded by the
	// time of the call, and end with Finish.
	Finish(ctx context.Context) error
	// Close releases the store.
	Close() error
}

// Reader finds rows. Rows it hands out belong to the caller.
type Reader interface {
	// Get calls found for every row of t whose key is among keys, which are distinct, in no particular order.
	Get(ctx context.Context, t *Table, keys [][]any, found func(Row) error) error
	// Scan calls found for the rows in a range, in its order, until found returns false or an error.
	Scan(ctx context.Context, t *Table, r Range, found func(Row) (more bool, err error)) error
}

// View is a snapshot. It must be closed, and is used by one goroutine at a time.
type View interface {
	Reader
	// Checkpoint is what the snapshot was folded up to.
	Checkpoint() Checkpoint
	Close()
}

// Range is a stretch of a table in the order of one of its indexes.
type Range struct {
	// Index names the index; "" is the primary key.
	Index string
	// Prefix fixes the leading columns of the index.
	Prefix []any
	// From (inclusive) and To (exclusive) bound the columns of the index after Prefix, compared as tuples from
	// the left, no further than they reach; nil is unbounded. After an index's own columns come those of the key
	// that it does not name (Table.Order). They mean the same in both directions.
	From, To []any
	// Desc walks from the end.
	Desc bool
	// Limit stops after so many rows; 0 is no limit.
	Limit int
}

// Checkpoint says how far a store has folded the log. Hash is that of the event at Position, so that a log which
// lost its tail or was swapped is noticed. It only ever names an event that was folded.
type Checkpoint struct {
	Position events.Position
	Hash     events.Hash
	// RecordedAt is when the log took that event; the engine computes lag in seconds from it.
	RecordedAt time.Time
}

// Changes is what one batch does to a store.
type Changes struct {
	Tables     []TableChanges
	Checkpoint Checkpoint
}

// TableChanges are the rows of one table to put (insert or replace by key) and the keys to delete.
type TableChanges struct {
	Table  *Table
	Put    []Row
	Delete [][]any
	// New says that the first so many rows of Put are likely to have keys that the store does not hold, so that a driver
	// may try a quicker way first. It must not rely on that.
	New int
}
