package pgstore

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

const (
	// lockPoll is how often somebody who waits looks whether the lock is free. Waiting in the server would keep a
	// snapshot open, and with it every version of every row.
	lockPoll = 300 * time.Millisecond
	// lockCheck is how often the holder asks whether the server is there, beside hearing at once when it says good-bye.
	lockCheck = 5 * time.Second
)

// lock is the turn of one process to write.
type lock struct {
	f    *Factory
	conn *pgx.Conn
	lost chan struct{}
}

// Lock waits until no other process has the lock of these generations, and takes it: then it is this process's turn to run
// engines on them. It waits as long as ctx does, also for a server that is away.
//
// While the server is away nobody can write, so the lock is not lost: it is taken again as soon as the server is back. lost
// is closed when another process has it then; engines have to be stopped, and Lock called again. That is a matter of order,
// not of safety: commits of the one and the other never mix (see the package). release gives the lock back; it is called
// once, also after it was lost.
func (f *Factory) Lock(ctx context.Context) (lost <-chan struct{}, release func(), err error) {
	l := &lock{f: f, lost: make(chan struct{})}
	if err := l.wait(ctx); err != nil {
		l.drop(ctx)
		return nil, nil, err
	}
	return l.lost, l.keep(ctx), nil
}

// keep watches over a lock that was taken, until release is called.
func (l *lock) keep(ctx context.Context) (release func()) {
	watching, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var watch sync.WaitGroup
	watch.Go(func() { l.watch(watching) })
	return func() {
		cancel()
		watch.Wait()
	}
}

// wait tries until the lock is taken.
func (l *lock) wait(ctx context.Context) error {
	var last error
	first := true
	for {
		free, err := l.try(ctx)
		if free || ctx.Err() != nil {
			return ctx.Err()
		}
		if first || (err == nil) != (last == nil) {
			l.f.opts.Logger.LogAttrs(ctx, slog.LevelInfo, "standing by to take over the role project; another c360 has it, or the read store is away",
				slog.String("schema", l.f.opts.Schema), slog.Any("error", err))
		}
		first, last = false, err
		if !pause(ctx, lockPoll) {
			return ctx.Err()
		}
	}
}

// try asks for the lock, once. The connection stays open for the next time.
func (l *lock) try(ctx context.Context) (free bool, err error) {
	if l.conn == nil || l.conn.IsClosed() {
		if l.conn, err = l.f.opts.connect(ctx, waiting); err != nil {
			return false, err
		}
	}
	err = l.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockKey("project "+l.f.opts.Schema)).Scan(&free)
	if err != nil {
		err = fmt.Errorf("take the lock: %w", explain(err))
	}
	if err != nil || ctx.Err() != nil {
		l.drop(ctx)
		return false, err
	}
	return free, nil
}

// waiting makes a connection one that can wait for a while and go on: its context ending is not the end of a query.
func waiting(c *pgx.ConnConfig) {
	c.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
}

func (l *lock) drop(ctx context.Context) {
	if l.conn != nil {
		disconnect(ctx, l.conn)
		l.conn = nil
	}
}

// watch holds the lock until ctx ends or another process has it.
func (l *lock) watch(ctx context.Context) {
	defer l.drop(ctx)
	for l.held(ctx) || l.regain(ctx) {
		if ctx.Err() != nil {
			return
		}
	}
	if ctx.Err() == nil {
		l.f.opts.Logger.LogAttrs(ctx, slog.LevelWarn, "another c360 has taken over the role project", slog.String("schema", l.f.opts.Schema))
		close(l.lost)
	}
}

// held waits until something is to be looked at, and reports whether the connection, and so the lock, is still there.
func (l *lock) held(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lockCheck)
	defer cancel()
	for {
		err := l.conn.PgConn().WaitForNotification(ctx) // nobody sends one: it is to hear when the server says good-bye
		if ctx.Err() != nil || err != nil {
			break
		}
	}
	ping, done := context.WithTimeout(context.WithoutCancel(ctx), lockCheck)
	defer done()
	return !l.conn.IsClosed() && l.conn.Ping(ping) == nil
}

// regain takes the lock again once the server is back, unless another process was quicker.
func (l *lock) regain(ctx context.Context) bool {
	l.f.opts.Logger.LogAttrs(ctx, slog.LevelWarn, "the connection that holds the role project is lost; taking it again")
	l.drop(ctx)
	for {
		free, err := l.try(ctx)
		if free || ctx.Err() != nil {
			return true
		}
		if err == nil {
			return false
		}
		if !pause(ctx, lockPoll) {
			return true
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
