package sqlitestore

import (
	"time"

	"github.com/c360hq/c360/projections"
)

const (
	// checkpointRows is after how many rows the write-ahead log is copied back: a page that many commits change is
	// then copied once.
	checkpointRows = 20_000
	// checkpointIdle copies back what a quieter time left behind.
	checkpointIdle = time.Second
	// restartPatience is how long the writer is held for readers that still use an old part of the log.
	restartPatience = 50 * time.Millisecond
	// restartRounds is how often what was written during a copy is copied in its turn before the writer is held, and
	// restartFew is how many pages are so few that no more rounds are worth it.
	restartRounds, restartFew = 5, 500
	// restartPages is how many pages may be left to copy while the writer is held.
	restartPages = 2_000
)

// wrote tells the checkpointer what a commit added. The caller holds writing.
func (s *Store) wrote(c projections.Changes) {
	for _, t := range c.Tables {
		s.sinceCheckpoint += len(t.Put) + len(t.Delete)
	}
	if s.sinceCheckpoint < checkpointRows {
		return
	}
	s.sinceCheckpoint = 0
	select {
	case s.full <- struct{}{}:
	default:
	}
}

// checkpoints copies the write-ahead log back until the store is closed. An error is not the end: the log keeps
// what was not copied, the next round tries again, and Close copies the rest.
func (s *Store) checkpoints(c *conn) {
	defer close(s.checkpointed)
	tick := time.NewTicker(checkpointIdle)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-s.full:
		case <-tick.C:
		}
		if frames, _, err := c.copyBack("PASSIVE"); err == nil && frames*pageSize > s.opts.WALBytes && c.almost(frames) {
			s.restartLog(c)
		}
	}
}

// almost copies what was written during the last copy, which ended with so many pages in the log, and so on: each round
// has less to copy and to sync than the one before. It reports whether so little is left that the writer may be held for
// it. A reader that is slow puts that off: what it kept from being copied would be copied while the writer is held, for
// seconds.
func (c *conn) almost(frames int64) bool {
	for range restartRounds {
		now, left, err := c.copyBack("PASSIVE")
		if err != nil || left > restartPages {
			return false
		}
		if now-frames+left <= restartFew {
			return true
		}
		frames = now
	}
	return true
}

// restartLog holds the writer while the last pages are copied, so that the log starts over with the next commit.
// Readers go on.
func (s *Store) restartLog(c *conn) {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, _, _ = c.copyBack("RESTART") // busy or failed: the next round tries again
}

// copyBack runs one checkpoint and returns how many pages the write-ahead log holds, and how many of them are not copied.
func (c *conn) copyBack(mode string) (frames, left int64, err error) {
	stmt, err := c.sql.Prepare("PRAGMA wal_checkpoint(" + mode + ")")
	if err != nil {
		return 0, 0, err
	}
	if _, err := stmt.Step(); err != nil {
		return 0, 0, err
	}
	frames = stmt.ColumnInt64(1)
	return frames, frames - stmt.ColumnInt64(2), stmt.Reset()
}
