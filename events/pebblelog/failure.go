package pebblelog

import (
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// fail ends the trust in the disk, with the first write or sync error. From then on nothing is acknowledged, read or
// written: after a failed fsync the pages may be gone although the next fsync succeeds, so only a new process that
// reads what is on the disk can say what is there. It returns the error every call gets from now on.
func (s *site) fail(err error) error {
	return s.life.Fail(fmt.Errorf("%w: %w", events.ErrFailed, err))
}

// engineLogger stands between Pebble and us. Pebble calls Fatalf where it cannot go on (a MANIFEST or commit that
// could not be written) and expects the process to end there. A library must not end it: the log fails instead,
// and from that moment no change reaches the disk (see latchfs.FS), so whatever Pebble does next does no harm.
type engineLogger struct{ site *site }

func (l engineLogger) Infof(string, ...any) {}

func (l engineLogger) Errorf(format string, args ...any) {
	l.site.Logger.Warn("pebble", "problem", fmt.Sprintf(format, args...))
}

func (l engineLogger) Fatalf(format string, args ...any) {
	err := l.site.fail(fmt.Errorf(format, args...))
	l.site.Logger.Error("the log has failed", "error", err)
}

// listener reports what happens in the background. A failed flush or compaction is tried again by Pebble, on new
// files; a damaged block is an error of the read that met it.
func (l engineLogger) listener() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			if l.site.life.Err() == nil {
				l.site.Logger.Warn("a flush or compaction failed and is tried again", "error", err)
			}
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			l.site.Logger.Error("a damaged block was found", "path", info.Path, "error", info.Details)
		},
	}
}
