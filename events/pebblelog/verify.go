package pebblelog

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/time/rate"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// scrubRate is how many events Scrub reads in a second: five million in an hour.
const scrubRate = 1500

// Verify implements events.Log. It reads every event the log holds when it is called: positions are dense, each
// record fits the hash chain, recorded times never go back, every event has its stream and id entry and no entry
// is left over, and the high-water mark file agrees. Appends go on meanwhile.
func (l *Log) Verify(ctx context.Context, progress func(done, total events.Position)) error {
	return l.verify(ctx, walker{index: true, progress: progress})
}

// Scrub is Verify at a pace nobody notices, to be run in the background once a day.
func (l *Log) Scrub(ctx context.Context) error {
	return l.verify(ctx, walker{index: true, pace: rate.NewLimiter(scrubRate, checkEvery)})
}

func (l *Log) verify(ctx context.Context, w walker) error {
	if err := l.life.Enter(ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	w.head = l.head()
	if err := l.verifyMark(w.head); err != nil {
		return err
	}
	walking, cancel := l.untilClosed(ctx)
	defer cancel()
	snapshot := l.db.NewSnapshot()
	p, err := w.walk(walking, snapshot)
	if err = errors.Join(err, snapshot.Close()); err != nil {
		return l.readError(ctx, p, err)
	}
	return nil
}

// untilClosed returns a context that also ends when the log closes, for calls that take long.
func (l *Log) untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-l.life.Closing():
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// verifyMark reads the mark back from its file. It can only be ahead of a head that was taken before.
func (l *Log) verifyMark(head events.Head) error {
	m, err := l.mark.read(l.site.fs, l.site.MarkPath)
	switch {
	case err != nil:
		return l.site.corrupt(head.Position, err.Error(), remedyAccept)
	case m == nil || m.identity != l.next.identity || m.head.Position < head.Position:
		return l.site.corrupt(head.Position, "the high-water mark file is not the one this log writes", remedyAccept)
	}
	return l.site.compareHash(l.db, m)
}

// walker reads the events after after up to head, and checks all that can be checked about them.
type walker struct {
	after    events.Position
	head     events.Head
	index    bool // check the stream and id entries, too; only for a walk from the beginning
	progress func(done, total events.Position)
	pace     *rate.Limiter

	prev         events.Recorded // the event before the one at hand
	streams, ids account         // what the events call for
}

// walk returns the first position in doubt and what is wrong there.
func (w *walker) walk(ctx context.Context, db pebble.Reader) (events.Position, error) {
	if w.after > 0 {
		if err := get(db, w.after, &w.prev); err != nil {
			return w.after, err
		}
	}
	w.streams, w.ids = newAccount(), newAccount()
	p, err := eachEvent(ctx, db, w.after, w.head.Position, func(p events.Position, value []byte) error {
		return w.visit(ctx, p, value)
	})
	if err != nil {
		return p, err
	}
	if w.prev.Hash != w.head.Hash {
		return w.head.Position, errors.New("the end of the hash chain is not the head")
	}
	if !w.index {
		return p, nil
	}
	return w.checkIndex(ctx, db)
}

func (w *walker) visit(ctx context.Context, p events.Position, value []byte) error {
	r := events.Recorded{}
	if err := decodeEvent(value, p, &r); err != nil {
		return err
	}
	if r.Hash != w.prev.Hash.Next(value[hashLen:]) {
		return errors.New("the record does not fit the hash chain")
	}
	if r.RecordedAt.Before(w.prev.RecordedAt) {
		return errors.New("the recorded time goes backwards")
	}
	if w.index {
		stream, id := keys.NewStream(r.Stream), keys.NewID(r.Source, r.ID)
		w.streams.add(stream[:], p)
		w.ids.add(id[:], p)
	}
	w.prev = r
	return w.report(ctx, p)
}

func (w *walker) report(ctx context.Context, p events.Position) error {
	if p%checkEvery != 0 && p != w.head.Position {
		return nil
	}
	if w.progress != nil {
		w.progress(p, w.head.Position)
	}
	if w.pace != nil {
		return w.pace.WaitN(ctx, checkEvery)
	}
	return ctx.Err()
}

// checkIndex compares what the entries add up to with what the events call for. That takes two scans in key order
// instead of two look-ups for every event; only if the sums differ the look-ups are made, to say where.
func (w *walker) checkIndex(ctx context.Context, db pebble.Reader) (events.Position, error) {
	streams, ids := w.streams.empty(), w.ids.empty()
	err := eachEntry(ctx, db, w.head.Position, func(key []byte, p events.Position) error {
		if key[0] == keys.PrefixStream {
			streams.add(key[:len(keys.Stream{})], p)
		} else {
			ids.add(key, p)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if streams == w.streams && ids == w.ids {
		return w.head.Position, nil
	}
	return w.locate(ctx, db)
}

// eachEntry calls f with every stream entry and id entry of an event up to head.
func eachEntry(ctx context.Context, db pebble.Reader, head events.Position, f func(key []byte, p events.Position) error) error {
	err := eachKey(ctx, db, keys.PrefixStream, func(key, _ []byte) error {
		if p, ok := keys.Position(key); len(key) != len(keys.Stream{})+8 || !ok {
			return fmt.Errorf("a stream entry of %d bytes", len(key))
		} else if p <= head {
			return f(key, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachKey(ctx, db, keys.PrefixID, func(key, value []byte) error {
		if p, ok := keys.Position(value); len(key) != len(keys.ID{}) || !ok || len(value) != 8 {
			return fmt.Errorf("an id entry of %d and %d bytes", len(key), len(value))
		} else if p <= head {
			return f(key, p)
		}
		return nil
	})
}

// eachKey calls f with every pair whose key begins with prefix.
func eachKey(ctx context.Context, db pebble.Reader, prefix byte, f func(key, value []byte) error) (err error) {
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for n, ok := 0, it.First(); ok; n, ok = n+1, it.Next() {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		if err := f(it.Key(), value); err != nil {
			return err
		}
	}
	return it.Error()
}
