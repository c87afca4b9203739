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

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
)

// startPatience is how long Open waits for a cluster that is there but has no leader.
const startPatience = 10 * time.Second

// Open opens the log that o.URL names, and makes the stream if there is none. It returns when the local index has all that
// the stream holds. A server, stream or index that does not suit is refused within seconds, and nothing is made then.
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
		Options: o, target: t, cache: newCache(o.CacheBytes), failure: &failure{ch: make(chan struct{})},
		requests: make(chan *request, 64), groups: make(chan *group), lost: make(chan *group), landed: make(chan landing, 4),
		hint: make(chan struct{}, 1), grown: make(chan struct{}, 1), turn: make(chan struct{}, 1), closing: make(chan struct{}),
	}
	_, _ = rand.Read(l.writer[:]) // never fails
	l.life, l.end = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

// start connects, checks, follows the stream to its end, and then lets appends in.
func (l *Log) start(ctx context.Context) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	starting, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if err := l.prepare(starting); err != nil {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	if err := l.openIndex(ctx); err != nil {
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

// prepare checks server and stream, and makes the stream if it is missing.
func (l *Log) prepare(ctx context.Context) error {
	if err := checkServer(l.conn); err != nil {
		return err
	}
	if err := l.patiently(ctx, l.checkAccount); err != nil {
		return err
	}
	if err := l.patiently(ctx, l.findStream); err != nil {
		return err
	}
	return l.patiently(ctx, l.checkAccess)
}

func (l *Log) checkAccount(ctx context.Context) error {
	_, err := l.js.AccountInfo(ctx)
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		return fmt.Errorf("JetStream is off there, for the server or for this account: start it with -js, or with a jetstream block (%w)", err)
	}
	return err
}

func (l *Log) findStream(ctx context.Context) error {
	stream, err := l.js.Stream(ctx, l.target.stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = l.createStream(ctx)
	}
	if err != nil {
		return err
	}
	info := stream.CachedInfo()
	l.created = info.Created
	return l.target.checkStream(info)
}

func (l *Log) createStream(ctx context.Context) (jetstream.Stream, error) {
	config := l.target.streamConfig(l.conn.ConnectedClusterName() != "")
	if err := l.target.checkSync(config.Replicas); err != nil {
		return nil, err
	}
	stream, err := l.js.CreateStream(ctx, config)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return l.js.Stream(ctx, l.target.stream) // another process was quicker
	}
	if err != nil {
		return nil, fmt.Errorf("the stream %s with %d replicas cannot be made: %w", l.target.stream, config.Replicas, err)
	}
	return stream, nil
}

// patiently tries again while a cluster has no leader.
func (l *Log) patiently(ctx context.Context, f func(context.Context) error) error {
	var reason error
	for try := 4; ; try++ {
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		err := l.denied.explain(f(asking))
		cancel()
		if err == nil || !transient(err) {
			return err
		}
		if ctx.Err() == nil || reason == nil { // how the last question ended says less than what was answered before
			reason = err
		}
		if ctx.Err() != nil {
			return reason
		}
		pause(ctx, try)
	}
}

// openIndex opens the local index and checks that it is one of this stream, as far as it goes.
func (l *Log) openIndex(ctx context.Context) (err error) {
	name := fmt.Sprintf("the NATS stream %s made at %s", l.target.stream, l.created.UTC().Format(time.RFC3339Nano))
	l.index, err = logindex.Open(logindex.Options{Dir: l.Dir, Log: name, Logger: l.Logger})
	if err != nil {
		return err
	}
	end := l.index.End()
	l.tip = tip{seq: end.Place.Major, head: end.Head, last: end.RecordedAt}
	if end.Position == 0 {
		return nil
	}
	entries, err := l.index.At(end.Position)
	if err != nil {
		return err
	}
	return l.checkLast(ctx, entries[0])
}

// checkLast compares the last event of the index with what the stream holds in its place.
func (l *Log) checkLast(ctx context.Context, e logindex.Entry) error {
	data, err := l.fetchOne(ctx, e.Place.Major)
	if err == nil {
		var f *frame
		if f, err = unpack(data); err == nil {
			if f.chain(); f.head() == (events.Head{Position: e.Position, Hash: e.Hash}) {
				return nil
			}
		}
		if err == nil {
			err = fmt.Errorf("message %d holds other events than it did", e.Place.Major)
		}
	}
	if transient(err) {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	return l.diverged(e.Position, err.Error())
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
		l.done.Go(func() { part(l.life) })
	}
}

// followAll follows the stream to where it ends now, and waits until the index has that.
func (l *Log) followAll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer l.atEnd(cancel)()
	l.tail.Lock()
	defer l.tail.Unlock()
	from, err := l.tip.seq, error(nil)
	for try := 0; try < behindMost+2; try++ {
		if err = l.catchUp(ctx); err == nil || ctx.Err() != nil || l.failure.check() != nil {
			break
		}
		pause(ctx, try)
	}
	if err == nil {
		err = l.index.WaitPlace(ctx, place(l.tip.seq))
	}
	if failed := l.failure.check(); failed != nil {
		return failed
	}
	if err != nil {
		return fmt.Errorf("natslog: %s: %w", l.target.place(), err)
	}
	l.Logger.InfoContext(ctx, "the log is open", "log", l.target.place(), "position", l.tip.head.Position, "messages_followed", l.tip.seq-from)
	return nil
}

// atEnd has f called when the log ends, unless the function it returns is called first.
func (l *Log) atEnd(f func()) (stop func() bool) { return context.AfterFunc(l.life, f) }
