// Package pebblelog is the events.Log that c360 carries inside: one Pebble store, no server.
//
// The way of an append:
//
//	Append (many callers)      encode, hash ids, look them up in the store      append.go
//	   │ request
//	sequence (one goroutine)   duplicate? conflict? position, recorded time,    sequence.go, recent.go
//	   │                       hash chain; write the group to Pebble
//	   │ group                 … while the group before is being synced
//	settle (one goroutine)     wait for fsync → mark → readers → callers        settle.go, mark.go
//
// Readers see events up to the committed head only, which settle moves forward group by group; that is why nobody
// sees position n+1 before n, or an event that a power cut could still take away.
//
// # What can go wrong
//
//   - kill -9, power cut: every acknowledged event is there at the next Open. See mark.go for what the
//     high-water mark promises in either case.
//   - A write or sync error: the log fails for good (failure.go). Every later call answers events.ErrFailed, and the
//     channel Failed returns is closed: end the process, start it again. Pebble would call Fatalf or panic in such
//     moments, so it does not learn of them: nothing it does afterwards reaches the disk (package latchfs).
//   - A full disk: Append answers events.ErrFull while there is less room than the reserve (space.go), reads go on,
//     and so do appends as soon as there is room.
//   - A lost tail, an old copy, a foreign store: Open compares the store with the high-water mark before it
//     changes anything, and answers *events.CorruptError with the command that mends it (open.go, compare.go).
//   - A flipped bit: Pebble has a checksum over every block, and never returns a damaged one; what it would overlook (a
//     damaged end of its WAL or MANIFEST) shows as a lost tail, a gap, or a break in the hash chain. Open checks the last
//     thousand events, a read checks that no position is missing, Verify and Scrub check everything (verify.go).
//     Salvage reads around damage (salvage.go).
//
// It is not a server, not replicated, and not shared: one process has the store open.
package pebblelog
