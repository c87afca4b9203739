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
	// restartPatience is how long the writer is held for readers that still use an old part of the log, and lastPatience
	// how long if the log is twice as long as it may be.
	restartPatience = 50 * time.Millisecond
	lastPatience    = time.Second
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
	bound := 2 * s.opts.WALBytes
	for {
		select {
		case <-s.stop:
			return
		case <-s.full:
		case <-tick.C:
		}
		bound = s.shorten(c, bound)
	}
}

// shorten copies the log back and has it start over if it is longer than it may be. Longer than bound, it is worth holding
// the writer until readers have gone: each page that is read is looked up in all of the log, so the longer it is the slower
// is folding, and the longer the engine's own view is open, which is the slow reader then. shorten returns the next bound: if
// that did not help, there is a reader who stays for long, and it is tried again only when as much was written again.
func (s *Store) shorten(c *conn, bound int64) int64 {
	log, err := c.copyBack("PASSIVE")
	size := log.pages * pageSize
	switch {
	case err != nil || size <= s.opts.WALBytes:
	case size > bound:
		if !s.restartLog(c, lastPatience) {
			return size + s.opts.WALBytes
		}
	case c.almost(log.pages):
		s.restartLog(c, restartPatience)
	default:
		return bound
	}
	return 2 * s.opts.WALBytes
}

// almost copies what was written during the last copy, which ended with so many pages in the log, and so on: each round
// has less to copy and to sync than the one before. It reports whether so little is left that the writer may be held for
// it. A reader that is slow puts that off: what it kept from being copied would be copied while the writer is held, for
// seconds.
func (c *conn) almost(pages int64) bool {
	for range restartRounds {
		log, err := c.copyBack("PASSIVE")
		if err != nil || log.left > restartPages {
			return false
		}
		if log.pages-pages+log.left <= restartFew {
			return true
		}
		pages = log.pages
	}
	return true
}

// restartLog holds the writer while the last pages are copied, so that the log starts over with the next commit, and reports
// whether it will. Readers go on.
func (s *Store) restartLog(c *conn, patience time.Duration) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	c.sql.SetBusyTimeout(patience)
	log, err := c.copyBack("RESTART") // busy or failed: the next round tries again
	return err == nil && !log.busy
}

// copied says what a checkpoint left of the write-ahead log.
type copied struct {
	pages int64 // in the log
	left  int64 // of them, those that are not copied
	busy  bool  // readers kept it from its end
}

// copyBack runs one checkpoint.
func (c *conn) copyBack(mode string) (log copied, err error) {
	stmt, err := c.sql.Prepare("PRAGMA wal_checkpoint(" + mode + ")")
	if err != nil {
		return log, err
	}
	if _, err := stmt.Step(); err != nil {
		return log, err
	}
	log.pages = stmt.ColumnInt64(1)
	log.left = log.pages - stmt.ColumnInt64(2)
	log.busy = stmt.ColumnInt64(0) != 0
	return log, stmt.Reset()
}
