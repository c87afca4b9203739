package natslog

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events/logindex"
)

// prepare checks server and stream. If the stream is missing it is made, once nothing else can be refused.
func (l *Log) prepare(ctx context.Context) error {
	if err := checkServer(l.conn); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for _, check := range []func(context.Context) error{l.checkAccount, l.findStream, l.checkAccess} {
		if err := l.patiently(ctx, check); err != nil {
			return err
		}
	}
	if l.created.IsZero() {
		return l.makeStream(ctx)
	}
	return nil
}

func (l *Log) checkAccount(ctx context.Context) error {
	_, err := l.js.AccountInfo(ctx)
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		return fmt.Errorf("JetStream is off there, for the server or for this account: start it with -js, or with a jetstream block (%w)", err)
	}
	return err
}

// findStream looks for the stream. If there is none, created stays zero.
func (l *Log) findStream(ctx context.Context) error {
	stream, err := l.js.Stream(ctx, l.target.stream)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound) && l.MustExist:
		return fmt.Errorf("there is no stream %s: is that the log you meant?", l.target.stream)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return nil
	case err != nil:
		return err
	}
	return l.take(stream.CachedInfo())
}

// take checks a stream and goes on with it if it suits.
func (l *Log) take(info *jetstream.StreamInfo) error {
	l.created = info.Created
	return l.target.checkStream(info)
}

// makeStream makes the stream. The directory of the index comes first: who cannot have one needs no stream.
func (l *Log) makeStream(ctx context.Context) error {
	config := l.target.streamConfig(l.conn.ConnectedClusterName() != "")
	if err := l.target.checkSync(config.Replicas); err != nil {
		return err
	}
	undo, err := l.freshDir()
	if err != nil {
		return err
	}
	err = l.patiently(ctx, func(ctx context.Context) error { return l.createStream(ctx, config) })
	if err != nil {
		undo()
	}
	return err
}

// freshDir makes the directory of the index. It refuses one that holds anything: that would be the index of another log.
func (l *Log) freshDir() (undo func(), err error) {
	there, err := os.ReadDir(l.Dir)
	switch {
	case len(there) > 0:
		return nil, fmt.Errorf("%w: there is no stream %s, and %s is not empty; point --log to the stream it was made from, or delete that directory",
			logindex.ErrForeign, l.target.stream, l.Dir)
	case err == nil:
		return func() {}, nil
	}
	if err := os.MkdirAll(l.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("the index needs a directory: %w", err)
	}
	return func() { _ = os.Remove(l.Dir) }, nil
}

func (l *Log) createStream(ctx context.Context, config jetstream.StreamConfig) error {
	stream, err := l.js.CreateStream(ctx, config)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		stream, err = l.js.Stream(ctx, l.target.stream) // another process was quicker
	}
	if err != nil {
		return fmt.Errorf("the stream %s with %d replicas cannot be made: %w", l.target.stream, config.Replicas, err)
	}
	return l.take(stream.CachedInfo())
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
