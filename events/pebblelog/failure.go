package pebblelog

import (
	"fmt"
	"log/slog"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// failure is the state a log enters with its first write or sync error, and never leaves. From then on nothing is
// acknowledged, read or written: after a failed fsync the pages may be gone although the next fsync succeeds, so
// only a new process that reads what is on the disk can say what is there.
type failure struct {
	once sync.Once
	ch   chan struct{}
	err  error // set before ch is closed
}

func newFailure() *failure { return &failure{ch: make(chan struct{})} }

func (f *failure) fail(err error) {
	f.once.Do(func() {
		f.err = fmt.Errorf("%w: %w", events.ErrFailed, err)
		close(f.ch)
	})
}

// check returns the error every call gets once the log has failed.
func (f *failure) check() error {
	select {
	case <-f.ch:
		return f.err
	default:
		return nil
	}
}

// engineLogger stands between Pebble and us. Pebble calls Fatalf where it cannot go on (a MANIFEST or commit that
// could not be written) and expects the process to end there. A library must not end it: the log fails instead,
// and from that moment no change reaches the disk (see latchfs.FS), so whatever Pebble does next does no harm.
type engineLogger struct {
	log     *slog.Logger
	failure *failure
}

func (l engineLogger) Infof(string, ...any) {}

func (l engineLogger) Errorf(format string, args ...any) {
	l.log.Warn("pebble", "problem", fmt.Sprintf(format, args...))
}

func (l engineLogger) Fatalf(format string, args ...any) {
	l.failure.fail(fmt.Errorf(format, args...))
	l.log.Error("the log has failed", "error", l.failure.err)
}

// listener reports what happens in the background. A failed flush or compaction is tried again by Pebble, on new
// files; a damaged block is an error of the read that met it.
func (l engineLogger) listener() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			if l.failure.check() == nil {
				l.log.Warn("a flush or compaction failed and is tried again", "error", err)
			}
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			l.log.Error("a damaged block was found", "path", info.Path, "error", info.Details)
		},
	}
}
