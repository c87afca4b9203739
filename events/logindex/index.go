package logindex

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/idfilter"
	"github.com/c360hq/c360/events/life"
)

// ErrForeign: the directory holds the index of another log than the one that was named.
var ErrForeign = errors.New("logindex: the index belongs to another log")

// Options say where an index lives and what it is an index of.
type Options struct {
	// Dir is the directory of the store. It is made if it is missing, and may be deleted while nobody has it open.
	Dir string
	// Log names the log so precisely that another one which took its place is told apart: not only the name of a
	// stream, but also when it was created, or an id that the engine gave it.
	Log string
	// Logger hears when an index is made anew; nil is silence.
	Logger *slog.Logger
	// FS is the file system; nil is the operating system's.
	FS vfs.FS
	// CacheBytes is the size of the block cache; 32 MiB if zero.
	CacheBytes int64
}

// Index is an open index. Its methods may be called from many goroutines, but only one at a time may Add or Append.
type Index struct {
	db   *pebble.DB
	lock *pebble.Lock
	end  atomic.Pointer[End]
	ids  *idfilter.Filter
	life *life.Life
	bell life.Bell

	filled sync.WaitGroup // the filter is
	wedged atomic.Bool    // Pebble panicked inside a commit and holds its locks for ever
}

// End returns how far the index has come.
func (x *Index) End() End { return *x.end.Load() }

// Grown returns a channel that is closed when the index has come further.
func (x *Index) Grown() <-chan struct{} { return x.bell.Wait() }

// Wait returns when the index holds an event after after. Errors: events.ErrClosed, ctx.Err().
func (x *Index) Wait(ctx context.Context, after events.Position) error {
	return x.until(ctx, func(e *End) bool { return e.Position > after })
}

// WaitPlace returns when the index has followed the engine up to and including a place. Errors: events.ErrClosed, ctx.Err().
func (x *Index) WaitPlace(ctx context.Context, place Place) error {
	return x.until(ctx, func(e *End) bool { return e.Place.Compare(place) >= 0 })
}

func (x *Index) until(ctx context.Context, reached func(*End) bool) error {
	return x.life.Until(ctx, x.Grown, func() bool { return reached(x.end.Load()) })
}

// Close closes the store. Calls under way end first, later ones answer events.ErrClosed.
func (x *Index) Close() error { return x.life.Close(x.release) }

func (x *Index) release() error {
	x.filled.Wait()
	var err error
	if !x.wedged.Load() {
		err = x.db.Close()
	}
	if x.life.Err() != nil {
		err = nil // it says nothing new
	}
	return errors.Join(err, x.lock.Close())
}

// enter begins a call that needs the store. It has no context: no call here takes long.
//
//nolint:contextcheck,nolintlint // callers are not told to pass theirs on
func (x *Index) enter() error { return x.life.Enter(context.Background()) }
