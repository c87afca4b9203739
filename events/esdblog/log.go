package esdblog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
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

	life    *life.Life
	running context.Context // ends when the log does
	end     context.CancelFunc
	done    sync.WaitGroup
}

var (
	_ events.Log      = (*Log)(nil)
	_ events.Restorer = (*Log)(nil)
)

// Failed is closed when the log has failed: what the server holds is not what it has acknowledged. The process should end.
func (l *Log) Failed() <-chan struct{} { return l.life.Failed() }

// Err returns why the log failed, nil while it has not.
func (l *Log) Err() error { return l.life.Err() }

// patient makes a read until it goes through. It ends with ctx, with the log, and when patience is at an end.
func (l *Log) patient(ctx context.Context, call func(context.Context) error) error {
	limited, cancel := context.WithTimeoutCause(ctx, l.Patience, errAway)
	defer cancel()
	stop := context.AfterFunc(l.running, cancel) //nolint:contextcheck // the log ends it too
	defer stop()
	err := retry(limited, func() error { return call(limited) })
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case l.running.Err() != nil:
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
	if err := l.life.Ready(ctx); err != nil {
		return events.Head{}, err
	}
	return l.index.End().Head, nil
}

// Wait implements events.Log.
func (l *Log) Wait(ctx context.Context, after events.Position) error {
	return l.life.Until(ctx, l.index.Grown, func() bool { return l.index.End().Position > after })
}

// closeGrace is how long Close waits for appends under way while the server cannot be reached.
const closeGrace = 5 * time.Second

// Close implements events.Log. Appends under way are acknowledged first, unless the server cannot be reached for several
// seconds: then they are told ErrClosed, and may or may not be stored.
func (l *Log) Close() error {
	grace := time.AfterFunc(closeGrace, l.end)
	defer grace.Stop()
	return l.life.Close(l.release)
}

// release gives back what Open took, when no call is under way any more.
func (l *Log) release() error {
	l.end()
	l.link.close()
	l.done.Wait()
	return l.index.Close()
}

// fail makes the log refuse everything from now on.
func (l *Log) fail(err error) {
	if !isCorrupt(err) {
		err = fmt.Errorf("%w: %w", events.ErrFailed, err)
	}
	_ = l.life.Fail(err)
	l.Logger.ErrorContext(l.running, "the log has failed", "log", l.link.place(), "error", err)
}
