package logindex

import (
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
)

// fail is for a store that cannot be written (the disk is full, or broken). Nothing is lost by it, since everything is in
// the engine; but what readers would see is no longer what was added. It returns the error every call gets from now on.
func fail(l *life.Life, err error) error {
	return l.Fail(fmt.Errorf("%w: the index of the log cannot be written: %w", events.ErrFailed, err))
}

// Failed is closed when the store of the index cannot be written. Every call answers events.ErrFailed from then on: make
// room, and start the process again.
func (x *Index) Failed() <-chan struct{} { return x.life.Failed() }

// Err returns why the index failed, nil while it has not.
func (x *Index) Err() error { return x.life.Err() }

// engineLogger hears what Pebble says. Where it calls Fatalf it expects the process to end, which is not for a library to do.
type engineLogger struct{ life *life.Life }

func (engineLogger) Infof(string, ...any)  {}
func (engineLogger) Errorf(string, ...any) {}
func (l engineLogger) Fatalf(format string, args ...any) {
	_ = fail(l.life, fmt.Errorf(format, args...))
}
