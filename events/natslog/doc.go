// Package natslog is the events.Log on a NATS cluster: one JetStream stream, many events per message.
//
// The way of an append:
//
//	Append (many callers)      encode, hash ids, look them up in the index        append.go
//	   │ request
//	sequence (one goroutine)   duplicate? conflict? position, recorded time,      sequence.go, recent.go
//	   │                       hash chain; a frame of all that waits, compressed  group.go, frame.go
//	   │ frame                 … while the frame before is on its way
//	publish (one goroutine)    publish it behind the fence, until it is certain   publish.go, turn.go
//	   │ landing               what became of it
//	settle (one goroutine)     index → readers → callers                          settle.go
//
// The fence is the expected last sequence number: the server stores a frame only if it comes right after the last message
// that this process has followed. So repeats, conflicts and positions are exact though many processes write: whoever comes
// too late follows the stream (follow.go), judges its events again and publishes another frame. An acknowledgement that does
// not come is no answer; the stream itself is asked what it holds. Each frame says after which position and hash it
// belongs, and who follows the stream checks that, so the log does not depend on the server keeping the order.
//
// Readers ask the local index (package logindex, in Options.Dir) for places and fetch frames with direct gets, which any
// replica answers (fetch.go, read.go, cache.go). A process hears of the frames of others from hints they publish, and asks
// once a second in any case; there is no consumer on the server that could linger or be lost.
//
// # What can go wrong
//
//   - A node or the leader is lost, all nodes restart: appends wait and go on when there is a leader. Whoever gives up first
//     (ctx) does not know whether the event is stored, and appends it again: it is a duplicate, or it is new.
//   - The server has no room: Append answers events.ErrFull, reads go on, and so do appends when there is room. (A server
//     whose disk is full to the last byte stops JetStream; then appends wait.)
//   - The stream ends earlier than it did (and says so for some seconds), lacks a message, holds something else, or was
//     made anew: the log fails with an events.CorruptError that says "diverged", at Open or while it runs; Failed is closed
//     then. After each time the stream was out of sight the tip is compared before anything is published (doubt.go).
//   - Another stream of that name, other settings, one replica without sync always, no permission, a server before 2.11:
//     Open refuses and says why (check.go).
//
// What it needs on the server: to publish to c360.log.STREAM, c360.tail.STREAM and, below $JS.API, to INFO,
// STREAM.INFO.STREAM, STREAM.CREATE.STREAM (unless it exists), STREAM.MSG.GET.STREAM and DIRECT.GET.STREAM; to subscribe to
// c360.tail.STREAM and _INBOX.>.
package natslog
