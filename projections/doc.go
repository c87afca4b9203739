// Package projections folds the log into what people work with, and keeps what it folded.
//
// What it is: the engine, the contracts on both sides of it, and the generations it fills. What it is not: it knows
// no customer, no HTTP and no database. What the rows mean is the business of the rooms below it ([Room]:
// projections/identity, profile, timeline, …); how they are stored is that of the drivers ([Store], [Factory]:
// projections/sqlitestore and pgstore), which all pass projections/storetest.
//
// How an event moves through it:
//
//	events.Log ──► read and decode ──► want · load · fold · settle · encode ──► commit ──► Store
//	               [NewTouch]          [Batch], [States]                        rows and [Checkpoint]
//	                                   one goroutine, the only one               in one transaction
//	                                   that touches rooms
//
// The three stages of the [Engine] run at the same time. What batch n leaves behind stays in the [Batch], so batch
// n+1 is folded while n is committed and reads nothing that n has yet to write.
//
// # What is promised
//
// A checkpoint is the position of an event that was folded, never a head that was asked for; it carries the log's
// hash there, and an engine whose log disagrees refuses to start ([ErrDiverged]). Rows and checkpoint are committed
// together, so an engine that dies at any moment goes on where it was. A position that the log leaves out stops the
// engine: nothing is skipped silently.
//
// An event that a room cannot fold is parked with its fragment ([ParkedEvent]): it and what follows of that fragment
// wait in order, as rows of the same transaction, while everything else flows. [Engine.Redrive] folds them when the
// room can; [Engine.Skip] takes down a decision to leave one out, which every generation keeps to that holds the decision.
// What was half folded when it failed is taken back by folding the events before it once more.
//
// # Generations
//
// A generation is a read store and what it was made by. [Generations] keeps several: the one that answers is reached
// through [Live], a rebuild is loaded in bulk beside it, [Generations.Pair] opens two of them at one position, and
// [Generations.Swap] moves the readers over in one step. The old one stays, and swapping
// to it is the way back.
//
// One process writes generations. Where the stores can be reached by more ([Shared]), it holds a [Claim]; the others
// read: [Generations.Follow] answers through the same [Live] and runs no engine, it watches the checkpoint and the live
// pointer. A second process that was started to fold stands by in the same way, and takes over when the claim is free.
// Whoever holds it looks every second which generation is named live, and goes over to that if he folds another: it is what
// all others read.
//
// How two differ, [Diff] says in two steps. Each table is summed up in 256 buckets, both sides at once; that is all for
// tables that are the same. Of the others both sides are walked side by side by key, and each row that differs names
// the fragments it is about ([Concerner]). So memory holds the fragments that differ and no rows.
//
// # One customer as of an instant
//
// A [Past] answers what was so of one customer as of an [Instant], on either clock, in milliseconds and exactly: it
// finds the island of fragments that the customer hung together with, reads their streams up to the instant, and folds
// them with the engine's own folder into a store in memory (projections/memstore). The live store only says where to
// look. What would not be exact, or not be small, is refused with the way that is: a generation of everybody.
//
// # Decisions
//
// States are kept decoded between batches in two halves that take turns ([Options].CacheBytes), rather than in a
// least-recently-used list: whoever was active lately is found without reading, nothing is kept in order for it, and
// dropping a half costs nothing.
//
// One state is one row, and a room asks for rows by key only. That is what lets the engine load a batch with one
// query a table and lets a driver be written in an afternoon.
package projections
