package pebblelog

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

const (
	checkEvery = 256  // events between two looks at ctx
	pageStart  = 4096 // events a page has room for before it grows
)

// Read implements events.Log.
func (l *Log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	head := l.head().Position
	if after >= head || limit <= 0 {
		return nil, nil
	}
	last := after + min(head-after, events.Position(limit))
	out := make([]events.Recorded, 0, min(last-after, pageStart))
	p, err := eachEvent(ctx, l.db, after, last, func(p events.Position, value []byte) error {
		out = append(out, events.Recorded{})
		return decodeEvent(value, p, &out[len(out)-1])
	})
	if err != nil {
		return nil, l.readError(ctx, p, err)
	}
	return out, nil
}

// eachEvent calls f with the value of every event in (after, last], in order and without a gap. When it fails it
// returns the position it failed at. f must not keep the value.
func eachEvent(ctx context.Context, db pebble.Reader, after, last events.Position, f func(events.Position, []byte) error) (next events.Position, err error) {
	lower, upper := keys.NewEvent(after+1), keys.NewEvent(last+1)
	next = after + 1
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: lower[:], UpperBound: upper[:]})
	if err != nil {
		return next, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		if next%checkEvery == 0 && ctx.Err() != nil {
			return next, ctx.Err()
		}
		if err := visit(it, next, f); err != nil {
			return next, err
		}
		next++
	}
	if next != last+1 && it.Error() == nil {
		return next, errMissing
	}
	return next, it.Error()
}

// visit calls f with the value it stands at, which must be that of the event at want.
func visit(it *pebble.Iterator, want events.Position, f func(events.Position, []byte) error) error {
	if p, ok := keys.Position(it.Key()); !ok || p != want {
		return errMissing
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return err
	}
	return f(want, value)
}

var errMissing = errors.New("the event is missing")

// ReadStream implements events.Log.
func (l *Log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	head := l.head().Position
	if after >= head || limit <= 0 {
		return nil, nil
	}
	key := keys.NewStream(stream)
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: key.At(after + 1), UpperBound: key.At(head + 1),
	})
	if err != nil {
		return nil, l.readError(ctx, after+1, err)
	}
	return l.readIndexed(ctx, it, stream, limit)
}

// readIndexed reads the events whose positions it lists, and closes it.
func (l *Log) readIndexed(ctx context.Context, it *pebble.Iterator, stream string, limit int) (out []events.Recorded, err error) {
	var at events.Position
	from := cursor{db: l.db}
	defer func() {
		if err = errors.Join(err, it.Close(), from.close()); err != nil {
			out, err = nil, l.readError(ctx, at, err)
		}
	}()
	for ok := it.First(); ok && len(out) < limit; ok = it.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at, _ = keys.Position(it.Key())
		var r events.Recorded
		if err := from.get(at, &r); err != nil {
			return nil, err
		}
		if r.Stream == stream { // two names may share a hash
			out = append(out, r)
		}
	}
	return out, it.Error()
}

// At implements events.Log.
func (l *Log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	if len(positions) == 0 {
		return nil, nil
	}
	head := l.head().Position
	out := make([]events.Recorded, len(positions))
	for i, p := range positions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if p == 0 || p > head {
			return nil, fmt.Errorf("%w: %d", events.ErrNoPosition, p)
		}
		if err := get(l.db, p, &out[i]); err != nil {
			return nil, l.readError(ctx, p, err)
		}
	}
	return out, nil
}

// get reads one event. It asks for the key itself: that looks into one table, where an iterator would position itself
// in all of them.
func get(db pebble.Reader, p events.Position, r *events.Recorded) error {
	key := keys.NewEvent(p)
	value, closer, err := db.Get(key[:])
	if errors.Is(err, pebble.ErrNotFound) {
		return errMissing
	}
	if err != nil {
		return err
	}
	return errors.Join(decodeEvent(value, p, r), closer.Close())
}

// Head implements events.Log.
func (l *Log) Head(ctx context.Context) (events.Head, error) {
	if err := l.life.Ready(ctx); err != nil {
		return events.Head{}, err
	}
	return l.head(), nil
}

// Wait implements events.Log.
func (l *Log) Wait(ctx context.Context, after events.Position) error {
	return l.life.Until(ctx, l.bell.Wait, func() bool { return l.head().Position > after })
}

// readError is what a reader gets that could not read the event at p.
func (l *Log) readError(ctx context.Context, p events.Position, err error) error {
	if cerr := l.life.Ready(ctx); cerr != nil {
		return cerr
	}
	return l.site.corrupt(p, err.Error(), remedyCopy)
}
