// Package logcopy moves a log from one engine to another: every event with its position, recorded time, stream and hash,
// so that read models folded from either are the same row by row.
//
//	from (events.Log)                            to (events.Log and events.Restorer)
//	   │ pages, read one ahead           read.go      ▲
//	   └────────────── Copy ─────── Restore ──────────┘      copy.go
//	                    begins behind the target's head; its hash must be the source's there (start.go)
//	   │                                              │
//	   └────────────── Compare ───────────────────────┘      compare.go
//	                    reads both again: every field, every hash, and the chain anew
//
// A copy keeps no notes: where to go on is where the target ends. So it may be cut off anywhere, and run again.
//
// It is not a replica: it copies what the source holds when it begins. It knows no engine, opens and closes nothing, and
// touches nothing but the target.
package logcopy
