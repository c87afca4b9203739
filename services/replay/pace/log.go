package pace

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// ErrReadOnly: somebody tried to append to a log that is being replayed.
var ErrReadOnly = errors.New("pace: a replay shows a log and never writes to it; append to the log itself")

// Log shows a log as if it grew again at the pace of a replay: Read, At, ReadStream, Head and Wait know nothing of what
// Run has not released yet. What lies before Options.From is there from the beginning. Decisions to skip an event
// (projections.ParkedStream) are too, up to Options.To: an event that was left out is left out of the replay as well.
//
// It writes nothing and never will: Append is refused. Closing it leaves the log behind it open.
type Log struct {
	behind events.Log
	opts   Options

	mu       sync.Mutex
	released events.Position
	grown    chan struct{} // closed when something is released, or the log is closed
	closed   bool
}

var _ events.Log = (*Log)(nil)

// NewLog returns a log that shows what lies before From. The options may neither filter, since an engine wants every
// position, nor follow.
func NewLog(ctx context.Context, log events.Log, o Options) (*Log, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if !o.Filter.Empty() || o.Follow {
		return nil, errors.New("pace: a log that is replayed is whole; leave out the filter, and do not follow")
	}
	head, err := log.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the head of the log: %w", err)
	}
	if o.To == 0 || o.To > head.Position {
		o.To = head.Position
	}
	l := &Log{behind: log, opts: o, grown: make(chan struct{})}
	if o.From > 0 {
		l.released = min(o.From-1, o.To)
	}
	return l, nil
}

// Run releases the events at their pace, until the last one or the end of ctx. It may be called again to go on.
func (l *Log) Run(ctx context.Context) error {
	p := newPacer(&l.opts)
	at, _ := l.upTo()
	for at < l.opts.To {
		all, err := l.behind.Read(ctx, at, int(min(page, l.opts.To-at)))
		if err != nil {
			return fmt.Errorf("read the log after position %d: %w", at, err)
		}
		for i := range all {
			if d := p.pause(&all[i]); d > 0 {
				l.release(at)
				if err := p.sleep(ctx, d); err != nil {
					return err
				}
			}
			at = all[i].Position
		}
		l.release(at)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Target is the position that Run releases last.
func (l *Log) Target() events.Position { return l.opts.To }

func (l *Log) release(p events.Position) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p <= l.released || l.closed {
		return
	}
	l.released = p
	close(l.grown)
	l.grown = make(chan struct{})
}

// upTo returns what is released, and a channel that is closed when that changes.
func (l *Log) upTo() (events.Position, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.released, l.grown
}

func (l *Log) open() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return events.ErrClosed
	}
	return nil
}

// Append is refused.
func (l *Log) Append(context.Context, ...events.Entry) ([]events.Result, error) {
	return nil, ErrReadOnly
}

// Read implements events.Log, of what is released.
func (l *Log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	upTo, _ := l.upTo()
	if after >= upTo {
		return nil, ctx.Err()
	}
	if left := upTo - after; limit > 0 && left < events.Position(limit) {
		limit = int(left) //nolint:gosec // less than limit
	}
	return l.behind.Read(ctx, after, limit)
}

// ReadStream implements events.Log, of what is released, and of all decisions to skip an event.
func (l *Log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	upTo, _ := l.upTo()
	if stream == projections.ParkedStream {
		upTo = l.opts.To
	}
	all, err := l.behind.ReadStream(ctx, stream, after, limit)
	for i := range all {
		if all[i].Position > upTo {
			return all[:i], err
		}
	}
	return all, err
}

// At implements events.Log, of what is released.
func (l *Log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	upTo, _ := l.upTo()
	for _, p := range positions {
		if p > upTo {
			return nil, events.ErrNoPosition
		}
	}
	return l.behind.At(ctx, positions...)
}

// Head implements events.Log: it is the last event that is released.
func (l *Log) Head(ctx context.Context) (events.Head, error) {
	upTo, _ := l.upTo()
	if upTo == 0 || l.open() != nil {
		return events.Head{}, errors.Join(l.open(), ctx.Err())
	}
	at, err := l.behind.At(ctx, upTo)
	if err != nil {
		return events.Head{}, err
	}
	return events.Head{Position: upTo, Hash: at[0].Hash}, nil
}

// Wait implements events.Log. After the last event it waits until ctx ends or the log is closed.
func (l *Log) Wait(ctx context.Context, after events.Position) error {
	for {
		if err := l.open(); err != nil {
			return err
		}
		upTo, grown := l.upTo()
		if upTo > after {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Verify implements events.Log: it checks the log behind it, all of it.
func (l *Log) Verify(ctx context.Context, progress func(done, total events.Position)) error {
	return l.behind.Verify(ctx, progress)
}

// Close ends who waits, and leaves the log behind it open.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.grown)
	}
	return nil
}
