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
	db    *pebble.DB
	lock  *pebble.Lock
	end   atomic.Pointer[End]
	ids   *idfilter.Filter
	fault *fault
	bell  bell

	use     sync.RWMutex // held for reading by every call that needs db, for writing by Close
	closing chan struct{}
	closed  sync.Once
	filled  sync.WaitGroup // the filter is
}

// End returns how far the index has come.
func (x *Index) End() End { return *x.end.Load() }

// Grown returns a channel that is closed when the index has come further.
func (x *Index) Grown() <-chan struct{} { return x.bell.wait() }

// Wait returns when the index holds an event after after. Errors: events.ErrClosed, ctx.Err().
func (x *Index) Wait(ctx context.Context, after events.Position) error {
	return x.until(ctx, func(e *End) bool { return e.Position > after })
}

// WaitPlace returns when the index has followed the engine up to and including a place. Errors: events.ErrClosed, ctx.Err().
func (x *Index) WaitPlace(ctx context.Context, place Place) error {
	return x.until(ctx, func(e *End) bool { return e.Place.Compare(place) >= 0 })
}

func (x *Index) until(ctx context.Context, reached func(*End) bool) error {
	for {
		grown := x.Grown()
		if err := x.ready(ctx); err != nil || reached(x.end.Load()) {
			return err
		}
		select {
		case <-grown:
		case <-ctx.Done():
		case <-x.closing:
		case <-x.fault.ch:
		}
	}
}

// Close closes the store. Calls under way end first, later ones answer events.ErrClosed.
func (x *Index) Close() error {
	var err error
	x.closed.Do(func() {
		close(x.closing)
		x.filled.Wait()
		x.use.Lock()
		defer x.use.Unlock()
		if !x.fault.wedged.Load() {
			err = x.db.Close()
		}
		if x.fault.check() != nil {
			err = nil // it says nothing new
		}
		err = errors.Join(err, x.lock.Close())
	})
	return err
}

func (x *Index) ready(ctx context.Context) error {
	select {
	case <-x.closing:
		return events.ErrClosed
	default:
	}
	if err := x.fault.check(); err != nil {
		return err
	}
	return ctx.Err()
}

// enter begins a call that needs the store; leave ends it.
func (x *Index) enter() error {
	x.use.RLock()
	select {
	case <-x.closing:
		x.use.RUnlock()
		return events.ErrClosed
	default:
	}
	if err := x.fault.check(); err != nil {
		x.use.RUnlock()
		return err
	}
	return nil
}

func (x *Index) leave() { x.use.RUnlock() }

// bell wakes everybody who waits, each time it rings.
type bell struct {
	mu sync.Mutex
	ch chan struct{} // nil while nobody waits
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
