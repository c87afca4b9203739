package esdblog

import (
	"context"
	"fmt"
	"io"
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/c360hq/c360/events"
)

// tail is the end of the commit stream.
type tail struct {
	revision int64
	head     events.Head
}

// tail reads the last commit. An empty stream has revision noStream.
func (l *link) tail(ctx context.Context) (tail, error) {
	out := tail{revision: noStream}
	err := l.read(ctx, l.streamEnd(commitStream), func(m *api.ReadResp) error {
		e := m.GetEvent().GetEvent()
		if e == nil {
			return nil
		}
		c, err := decodeCommit(e.GetData())
		if err != nil {
			return &events.CorruptError{What: fmt.Sprintf("commit %d: %v", e.GetStreamRevision(), err), Remedy: remedyServer}
		}
		out = tail{revision: int64(e.GetStreamRevision()), head: events.Head{Position: c.last(), Hash: c.hash}} //nolint:gosec // revisions are signed in the server
		return io.EOF
	})
	return out, err
}

// doubt is how long a server has to answer that it holds less than the index, from the first time it says so, before that
// is believed: so does, for a moment, a node that was deposed and does not know it yet.
const doubt = 5 * time.Second

// checkTail compares the end of the engine with the index, which has come to the commit tip: an engine that knows less
// than the index, and goes on to, has lost something.
func (l *Log) checkTail(ctx context.Context, tip int64) error {
	var doubted <-chan time.Time // nil until it says so
	for last := false; ; {
		err := l.compareTail(ctx, tip)
		if !isCorrupt(err) || last {
			return err
		}
		if doubted == nil {
			doubted = time.After(doubt)
			l.Logger.WarnContext(ctx, "the server does not hold what it did; it is asked again before that is believed", "log", l.link.place(), "error", err)
		}
		select {
		case <-time.After(longPause):
		case <-doubted:
			last = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *Log) compareTail(ctx context.Context, tip int64) error {
	end := l.index.End().Head
	t, err := l.link.tail(ctx)
	switch {
	case err != nil:
		return err
	case t.head.Position < end.Position:
		return l.diverged(t.head.Position+1, fmt.Sprintf("the server ends at position %d, and this log was at %d", t.head.Position, end.Position))
	case t.head.Position == end.Position && t.head.Hash != end.Hash:
		return l.diverged(end.Position, "the server holds another history than the one this log has seen")
	case t.revision < tip:
		return l.diverged(end.Position, "the server has fewer commits than this log has seen")
	}
	return nil
}

// diverged is the error of a server that does not hold what it has acknowledged.
func (l *Log) diverged(p events.Position, what string) error {
	return &events.CorruptError{
		Position: p, What: "diverged: " + what,
		Remedy: "put the server's log back as it was, or take what it holds now: stop c360, delete " + l.Dir + " (it is made anew) and run c360 rebuild",
	}
}
