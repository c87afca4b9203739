package pebblelog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/idfilter"
	"github.com/c360hq/c360/events/life"
)

// Log is an events.Log on one Pebble store. Its methods may be called from many goroutines.
type Log struct {
	site *site
	life *life.Life
	db   *pebble.DB
	mark *markFile

	requests chan *request // appends, to the sequencer
	groups   chan *group   // commits on their way to the disk, to the settler
	next     sequence      // the sequencer's own
	applied  atomic.Uint64 // number of the last group readers of db can see
	filter   *idfilter.Filter

	committed atomic.Pointer[events.Head] // the last event that is durable and marked
	bell      life.Bell
	dirty     atomic.Bool // the mark was written since it was synced

	done   sync.WaitGroup // sequencer, settler, mark syncer, filter loader
	wedged atomic.Bool    // Pebble panicked inside a commit and holds its locks for ever
}

var _ events.Log = (*Log)(nil)

func newLog(ctx context.Context, s *site, db *pebble.DB, file *markFile, m mark, last time.Time) *Log {
	l := &Log{
		site: s, life: s.life, db: db, mark: file,
		requests: make(chan *request, 64),
		groups:   make(chan *group),
	}
	l.filter = idfilter.New(int(m.head.Position)) //nolint:gosec // far below 2^63
	l.next = sequence{log: l, identity: m.identity, head: m.head, last: last, recent: newRecent(), space: space{site: s}}
	l.committed.Store(&m.head)
	l.dirty.Store(true)
	l.done.Add(4)
	go l.next.run()
	go l.settle()
	go l.syncMark()
	go l.loadFilter(context.WithoutCancel(ctx))
	return l
}

// loadFilter makes the filter complete. Without it the log is slower, not wrong.
func (l *Log) loadFilter(ctx context.Context) {
	defer l.done.Done()
	ctx, cancel := l.untilClosed(ctx)
	defer cancel()
	if err := fillFilter(ctx, l.filter, l.db); err != nil && ctx.Err() == nil {
		l.site.Logger.ErrorContext(ctx, "the ids cannot be read; run c360 verify", "error", err)
	}
}

// Failed is closed when the log has failed: the process should end and start again.
func (l *Log) Failed() <-chan struct{} { return l.life.Failed() }

// Err returns why the log failed, nil while it has not.
func (l *Log) Err() error { return l.life.Err() }

func (l *Log) head() events.Head { return *l.committed.Load() }

// syncMark syncs the mark every second, as its doc promises.
func (l *Log) syncMark() {
	defer l.done.Done()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if l.dirty.Swap(false) {
				if err := l.mark.sync(); err != nil {
					_ = l.site.fail(err)
				}
			}
		case <-l.life.Closing():
			return
		}
	}
}

// Close implements events.Log. After a failure it leaves the files as they are.
func (l *Log) Close() error { return l.life.Close(l.release) }

// release gives back what Open took, when no call is under way any more.
func (l *Log) release() error {
	close(l.requests)
	if !l.finished() {
		return errors.Join(l.mark.close(), l.site.lock.Close())
	}
	var err error
	if l.life.Err() == nil {
		err = errors.Join(l.mark.sync(), l.life.Err())
	}
	return errors.Join(err, l.mark.close(), l.closeEngine(), l.site.lock.Close())
}

// finished waits for the goroutines. If Pebble is stuck after a failure there is nothing to close, and false is returned.
func (l *Log) finished() bool {
	done := make(chan struct{})
	go func() {
		l.done.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-l.stuck():
	}
	return !l.wedged.Load()
}

// stuck returns a channel that is closed when waiting any longer makes no sense; it never is while the log is well.
func (l *Log) stuck() <-chan struct{} {
	ch := make(chan struct{})
	if l.life.Err() != nil {
		time.AfterFunc(time.Second, func() {
			l.wedged.Store(true)
			close(ch)
		})
	}
	return ch
}

// closeEngine closes Pebble. Once the log has failed, Pebble's own complaints say nothing new.
func (l *Log) closeEngine() error {
	if err := l.db.Close(); err != nil && l.life.Err() == nil {
		return err
	}
	return nil
}
