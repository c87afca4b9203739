// Package pgstore keeps the read stores of generations in PostgreSQL.
//
// What it is: a driver of [projections.Store] and [projections.Factory] on pgx. A generation is a schema
// (c360_000002) of ordinary tables; what generations there are, and which one is live, is in three small tables of the
// schema c360. What it is not: a place for truth. Everything in it can be folded again from the log.
//
// How data moves through it:
//
//	Commit ──► writer (one connection, one transaction a batch) ─ COPY of rows that are new for certain
//	                                                            ─ INSERT … SELECT unnest … ON CONFLICT of the rest
//	                                                            ─ checkpoint, compared and moved ──► COMMIT
//	View   ──► readers (a pool; each View is one REPEATABLE READ, READ ONLY transaction)
//
// # One writer
//
// The connection that commits holds an advisory lock of the generation for as long as it lives, so the lock cannot be lost
// without the connection: a second process gets [ErrTaken] until the first is gone, and takes over then. The checkpoint
// counts commits. Whoever becomes the writer compares that count with the one it read before it began to fold, and a
// commit moves it on from the number the writer knows, or fails: what was folded on rows that have changed since is never
// written ([ErrMoved]). Both may be tried again, from the checkpoint; the engine does. [Factory.Lock] is how a process
// waits for its turn without folding for nothing.
//
// When the connection breaks during COMMIT nobody knows whether the rows are in. Then the checkpoint tells: the engine
// reads it before it goes on.
//
// # Order and values
//
// Every engine orders rows alike: text is COLLATE "C", blobs are bytea, both in the order of their bytes. PostgreSQL's text
// takes neither NUL nor broken UTF-8, Go's does: see escape. Index scans do not depend on statistics: the readers'
// sessions leave the planner no choice but the index.
//
// # Bulk loading
//
// A bulk load has no secondary indexes until Finish builds them, and does not wait for the disk at each commit
// (synchronous_commit off: a crash of the server takes the last commits whole, checkpoint included). All other commits are
// durable as the server is set up to make them. The tables are logged all along: writing them to the log once is cheaper
// than what SET LOGGED costs at the end, and leaves a load that can be gone on with.
//
// PostgreSQL 13 and later. A pool in between (PgBouncer) has to keep sessions whole (pool_mode=session).
package pgstore
