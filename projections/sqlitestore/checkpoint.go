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
		if frames, _, err := c.copyBack("PASSIVE"); err == nil && frames*pageSize > s.opts.WALBytes {
			s.restartLog(c)
		}
	}
}

// restartLog copies what was written during the last copy, and then holds the writer while the few pages written
// during this one are copied too, so that the log starts over with the next commit. Readers go on; one that is slow
// puts it off to the next round: what it kept from being copied would be copied while the writer is held, for seconds.
func (s *Store) restartLog(c *conn) {
	if _, left, err := c.copyBack("PASSIVE"); err != nil || left > restartPages {
		return
	}
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
