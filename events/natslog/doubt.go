package natslog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// shortPatience is how long the server must keep saying that it holds less than it did, before that is believed: a
// replica that has just become leader may not have read all it has.
const shortPatience = 5 * time.Second

var (
	// errBehind: the server says that the stream ends earlier than it did.
	errBehind = errors.New("the stream ends before what it has acknowledged")
	// errLeaderless: a replica that follows nobody says what it happens to hold.
	errLeaderless = errors.New("the stream has no leader for the moment")
)

// askEnd asks the leader of the stream for the sequence number of the last message.
func (l *Log) askEnd(ctx context.Context) (uint64, error) {
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	stream, err := l.js.Stream(asking, l.target.stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return 0, errBehind
	}
	if err != nil {
		l.doubt.Store(true)
		return 0, err
	}
	info := stream.CachedInfo()
	if !info.Created.Equal(l.created) {
		return 0, l.fail(l.diverged(l.tip.head.Position, "the stream was deleted and made anew"))
	}
	return info.State.LastSeq, l.noteLeader(info.Cluster)
}

// noteLeader has the tip compared again when somebody else leads the stream, who may have been put back.
func (l *Log) noteLeader(c *jetstream.ClusterInfo) error {
	switch {
	case c == nil: // one server
	case c.Leader == "":
		l.doubt.Store(true)
		return errLeaderless
	case c.Leader != l.leader:
		l.doubt.Store(true)
		l.leader = c.Leader
	}
	return nil
}

// short gives the server time to find again what it does not have.
func (l *Log) short(ctx context.Context, err error) error {
	if l.believe == nil {
		l.believe = time.After(shortPatience)
		l.Logger.WarnContext(ctx, "the stream lacks what it held; waiting for it", "log", l.target.place(), "error", err)
	}
	if over(l.believe) {
		return l.fail(l.diverged(l.tip.head.Position, err.Error()))
	}
	return err
}

// checkTip compares the end of the log with what the stream holds there, if it was out of sight since that was last done: a
// stream that was put back and has grown again to the same length looks as before, and would take the next frame.
// It is called with tail held.
func (l *Log) checkTip(ctx context.Context) error {
	if !l.doubt.Swap(false) {
		return nil
	}
	err := l.each(ctx, max(l.tip.held, 1), l.tip.seq, func(m message) error {
		if f, err := unpack(m.data); !l.tip.goesWith(m.seq, f, err) {
			return l.fail(l.diverged(l.tip.head.Position, fmt.Sprintf("message %d holds something else than it did", m.seq)))
		}
		return nil
	})
	if err != nil {
		l.doubt.Store(true)
	}
	return err
}

// goesWith reports whether a message, or the error of unpacking it, is what made this tip: the frame that ends in it, or,
// behind that one, a message without events.
func (t *tip) goesWith(seq uint64, f *frame, err error) bool {
	if seq == t.held {
		return err == nil && f.end() == t.head
	}
	return errors.Is(err, errNotOurs) || err == nil && f.base != t.head
}

// over reports whether a time has come.
func over(at <-chan time.Time) bool {
	select {
	case <-at:
		return true
	default:
		return false
	}
}
