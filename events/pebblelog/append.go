package pebblelog

import (
	"context"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// item is one entry on its way into the log.
type item struct {
	value    []byte // room for the chain hash, then the record, still without position and time
	id       idKey
	stream   streamKey
	expected events.Expected
	known    events.Position // where the look-up found (source, id); 0 if nowhere
}

// request is one Append call. The appender fills items, the sequencer results, the settler tells the outcome.
type request struct {
	items   []item
	seen    uint64 // the last group the look-up is sure to have seen
	results []events.Result
	outcome chan error
}

// Append implements events.Log. The entries of one call get positions without others between them and become durable
// together. If ctx ends while they are on their way, Append returns at once and they may or may not be stored.
func (l *Log) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	items, err := encode(entries)
	if err != nil {
		return nil, err
	}
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	if len(items) == 0 {
		return nil, nil
	}
	req := &request{items: items, results: make([]events.Result, len(items)), outcome: make(chan error, 1)}
	if err := l.lookUp(ctx, req); err != nil {
		return nil, err
	}
	return l.submit(ctx, req)
}

// encode does in the caller's goroutine whatever needs no order: checks, encoding, hashing of ids.
func encode(entries []events.Entry) ([]item, error) {
	items := make([]item, len(entries))
	size := 0
	for i := range entries {
		if err := events.CheckEntry(&entries[i]); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
		size += roughSize(&entries[i])
	}
	arena := make([]byte, 0, size)
	for i := range entries {
		e := &entries[i]
		start := len(arena)
		arena = append(arena, make([]byte, hashLen)...)
		arena = events.AppendRecord(arena, &events.Recorded{Event: e.Event, Stream: e.Stream})
		value := arena[start:len(arena):len(arena)]
		if err := events.CheckRecordSize(value[hashLen:]); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
		items[i] = item{
			value: value, expected: e.Expected,
			id: newIDKey(e.Event.Source, e.Event.ID), stream: newStreamKey(e.Stream),
		}
	}
	return items, nil
}

// roughSize is a little more than an entry usually takes, so that the arena rarely has to grow.
func roughSize(e *events.Entry) int {
	n := 160 + len(e.Event.Data) + len(e.Event.ID) + len(e.Event.Source) + len(e.Event.Type) + len(e.Event.Subject) + len(e.Event.TraceParent)
	for i := range e.Event.Identifiers {
		n += 8 + len(e.Event.Identifiers[i].Value)
	}
	return n
}

// lookUp finds out, beside the sequencer, which entries are stored already.
func (l *Log) lookUp(ctx context.Context, req *request) error {
	req.seen = l.applied.Load()
	for i := range req.items {
		if i%checkEvery == checkEvery-1 && ctx.Err() != nil {
			return ctx.Err()
		}
		p, err := l.findID(&req.items[i].id)
		if err != nil {
			return l.readError(ctx, 0, err)
		}
		req.items[i].known = p
	}
	return nil
}

// findID returns the position of the event with this (source, id), 0 if there is none.
func (l *Log) findID(id *idKey) (events.Position, error) {
	value, closer, err := l.db.Get(id[:])
	if errors.Is(err, pebble.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	p, ok := keyPosition(value)
	if err := closer.Close(); err != nil {
		return 0, err
	}
	if !ok || p == 0 {
		return 0, errors.New("an id entry without a position")
	}
	return p, nil
}

func (l *Log) submit(ctx context.Context, req *request) ([]events.Result, error) {
	select {
	case l.requests <- req:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.failure.ch:
		return nil, l.failure.err
	}
	select {
	case err := <-req.outcome:
		if err != nil {
			return nil, err
		}
		return req.results, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.failure.ch:
		return nil, l.failure.err
	}
}
