// Package esdbtest is an EventStoreDB server for tests: the gRPC protocol of EventStoreDB and KurrentDB, in this process,
// over a real port, with its events in memory. Clients cannot tell it from a server in what it covers, and a test can do
// to it what nobody does to a server for fun.
//
//	Node (port, TLS, accounts, faults) ──► database (the transaction log, shared by the nodes of a cluster)
//	  Streams.Append / Read / Delete / Tombstone · Gossip.Read · ServerFeatures.GetSupportedMethods
//
// # What it follows
//
// The messages are the client module's own generated stubs (EventStore-Client-Go/v4/protos). How a server behaves behind
// them was taken from the server's source (EventStore/EventStore, src/EventStore.Core):
//
//   - Which appends are new, repeated or in conflict: IndexWriter.CheckCommit. With an exact revision that the stream has
//     passed, the ids that follow it decide: all the same, a success with the first answer's revision; otherwise a wrong
//     expected version, also if only a beginning is the same. With "any" or "stream exists" ids are remembered only for a
//     while (here: RememberIDs of them), and a repeat after that is stored again. An exact revision equal to the last one
//     never looks at ids.
//   - Errors and their trailers: RpcExceptions and Constants. A wrong expected version is part of the answer to Append
//     and an error with trailers for Delete and Tombstone; an Append of more than 1 MiB ends the call while the client
//     still sends, so that the client sees an end of stream first and finds the reason behind it.
//   - Reads: Streams.Read and Enumerators. Pages of 32 events; $all begins at a position, inclusive, a subscription after
//     it; a filtered subscription tells checkpoints each time it has looked at window × multiplier events and when it has
//     caught up; a missing stream is a message, a deleted one an error.
//   - Positions are bytes of the log: they grow, with gaps, and commit and prepare positions are the same.
//   - A follower refuses writes, and reads that ask for the leader, with "not-leader" and where the leader is.
//
// It leaves out what no c360 calls: persistent subscriptions, projections, BatchAppend (it does not claim to support it),
// links, $maxAge and $maxCount, ACLs per stream. Accounts have two rights instead: to read $all, and to write.
package esdbtest
