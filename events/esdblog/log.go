package esdblog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
)

// Log is an events.Log in EventStoreDB or KurrentDB. Its methods may be called from many goroutines.
type Log struct {
	Options
	link     *link
	index    *logindex.Index
	cache    *cache
	follower *follower
	requests chan *request

	failure *failure
	life    context.Context // ends when the log does
	end     context.CancelFunc
	use     sync.RWMutex // held for reading by every call, for writing by Close
	closing chan struct{}
	closed  sync.Once
	done    sync.WaitGroup
}

var (
	_ events.Log      = (*Log)(nil)
	_ events.Restorer = (*Log)(nil)
)

// Failed is closed when the log has failed: what the server holds is not what it has acknowledged. The process should end.
func (l *Log) Failed() <-chan struct{} { return l.failure.ch }

// Err returns why the log failed, nil while it has not.
func (l *Log) Err() error { return l.failure.check() }

// ready says whether a call may go on.
func (l *Log) ready(ctx context.Context) error {
	select {
	case <-l.closing:
		return events.ErrClosed
	default:
	}
	if err := l.failure.check(); err != nil {
		return err
	}
	return ctx.Err()
}

// enter begins a call; leave ends it.
func (l *Log) enter(ctx context.Context) error {
	if err := l.ready(ctx); err != nil {
		return err
	}
	l.use.RLock()
	if err := l.ready(ctx); err != nil {
		l.use.RUnlock()
		return err
	}
	return nil
}

func (l *Log) leave() { l.use.RUnlock() }

// patient makes a read until it goes through. It ends with ctx, with the log, and when patience is at an end.
func (l *Log) patient(ctx context.Context, call func(context.Context) error) error {
	limited, cancel := context.WithTimeoutCause(ctx, l.Patience, errAway)
	defer cancel()
	stop := context.AfterFunc(l.life, cancel) //nolint:contextcheck // the log ends it too
	defer stop()
	err := retry(limited, func() error { return call(limited) })
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case l.life.Err() != nil:
		return events.ErrClosed
	case limited.Err() != nil:
		return l.away(err)
	}
	return err
}

var errAway = errors.New("the server does not answer")

// away is the error of a call that was given up.
func (l *Log) away(err error) error {
	if err == nil {
		err = errAway
	}
	return fmt.Errorf("esdblog: no answer from %s for %v; it is tried again with the next call: %w", l.link.place(), l.Patience, err)
}

// Head implements events.Log.
func (l *Log) Head(ctx context.Context) (events.Head, error) {
	if err := l.ready(ctx); err != nil {
		return events.Head{}, err
	}
	return l.index.End().Head, nil
}

// Wait implements events.Log.
func (l *Log) Wait(ctx context.Context, after events.Position) error {
	for {
		grown := l.index.Grown()
		if err := l.ready(ctx); err != nil || l.index.End().Position > after {
			return err
		}
		select {
		case <-grown:
		case <-ctx.Done():
		case <-l.closing:
		case <-l.failure.ch:
		}
	}
}

// closeGrace is how long Close waits for appends under way while the server cannot be reached.
const closeGrace = 5 * time.Second

// Close implements events.Log. Appends under way are acknowledged first, unless the server cannot be reached for several
// seconds: then they are told ErrClosed, and may or may not be stored.
func (l *Log) Close() error {
	var err error
	l.closed.Do(func() {
		close(l.closing)
		grace := time.AfterFunc(closeGrace, l.end)
		l.use.Lock()
		defer l.use.Unlock()
		grace.Stop()
		l.end()
		l.link.close()
		l.done.Wait()
		err = l.index.Close()
	})
	return err
}

// failure is the state a log enters when its engine can no longer be trusted, and never leaves.
type failure struct {
	once sync.Once
	ch   chan struct{}
	err  error // set before ch is closed
}

func (f *failure) fail(err error) {
	f.once.Do(func() {
		f.err = err
		close(f.ch)
	})
}

func (f *failure) check() error {
	select {
	case <-f.ch:
		return f.err
	default:
		return nil
	}
}

// fail makes the log refuse everything from now on.
func (l *Log) fail(err error) {
	if !isCorrupt(err) {
		err = fmt.Errorf("%w: %w", events.ErrFailed, err)
	}
	l.failure.fail(err)
	l.Logger.ErrorContext(l.life, "the log has failed", "log", l.link.place(), "error", err)
}
