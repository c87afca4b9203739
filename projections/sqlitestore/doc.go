// Package sqlitestore keeps the read store of one generation in one SQLite file, without cgo.
//
// What it is: a driver of [projections.Store]. It turns table definitions into SQL once, at Open, and never sees
// what the rows mean. What it is not: a place for truth. Everything in it can be folded again from the log, and
// that decides how it writes: write-ahead logging with synchronous=NORMAL, so a power cut may take the last
// transactions but never half of one; the checkpoint goes back with the rows and the engine folds them again.
//
// How data moves through it:
//
//	Commit ──► writer (one connection, one transaction a batch) ──► WAL ──► checkpointer ──► file
//	View   ──► readers (a pool; each View is one read transaction, blocks nobody, is blocked by nobody)
//
// The checkpointer copies the write-ahead log back into the file beside the writer; only when the log has grown
// past its limit does it hold the writer for the few pages that are left, so that the log can start over. Past twice
// its limit it holds the writer until readers have gone, too, of whom the engine is one.
//
// A table whose key is one integer is stored by rowid; every other is clustered by its key (WITHOUT ROWID).
//
// A store opened for bulk loading (Options.Bulk) has one connection, one transaction for half a million events and no
// secondary indexes until Finish builds them and turns it into an ordinary store. Its journal keeps the old text of the
// pages that a transaction changes, so that a load that is killed is found where the last transaction ended
// (Options.Resume); new pages, most of a load, are written once. A filter of the keys that were put answers most
// look-ups of a load, which are of keys that are not there yet.
package sqlitestore
