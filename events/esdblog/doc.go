// Package esdblog is an events.Log in EventStoreDB (23 or later) or KurrentDB (25 or later), for companies that have one.
//
// # What lies where
//
// Each c360 stream is a stream of the server, named c360-<stream> (the prefix can be chosen). Its events are the bodies: the
// JSON as it came, readable with the server's own tools, and the rest of the event as binary metadata; put together they are
// the record (body.go). EventStoreDB stores each stream atomically, but several streams in any order, and its log has no
// dense positions. So one more stream, c360-!commits, says what the log is: each commit names bodies, in order, gives
// them the next positions and recorded times, and carries the hash of the chain before and after them (commit.go). A body
// that no commit names is not part of the log: it is left of a process that ended between the two, or of an
// append that was overtaken. Nobody but c360 may write, delete or truncate these streams.
//
// The way of an append:
//
//	Append (many callers)        encode                                                       append.go
//	   │ request
//	sequence (one goroutine)     gather a group; duplicate? conflict? position, hash          sequence.go, judge.go
//	   │                         ├─ bodies, many streams at once, exact revisions, fixed ids  write.go
//	   │                         └─ the commit, behind the last one the index holds: the fence
//	EventStoreDB
//	   │ $all, only our prefix, from where the index ends
//	follower (one goroutine)     bodies wait for their commit; check the chain                walk.go, follow.go
//	   │
//	events/logindex              position → place; (source, id), streams; then the callers are answered
//
// The revision that a commit expects is a fence: it is stored only if the index had followed everything before it. So
// positions, duplicates and conflicts are exact, also with several processes on one log: whoever is overtaken
// follows, judges again and tries again. Reads go by the index to where the events lie in $all or in their stream, and every
// record is checked against the chain before it is served (read.go).
//
// # What can go wrong
//
//   - A call gets no answer, or an unclear one. Every call has a deadline (Options.Timeout); it is made again with the same
//     ids at the same revision until the server says what became of it, which is exact for exact revisions. A caller waits
//     as long as its context, and Options.Patience, allow; what it repeats afterwards is a duplicate if it was stored.
//   - The server is silent, or another node leads. The connection is replaced (link.go); closing it ends every call on
//     it, so nothing hangs longer than its deadline.
//   - Nothing arrives any more while nobody appends here. The server is asked every Options.Timeout where the log ends, and
//     what is silent is replaced (watch.go). Why a log cannot be followed, such as a password that was changed, is told once.
//   - The server has lost what was acknowledged (an old backup, a truncated stream, a changed byte): Open, the follower
//     and every read answer *events.CorruptError with the position and the remedy, and the log takes no more. A node that was
//     deposed looks like that for a moment, so what it says of the end is believed after five seconds only (tail.go).
//   - The index is lost or damaged: it is made anew, with the same positions and hashes.
//   - Rights, passwords, TLS, versions: checked by Open before anything is made (open.go, target.go).
//
// It speaks through the generated stubs of the required client module and reads connection strings with its
// parser, but does not use its Client: in version 4.2.0 calls of that one hang for ever once its discovery failed, whatever
// their context says, its Close can panic beside a call, and odd metadata of any event ends the process.
//
// It is not a server, and keeps nothing of its own but the index. Proved against esdbtest, a server after the protocol and
// the source of EventStoreDB; the same suite runs against a real one when C360_TEST_ESDB_URL names it.
package esdblog
