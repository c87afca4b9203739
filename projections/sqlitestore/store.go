package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Store is a read store in one SQLite file. Its methods may be called from many goroutines.
type Store struct {
	opts  Options
	plans []*plan
	byTab map[*projections.Table]*plan

	state  sync.RWMutex // guards the six below; taken after writing, never before
	pool   *pool
	bulk   bool // no Finish yet
	broken bool // a bulk load failed half way
	closed bool
	loaded projections.Checkpoint // how far a bulk load is
	known  *known                 // of a bulk load that began with nothing; else nil

	whole   sync.Mutex // held for a whole batch, and by Finish and Close; taken before writing, which breathe lets go
	writing sync.Mutex // held while the writer's connection is in use
	writer  *conn
	durable events.Position // how far a bulk load would be found after a crash; guarded by writing

	checkpointer    *conn
	sinceCheckpoint int           // rows written; guarded by writing
	full            chan struct{} // wakes the checkpointer
	stop            chan struct{}
	checkpointed    chan struct{} // closed when the checkpointer has ended
}

var _ projections.Store = (*Store)(nil)

// Open opens the file, or makes it.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	if err := o.Spec.Validate(); err != nil {
		return nil, err
	}
	s := &Store{opts: o, byTab: map[*projections.Table]*plan{}, bulk: o.Bulk}
	for _, t := range o.Spec.Tables {
		p := newPlan(t)
		s.plans = append(s.plans, p)
		s.byTab[t] = p
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.openFile(); err != nil {
		return nil, fmt.Errorf("open the read store %s: %w", o.Path, damaged(err))
	}
	return s, nil
}

func (s *Store) openFile() error {
	w, err := s.connect(s.writerPragmas())
	if err != nil {
		return err
	}
	meta, err := readMeta(w.sql)
	switch {
	case err != nil:
	case len(meta) == 0:
		err = s.create(w.sql)
	default:
		err = s.check(meta)
	}
	if err != nil {
		return errors.Join(err, w.close())
	}
	s.writer = w
	if s.bulk && meta[metaState] == stateReady {
		return s.serveFinished()
	}
	if s.bulk {
		return s.resumeLoad()
	}
	return s.serve()
}

// damaged adds to an error of SQLite that the file is no database, if it says so.
func damaged(err error) error {
	if code := sqlite.ErrCode(err).ToPrimary(); code == sqlite.ResultNotADB || code == sqlite.ResultCorrupt {
		return fmt.Errorf("%w: %w", err, projections.ErrDamaged)
	}
	return err
}

// serveFinished opens a store for readers whose bulk load was finished before it was opened.
func (s *Store) serveFinished() (err error) {
	s.bulk, s.opts.Bulk = false, false
	if err := s.writer.close(); err != nil {
		return err
	}
	if s.writer, err = s.connect(s.livePragmas()); err != nil {
		return err
	}
	return s.serve()
}

// serve opens the store for readers and keeps its write-ahead log short.
func (s *Store) serve() error {
	c, err := s.connect(s.livePragmas())
	if err != nil {
		return errors.Join(err, s.writer.close())
	}
	s.pool = newPool(s.opts.Readers, func() (*conn, error) { return s.connect(s.readerPragmas()) })
	s.full, s.stop, s.checkpointed = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	s.checkpointer = c
	go s.checkpoints(c)
	return nil
}

func (s *Store) writerPragmas() []string {
	if s.bulk {
		return s.bulkPragmas()
	}
	return s.livePragmas()
}

func (s *Store) bulkPragmas() []string {
	return []string{
		fmt.Sprintf("PRAGMA page_size=%d", pageSize), "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=TRUNCATE",
		"PRAGMA synchronous=FULL", fmt.Sprintf("PRAGMA cache_size=-%d", s.opts.CacheBytes/1024),
	}
}

func (s *Store) livePragmas() []string {
	return []string{
		fmt.Sprintf("PRAGMA page_size=%d", pageSize), "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL",
		"PRAGMA wal_autocheckpoint=0", fmt.Sprintf("PRAGMA journal_size_limit=%d", s.opts.WALBytes),
		fmt.Sprintf("PRAGMA cache_size=-%d", s.opts.CacheBytes/2/1024),
	}
}

func (s *Store) readerPragmas() []string {
	return []string{
		"PRAGMA query_only=1", "PRAGMA wal_autocheckpoint=0",
		fmt.Sprintf("PRAGMA cache_size=-%d", s.opts.CacheBytes/2/1024/s.opts.Readers),
	}
}

// connect opens a connection with the pragmas given. Only the first may make the file: one that has gone since was dropped.
func (s *Store) connect(pragmas []string) (*conn, error) {
	flags := sqlite.OpenReadWrite
	if s.writer == nil && !s.opts.there {
		flags |= sqlite.OpenCreate
	}
	c, err := sqlite.OpenConn(s.opts.Path, flags)
	if err != nil {
		return nil, err
	}
	c.SetBusyTimeout(busyTimeout)
	for _, p := range pragmas {
		if err := sqlitex.ExecuteTransient(c, p, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", p, err), c.Close())
		}
	}
	return &conn{sql: c, store: s, gets: map[*plan]*sqlite.Stmt{}, puts: map[*plan]*sqlite.Stmt{}, scans: map[shape][]*scan{}}, nil
}

func (s *Store) plan(t *projections.Table) (*plan, error) {
	if p, ok := s.byTab[t]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("table %s is not part of the read store", t.Name)
}

// Close waits for the views that are open and for the writer, and closes the file.
func (s *Store) Close() error {
	s.state.Lock()
	if s.closed {
		s.state.Unlock()
		return nil
	}
	s.closed = true
	p := s.pool
	s.state.Unlock()
	var err error
	if p != nil {
		close(s.stop)
		<-s.checkpointed
		err = errors.Join(p.close(), s.checkpointer.close())
	}
	s.whole.Lock()
	defer s.whole.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	return errors.Join(err, s.keepLoad(), s.writer.close())
}

// usable returns why nothing can be read or written, if so, and whether this is a bulk load.
func (s *Store) usable() (bulk bool, p *pool, err error) {
	s.state.RLock()
	defer s.state.RUnlock()
	switch {
	case s.closed:
		return false, nil, projections.ErrClosed
	case s.broken:
		return false, nil, projections.ErrUnfinished
	}
	return s.bulk, s.pool, nil
}
