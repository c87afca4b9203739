package logindex

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/c360hq/c360/events"
)

// fault is the state an index enters when its store cannot be written (the disk is full, or broken), and never leaves.
// Nothing is lost by it, since everything is in the engine; but what readers would see is no longer what was added.
type fault struct {
	once   sync.Once
	ch     chan struct{}
	err    error       // set before ch is closed
	wedged atomic.Bool // Pebble panicked and holds its locks for ever
}

func (f *fault) fail(err error) error {
	f.once.Do(func() {
		f.err = fmt.Errorf("%w: the index of the log cannot be written: %w", events.ErrFailed, err)
		close(f.ch)
	})
	return f.err
}

func (f *fault) check() error {
	select {
	case <-f.ch:
		return f.err
	default:
		return nil
	}
}

// Failed is closed when the store of the index cannot be written. Every call answers events.ErrFailed from then on: make
// room, and start the process again.
func (x *Index) Failed() <-chan struct{} { return x.fault.ch }

// Err returns why the index failed, nil while it has not.
func (x *Index) Err() error { return x.fault.check() }

// engineLogger hears what Pebble says. Where it calls Fatalf it expects the process to end, which is not for a library to do.
type engineLogger struct{ fault *fault }

func (engineLogger) Infof(string, ...any)  {}
func (engineLogger) Errorf(string, ...any) {}

func (l engineLogger) Fatalf(format string, args ...any) {
	_ = l.fault.fail(fmt.Errorf(format, args...))
}
