package life

import (
	"context"
	"sync"

	"github.com/c360hq/c360/events"
)

// Life is the life of a log: open, perhaps failed, closed. Its methods may be called from many goroutines.
type Life struct {
	failing sync.Once
	failed  chan struct{}
	why     error // set before failed is closed

	closed  sync.Once
	closing chan struct{}
	use     sync.RWMutex // held for reading between Enter and Leave, for writing by Close
}

// New returns the life of a log that opens.
func New() *Life { return &Life{failed: make(chan struct{}), closing: make(chan struct{})} }

// Fail makes the log a failed one, for good. It keeps the first error it is given, and returns that one.
func (l *Life) Fail(err error) error {
	l.failing.Do(func() {
		l.why = err
		close(l.failed)
	})
	return l.why
}

// Failed is closed when the log has failed.
func (l *Life) Failed() <-chan struct{} { return l.failed }

// Err returns why the log failed, nil while it has not.
func (l *Life) Err() error {
	select {
	case <-l.failed:
		return l.why
	default:
		return nil
	}
}

// Closing is closed when Close begins: what runs in the background should end.
func (l *Life) Closing() <-chan struct{} { return l.closing }

// Ready says whether a call may go on. Errors: events.ErrClosed, what Fail was given, ctx.Err().
func (l *Life) Ready(ctx context.Context) error {
	select {
	case <-l.closing:
		return events.ErrClosed
	default:
	}
	if err := l.Err(); err != nil {
		return err
	}
	return ctx.Err()
}

// Enter begins a call that needs the engine, if Ready lets it; Leave ends it.
func (l *Life) Enter(ctx context.Context) error {
	if err := l.Ready(ctx); err != nil {
		return err // and not only after a Close that is under way
	}
	l.use.RLock()
	if err := l.Ready(ctx); err != nil {
		l.use.RUnlock()
		return err
	}
	return nil
}

// Leave ends a call that Enter began.
func (l *Life) Leave() { l.use.RUnlock() }

// Close lets no call in any more, waits for those under way, and then calls release, once: later calls of Close only wait
// for the first, and return nil.
func (l *Life) Close(release func() error) error {
	var err error
	l.closed.Do(func() {
		close(l.closing)
		l.use.Lock()
		defer l.use.Unlock()
		err = release()
	})
	return err
}

// Until returns nil when reached says so, which is asked at once and each time the channel that grown returned is
// closed; before that, an error as soon as Ready has one. It needs no Enter, and so it does not hold up Close.
func (l *Life) Until(ctx context.Context, grown func() <-chan struct{}, reached func() bool) error {
	for {
		rung := grown() // before reached is asked, or what happens in between would be missed
		if err := l.Ready(ctx); err != nil || reached() {
			return err
		}
		select {
		case <-rung:
		case <-ctx.Done():
		case <-l.closing:
		case <-l.failed:
		}
	}
}
