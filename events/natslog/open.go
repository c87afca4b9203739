package natslog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events/life"
	"github.com/c360hq/c360/events/logindex"
)

// startPatience is how long Open waits for a cluster that is there but has no leader yet.
const startPatience = 20 * time.Second

// Open opens the log that o.URL names, and makes the stream if there is none, unless o.MustExist. It returns when the local
// index has all that the stream holds. A server, stream or index that does not suit is refused within seconds, and nothing
// is made then.
func Open(ctx context.Context, o Options) (*Log, error) {
	if o.Dir == "" || o.Now == nil {
		return nil, errors.New("natslog: Options need Dir and Now")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	t, err := parseTarget(o.URL)
	if err != nil {
		return nil, fmt.Errorf("natslog: %w", err)
	}
	l := newLog(ctx, o, t)
	if err := l.start(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func newLog(ctx context.Context, o Options, t target) *Log {
	l := &Log{
		Options: o, target: t, cache: newCache(o.CacheBytes), life: life.New(),
		requests: make(chan *request, 64), groups: make(chan *group), lost: make(chan *group), landed: make(chan landing, 4),
		hint: make(chan struct{}, 1), grown: make(chan struct{}, 1), turn: make(chan struct{}, 1),
	}
	_, _ = rand.Read(l.writer[:]) // never fails
	l.running, l.end = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

// start connects, checks, follows the stream to its end, and then lets appends in.
func (l *Log) start(ctx context.Context) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	if err := l.prepare(ctx); err != nil {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	if err := l.openIndex(); err != nil {
		return err
	}
	if _, err := l.conn.Subscribe(l.target.tail(), l.hear); err != nil {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	return l.run(ctx)
}

func (l *Log) connect(ctx context.Context) (err error) {
	if l.conn, err = l.target.connect(ctx, "c360 log", &l.denied, nats.DisconnectErrHandler(l.unplugged)); err != nil {
		return err
	}
	if l.reading, err = l.target.connect(ctx, "c360 log, reading", &l.denied); err != nil {
		return err
	}
	if l.js, err = jetstream.New(l.conn); err != nil {
		return fmt.Errorf("natslog: %w", err)
	}
	return nil
}

// openIndex opens the local index. What it ends with is compared with the stream before anything else.
func (l *Log) openIndex() (err error) {
	name := fmt.Sprintf("the NATS stream %s made at %s", l.target.stream, l.created.UTC().Format(time.RFC3339Nano))
	l.index, err = logindex.Open(logindex.Options{Dir: l.Dir, Log: name, Logger: l.Logger})
	if err != nil {
		return err
	}
	end := l.index.End()
	l.tip = tip{seq: end.Place.Major, head: end.Head, last: end.RecordedAt}
	l.doubt.Store(true)
	if end.Position == 0 {
		return nil
	}
	entries, err := l.index.At(end.Position)
	if err == nil {
		l.tip.held = entries[0].Place.Major
	}
	return err
}

// run follows the stream to its end, and then lets appends in.
func (l *Log) run(ctx context.Context) error {
	l.begin(l.settle)
	if err := l.followAll(ctx); err != nil {
		return err
	}
	s := &sequence{log: l, head: l.tip.head, last: l.tip.last, recent: newRecent(l.tip.head.Position)}
	l.begin(s.run, l.publish, l.follow)
	return nil
}

// begin starts goroutines that end with the log.
func (l *Log) begin(parts ...func(context.Context)) {
	for _, part := range parts {
		l.done.Go(func() { part(l.running) })
	}
}

// followAll follows the stream to where it ends now, and waits until the index has that.
func (l *Log) followAll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer l.atEnd(cancel)()
	l.tail.Lock()
	defer l.tail.Unlock()
	from, patience := l.tip.seq, time.After(startPatience)
	err := l.catchUp(ctx)
	for try := 0; err != nil && ctx.Err() == nil && l.life.Err() == nil && !over(patience); try++ {
		pause(ctx, try)
		err = l.catchUp(ctx)
	}
	if err == nil {
		err = l.index.WaitPlace(ctx, place(l.tip.seq))
	}
	if failed := l.life.Err(); failed != nil {
		return failed
	}
	if err != nil {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	l.Logger.InfoContext(ctx, "the log is open", "log", l.target.place(), "position", l.tip.head.Position, "messages_followed", l.tip.seq-from)
	return nil
}

// atEnd has f called when the log ends, unless the function it returns is called first.
func (l *Log) atEnd(f func()) (stop func() bool) { return context.AfterFunc(l.running, f) }
