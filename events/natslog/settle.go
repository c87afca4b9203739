package natslog

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// landing is a message that the stream holds: a frame of our own (frame and group), of somebody else (frame), or
// one without events.
type landing struct {
	seq   uint64
	frame *frame
	group *group // who waits for it; its frame is nil if it brought nothing new
}

// hand gives a landing to the settler, in the order of the stream. It is called with tail held.
func (l *Log) hand(ctx context.Context, at landing) {
	select {
	case l.landed <- at:
	case <-ctx.Done():
	case <-l.life.Failed():
	}
}

// settle writes what landed into the index, from where readers see it, and then answers who waits for it.
func (l *Log) settle(ctx context.Context) {
	for {
		select {
		case at := <-l.landed:
			if err := l.settleOne(at); err != nil {
				_ = l.fail(err)
				return
			}
		case <-l.index.Failed():
			_ = l.fail(l.index.Err())
			return
		case <-l.life.Failed():
			return
		case <-ctx.Done():
			return
		}
	}
}

func (l *Log) settleOne(at landing) error {
	placed, err := at.placed()
	if err != nil {
		return l.diverged(l.index.End().Position+1, fmt.Sprintf("message %d: %v", at.seq, err))
	}
	if at.frame != nil {
		l.cache.put(at.seq, at.frame)
	}
	if at.frame != nil || at.group == nil {
		if err := l.index.Append(upTo(at), placed...); err != nil {
			return fmt.Errorf("the index in %s cannot be written: %w", l.Dir, err)
		}
	}
	if at.group != nil {
		at.group.answer()
	}
	return nil
}

// upTo is the place of the last event of a landing.
func upTo(at landing) logindex.Place {
	if at.frame == nil {
		return place(at.seq)
	}
	return logindex.Place{Major: at.seq, Minor: uint64(at.frame.len() - 1)} //nolint:gosec // a frame has an event
}

// answer tells the requests whose last event this was.
func (g *group) answer() {
	for _, p := range g.parts {
		if p.to == len(p.req.items) {
			p.req.finish(nil)
		}
	}
}

// placed returns the entries of a landing's events.
func (at *landing) placed() ([]logindex.Placed, error) {
	switch {
	case at.frame == nil:
		return nil, nil
	case at.group != nil:
		for i := range at.group.placed {
			at.group.placed[i].Place.Major = at.seq
		}
		return at.group.placed, nil
	}
	return at.frame.placed(at.seq)
}

// placed reads the entries of a frame of somebody else, whose chain was computed, from its records.
func (f *frame) placed(seq uint64) ([]logindex.Placed, error) {
	out := make([]logindex.Placed, f.len())
	var r events.Recorded
	for i := range out {
		if err := events.DecodeRecord(f.record(i), &r); err != nil {
			return nil, err
		}
		if want := f.base.Position + events.Position(i+1); r.Position != want {
			return nil, fmt.Errorf("the record of position %d says %d", want, r.Position)
		}
		out[i] = logindex.Placed{
			ID: keys.NewID(r.Source, r.ID), Stream: keys.NewStream(r.Stream),
			Entry: logindex.Entry{
				Position: r.Position, Hash: f.hashes[i], RecordedAt: r.RecordedAt,
				Place: logindex.Place{Major: seq, Minor: uint64(i)},
			},
		}
	}
	return out, nil
}
