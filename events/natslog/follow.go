package natslog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
)

// pollEvery is how often the stream is asked for its end, in case a hint was lost.
const pollEvery = time.Second

// follow keeps up with what other processes append.
func (l *Log) follow(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		further := l.catchUp
		select {
		case <-l.hint:
			further = l.followHint
		case <-tick.C:
		case <-l.life.Failed():
			return
		case <-ctx.Done():
			return
		}
		l.tail.Lock()
		err := further(ctx)
		l.tail.Unlock()
		if err != nil && ctx.Err() == nil {
			l.Logger.DebugContext(ctx, "the end of the log cannot be read; trying again", "log", l.target.place(), "error", err)
		}
	}
}

// followHint follows the stream to where somebody said that it goes. It is called with tail held.
func (l *Log) followHint(ctx context.Context) error {
	if err := l.followTo(ctx, l.hinted.Load()); err != nil {
		return l.catchUp(ctx)
	}
	return nil
}

// catchUp follows the stream to where its leader says that it ends. It is called with tail held.
func (l *Log) catchUp(ctx context.Context) error {
	if err := l.life.Err(); err != nil {
		return err
	}
	last, err := l.askEnd(ctx)
	if err == nil && last < l.tip.seq {
		err = errBehind
	}
	if err == nil {
		err = l.checkTip(ctx)
	}
	if err == nil {
		err = l.followTo(ctx, last)
	}
	if errors.Is(err, errBehind) || errors.Is(err, errMissing) {
		return l.short(ctx, err)
	}
	l.believe = nil
	return err
}

// followTo reads the messages up to a sequence number and goes on from each.
func (l *Log) followTo(ctx context.Context, last uint64) error {
	return l.each(ctx, l.tip.seq+1, last, func(m message) error {
		if err := l.life.Err(); err != nil {
			return err
		}
		return l.goOn(ctx, m)
	})
}

// goOn takes the next message of the stream.
func (l *Log) goOn(ctx context.Context, m message) error {
	next := l.tip.head.Position + 1
	if m.seq != l.tip.seq+1 {
		return l.fail(l.diverged(next, fmt.Sprintf("message %d follows message %d", m.seq, l.tip.seq)))
	}
	f, err := unpack(m.data)
	switch {
	case errors.Is(err, errNotOurs):
		return l.skip(ctx, m.seq, "somebody else published to the subject of the log; that message is skipped")
	case err != nil:
		return l.fail(l.diverged(next, fmt.Sprintf("message %d: %v", m.seq, err)))
	case l.flying != nil && f.id == l.flying.frame.id && f.base == l.tip.head:
		l.landGroup(ctx, m.seq, l.flying)
		return nil
	case f.base == l.tip.head:
		return l.landFrame(ctx, m.seq, f)
	}
	return l.misfit(ctx, m.seq, f)
}

// landFrame goes on from a frame of somebody else.
func (l *Log) landFrame(ctx context.Context, seq uint64, f *frame) error {
	var last events.Recorded
	if err := events.DecodeRecord(f.record(f.len()-1), &last); err != nil {
		return l.fail(l.diverged(f.base.Position+1, fmt.Sprintf("message %d: %v", seq, err)))
	}
	f.chain()
	l.tip = tip{seq: seq, held: seq, head: f.head(), last: last.RecordedAt}
	l.hand(ctx, landing{seq: seq, frame: f})
	return nil
}

// misfit judges a frame that is out of place. One that would have fitted earlier came through a fence that failed: it is
// void for everybody, and its writer, who follows the stream too, publishes its events again. Any other means that what
// came before is not what it was.
func (l *Log) misfit(ctx context.Context, seq uint64, f *frame) error {
	if err := l.index.WaitPlace(ctx, place(l.tip.seq)); err != nil {
		return err
	}
	if l.hadHead(f.base) {
		return l.skip(ctx, seq, "a frame came too late and is void")
	}
	return l.fail(l.diverged(l.tip.head.Position, fmt.Sprintf("message %d was written after position %d of another history", seq, f.base.Position)))
}

// hadHead reports whether the log once ended like that.
func (l *Log) hadHead(h events.Head) bool {
	if h.Position == 0 {
		return h == events.Head{}
	}
	entries, err := l.index.At(h.Position)
	return err == nil && entries[0].Hash == h.Hash
}

func (l *Log) skip(ctx context.Context, seq uint64, why string) error {
	l.Logger.WarnContext(ctx, "a message of the log has no events", "log", l.target.place(), "seq", seq, "reason", why)
	l.tip.seq = seq
	l.hand(ctx, landing{seq: seq})
	return nil
}

// place is that of the first event of a message.
func place(seq uint64) logindex.Place { return logindex.Place{Major: seq} }
