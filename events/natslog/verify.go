package natslog

import (
	"context"
	"errors"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
)

// Verify implements events.Log. It reads every message the log had when it is called, past all caches: frames are sound and
// follow each other, each record fits the hash chain, recorded times never go back, and the index says the same of every
// event. Appends go on meanwhile.
func (l *Log) Verify(ctx context.Context, progress func(done, total events.Position)) error {
	if err := l.life.Enter(ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	w := walker{log: l, end: l.index.End(), progress: progress}
	if err := w.walk(ctx); err != nil {
		if errors.Is(err, errVerify) || errors.Is(err, errMissing) {
			return l.readError(ctx, w.head.Position+1, err)
		}
		if cerr := l.life.Ready(ctx); cerr != nil {
			return cerr
		}
		return fmt.Errorf("log: %s cannot be verified: %w", l.target.place(), err)
	}
	return l.life.Ready(ctx)
}

// errVerify: what is stored is not what it should be.
var errVerify = errors.New("not sound")

// walker reads a log from its beginning to an end, and checks all that can be checked.
type walker struct {
	log      *Log
	end      logindex.End
	progress func(done, total events.Position)

	head events.Head
	last events.Recorded
}

func (w *walker) walk(ctx context.Context) error {
	err := w.log.each(ctx, 1, w.end.Place.Major, func(m message) error {
		if err := w.visit(m); err != nil {
			return err
		}
		if w.progress != nil && w.head.Position > 0 {
			w.progress(w.head.Position, w.end.Position)
		}
		return w.log.life.Ready(ctx)
	})
	if err != nil {
		return err
	}
	if w.head != w.end.Head {
		return fmt.Errorf("%w: the stream comes to position %d, the index to %d, or their hashes differ", errVerify, w.head.Position, w.end.Position)
	}
	return w.counts()
}

// visit checks a message. One that is not a frame of ours, or came too late, has no events (see misfit).
func (w *walker) visit(m message) error {
	f, err := unpack(m.data)
	switch {
	case errors.Is(err, errNotOurs):
		return nil
	case err != nil:
		return fmt.Errorf("%w: message %d: %w", errVerify, m.seq, err)
	case f.base != w.head && w.log.hadHead(f.base):
		return nil
	case f.base != w.head:
		return fmt.Errorf("%w: message %d does not fit the hash chain", errVerify, m.seq)
	}
	f.chain()
	placed, err := f.placed(m.seq)
	if err != nil {
		return fmt.Errorf("%w: message %d: %w", errVerify, m.seq, err)
	}
	if err := w.log.index.Check(placed...); err != nil {
		return fmt.Errorf("%w: %w", errVerify, err)
	}
	for i := range placed {
		if placed[i].RecordedAt.Before(w.last.RecordedAt) {
			return fmt.Errorf("%w: the recorded time goes backwards at %d", errVerify, placed[i].Position)
		}
		w.last.RecordedAt = placed[i].RecordedAt
	}
	last := placed[len(placed)-1]
	w.head = events.Head{Position: last.Position, Hash: last.Hash}
	return nil
}

// counts checks that the index has no entry too many.
func (w *walker) counts() error {
	if err := w.log.index.CheckCounts(w.end.Position); err != nil {
		return fmt.Errorf("%w: %w", errVerify, err)
	}
	return nil
}
