package natslog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
	"github.com/c360hq/c360/events/logindex"
)

// Options say where a log lives.
type Options struct {
	// URL names servers and stream: nats://user:password@host:4222,host2:4222/STREAM?replicas=3 (tls:// for TLS).
	// The stream is C360 if none is named. Settings: replicas=1..5 (3 in a cluster, 1 outside of one, and whatever an
	// existing stream has); sync=always, which says that the server is set to sync always and without which one replica is
	// refused; creds=, ca=, cert=, key= are paths of files.
	URL string
	// Dir is the directory of the local index, one for each process. It may be deleted: it is made anew from the stream.
	Dir string
	// Now gives recorded times.
	Now func() time.Time
	// Logger hears of outages; nil is silence.
	Logger *slog.Logger
	// CacheBytes is how much of what was last written and read is kept in memory; 32 MiB if zero.
	CacheBytes int64
	// MustExist refuses a stream that is not there; otherwise it is made.
	MustExist bool
}

// Log is an events.Log in a JetStream stream. Its methods may be called from many goroutines.
type Log struct {
	Options
	target  target
	conn    *nats.Conn // for writing, and everything small
	reading *nats.Conn // for frames, which come in long runs and would hold up an acknowledgement
	js      jetstream.JetStream
	denied  denial
	created time.Time // of the stream: another one of that name is another log
	index   *logindex.Index
	cache   *cache
	writer  [8]byte // what this process knows its own frames and hints by

	requests chan *request // appends, to the sequencer
	groups   chan *group   // frames to publish, to the publisher
	lost     chan *group   // frames that were not stored, back to the sequencer
	landed   chan landing  // what the stream holds, in its order, to the settler
	hint     chan struct{} // the stream has grown, it was said, …
	hinted   atomic.Uint64 // … to this sequence number
	grown    chan struct{} // … by somebody else's frame: for who gave up his turn
	turn     chan struct{} // somebody asks for a turn

	tail    sync.Mutex                         // held by whoever takes the log further
	tip     tip                                // how far that is
	flying  *group                             // the frame that is being published
	unplug  atomic.Pointer[context.CancelFunc] // ends the wait for its acknowledgement
	doubt   atomic.Bool                        // the stream was out of sight: it may hold something else at the tip
	leader  string                             // of the stream, when it was last asked
	believe <-chan time.Time                   // when it is believed that the stream has lost something; nil while it has not

	life    *life.Life
	running context.Context // ends when the log fails, or is closed and has nothing to do
	end     context.CancelFunc
	done    sync.WaitGroup
}

var _ events.Log = (*Log)(nil)

// tip is the end of the log as far as this process has followed it.
type tip struct {
	seq  uint64 // of the last message
	held uint64 // of the last one that has events, 0 if there is none
	head events.Head
	last time.Time // recorded time of the last event
}

// Failed is closed when the log has failed: what the server holds is not what it has acknowledged. The process should end.
func (l *Log) Failed() <-chan struct{} { return l.life.Failed() }

// Err returns why the log failed, nil while it has not.
func (l *Log) Err() error { return l.life.Err() }

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

// closeGrace is how long Close waits for appends under way while the servers cannot be reached.
const closeGrace = 5 * time.Second

// Close implements events.Log. Appends under way are acknowledged first, unless the servers cannot be reached for
// several seconds: then they are told ErrClosed, and may or may not be stored.
func (l *Log) Close() error {
	grace := time.AfterFunc(closeGrace, l.end)
	defer grace.Stop()
	return l.life.Close(l.release)
}

// release gives back what Open took, when no call is under way any more.
func (l *Log) release() error {
	l.end()
	l.done.Wait()
	var err error
	if l.index != nil {
		err = l.index.Close()
	}
	for _, conn := range []*nats.Conn{l.conn, l.reading} {
		if conn != nil {
			conn.Close()
		}
	}
	return err
}

// fail makes the log refuse everything from now on.
func (l *Log) fail(err error) error {
	var corrupt *events.CorruptError
	if !errors.As(err, &corrupt) {
		err = fmt.Errorf("%w: %w", events.ErrFailed, err)
	}
	if l.life.Err() == nil {
		l.Logger.ErrorContext(l.running, "the log has failed", "log", l.target.place(), "error", err)
	}
	defer l.end()
	return l.life.Fail(err)
}

// diverged is the error of a stream that does not hold what it has acknowledged.
func (l *Log) diverged(p events.Position, what string) error {
	return &events.CorruptError{
		Position: p, What: "diverged: " + what,
		Remedy: "put back the stream " + l.target.place() + " as it was, or take what it holds now: stop c360, delete " + l.Dir + " (it is made anew) and run c360 rebuild",
	}
}
