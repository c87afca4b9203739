package events

import (
	"context"
	"errors"
	"fmt"
)

// Log is the append-only log: the truth from which everything else can be rebuilt. Its drivers live in the
// packages below this one and all pass the suite in events/logtest.
//
// Every call honours its context. A nil error from Append means that every appended event survives kill -9
// and power loss. A reader never sees position n+1 before n. Callers and drivers share no memory: a driver
// copies what it keeps, and what it returns belongs to the caller.
type Log interface {
	// Append stores the entries in order and returns one Result for each. Entries are judged one by one: a
	// duplicate or a conflict takes nothing away from its neighbours. Append is not atomic over several
	// entries on every engine; a caller that gets an error appends the same entries again, and (source, id)
	// keeps the repeat from counting twice. It takes at most MaxAppend entries. Errors: ErrFull, ErrFailed, ErrClosed, *EntryError, ctx.Err().
	Append(ctx context.Context, entries ...Entry) ([]Result, error)
	// Read returns up to limit events with positions after after, in order; none if there are no more yet.
	Read(ctx context.Context, after Position, limit int) ([]Recorded, error)
	// ReadStream is Read for the events of one stream.
	ReadStream(ctx context.Context, stream string, after Position, limit int) ([]Recorded, error)
	// At returns the events at these positions, in the order asked; ErrNoPosition if one is not there.
	At(ctx context.Context, positions ...Position) ([]Recorded, error)
	// Head returns the position and hash of the last event, zeros for an empty log.
	Head(ctx context.Context) (Head, error)
	// Wait returns when the log holds an event after after, or ctx ends. It is a hint: it may return early.
	Wait(ctx context.Context, after Position) error
	// Verify reads everything and checks it against itself and the high-water mark; nil means sound. progress may be nil.
	Verify(ctx context.Context, progress func(done, total Position)) error
	// Close waits for appends under way and releases the log.
	Close() error
}

// Head is the end of a log.
type Head struct {
	Position Position
	Hash     Hash
}

// Entry is one event to append and the stream to append it to.
type Entry struct {
	Stream   string
	Expected Expected
	Event    Event
}

// Touchpoint returns the entry that appends a touchpoint to its own stream, whatever is there already.
func Touchpoint(e Event) Entry { return Entry{Stream: e.Stream(), Event: e} }

// Expected is what the caller believes about a stream: the zero value is "I do not care".
// A stream's version is the position of its last event, 0 while it is empty.
type Expected struct {
	set     bool
	version Position
}

// Version expects the last event of the stream to be at that position (0: the stream is empty).
func Version(last Position) Expected { return Expected{set: true, version: last} }

// Check reports whether the expectation holds for a stream whose last event is at actual.
func (x Expected) Check(actual Position) bool { return !x.set || x.version == actual }

// IsSet reports whether the caller expects anything at all.
func (x Expected) IsSet() bool { return x.set }

// Outcome is what became of an entry.
type Outcome uint8

const (
	// Appended: stored, at Result.Position.
	Appended Outcome = 1 + iota
	// Duplicate: an event with this (source, id) is already stored, at Result.Position; nothing was done.
	Duplicate
	// Conflict: the stream's version was Result.Position, not the expected one; nothing was done.
	Conflict
)

// String returns the outcome in lower case.
func (o Outcome) String() string {
	switch o {
	case Appended:
		return "appended"
	case Duplicate:
		return "duplicate"
	case Conflict:
		return "conflict"
	}
	return fmt.Sprintf("outcome(%d)", uint8(o))
}

// Result is the answer to one Entry.
type Result struct {
	Outcome  Outcome
	Position Position
}

var (
	// ErrFull: there is no room on the disk. Nothing was stored, nothing is lost; try again when there is room.
	ErrFull = errors.New("log: no room left on the disk; free some space, the log goes on by itself")
	// ErrFailed: writing or syncing failed and the log no longer trusts its engine. Stop the process and start
	// it again: it recovers every acknowledged event. Never retry an fsync.
	ErrFailed = errors.New("log: a write or sync failed; restart c360 to recover every acknowledged event")
	// ErrClosed: the log was closed.
	ErrClosed = errors.New("log: closed")
	// ErrNoPosition: At was asked for a position the log does not hold.
	ErrNoPosition = errors.New("log: no event at that position")
)

// CorruptError says that what is stored is not what was acknowledged. Nothing is served past it.
type CorruptError struct {
	// Position is the first event in doubt.
	Position Position
	// What was found, and Remedy: the command to run next.
	What, Remedy string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("log: corrupt at position %d: %s; %s", e.Position, e.What, e.Remedy)
}

// EntryError says which entry of an Append can never be stored, and why.
type EntryError struct {
	Index int
	Err   error
}

func (e *EntryError) Error() string { return fmt.Sprintf("log: entry %d: %v", e.Index, e.Err) }

// Unwrap returns the reason.
func (e *EntryError) Unwrap() error { return e.Err }
