// Package inlet takes touchpoints from NATS: whoever publishes a CloudEvent to c360.touchpoints.SOURCE has told c360,
// even while c360 is stopped.
//
// It reads nothing itself: a message goes the way of a request to POST /v1/events (services/ingest), with the source
// that its subject names, that source's grade, and the same refusals. Who may speak for a source is decided where it is
// published: give every publisher the right to its own subject only.
//
// How a message moves through it:
//
//	JetStream stream C360_INLET ──► durable pull consumer "c360", shared by all ingest processes
//	  gather     up to 1,000 messages or 4 MB, or what came in 50 ms                     feed.go
//	  wait       until readers of the log keep up: NATS is where touchpoints wait best   [Ingest].Ready
//	  take       decode, normalise, append: durable                                      [Ingest].Take
//	  settle     ack what is stored, terminate what is refused and kept as a reject      store.go
//	             put off what names a source that is unknown or disabled here            strangers.go
//
// # What is promised
//
// A message is acknowledged only when its event is durable in the log or kept as a reject, so nothing that NATS took is
// lost while a message is younger than the stream's age limit (7 days). What comes twice (a crash before the ack, an
// ack that got lost, two processes) is a duplicate that the log knows by source and id: one event, whatever happens.
// Messages of one publisher are stored in the order of the stream as long as one process takes them and nothing fails;
// folds do not depend on it.
//
// A message whose source is unknown or disabled here is brought again every 15 seconds, to whichever process, before it
// is refused after 40 times: while the sources change, one process after the other, nothing is lost to the rejects. That
// holds for about 2,000 messages that a process puts off in 15 seconds (up to twice as many wait at once), and every
// delivery counts, also one after an outage; a publisher nobody knows must not hold up the others.
//
// While readers are behind, or the log cannot take events, nothing is acknowledged: the batch waits or is tried again,
// is kept from coming round meanwhile, and goes back after half a minute of failing for another process to try.
//
// The stream is made when it is missing, with limits retention: with work-queue or interest retention a broken link
// between NATS servers loses messages (and such a stream is refused). So messages stay until they are 7 days old,
// taken or not; give the stream max_bytes, or another age, as it suits the disk. How durable a publisher's
// acknowledgement is, NATS decides: replicas, and sync_interval always on a single server.
package inlet
