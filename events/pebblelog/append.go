package pebblelog

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// item is one entry on its way into the log.
type item struct {
	value    []byte // room for the chain hash, then the record, still without position and time
	id       keys.ID
	stream   keys.Stream
	expected events.Expected
	known    events.Position // where the look-up found (source, id); 0 if nowhere
}

// request is one Append call. The appender fills items, the sequencer results, the settler tells the outcome.
type request struct {
	items   []item
	arena   []byte // where the values of the items are
	seen    uint64 // the last group the look-up is sure to have seen
	results []events.Result
	outcome chan error

	restored []events.Recorded // what the items are of a Restore; nil for an append
}

// requests are used again, since their arenas are large; but not one whose Append gave up while it was on its way.
var requests = sync.Pool{New: func() any { return &request{outcome: make(chan error, 1)} }}

// arenaKept is the largest arena that is kept for another request.
const arenaKept = 1 << 20

func (r *request) release() {
	if cap(r.arena) <= arenaKept {
		r.results, r.restored = nil, nil
		requests.Put(r)
	}
}

// Append implements events.Log. The entries of one call get positions without others between them and become durable
// together. If ctx ends while they are on their way, Append returns at once and they may or may not be stored.
func (l *Log) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	req, _ := requests.Get().(*request)
	if err := req.encode(entries); err != nil {
		return nil, err
	}
	if len(req.items) == 0 {
		return nil, nil
	}
	if err := l.lookUp(ctx, req); err != nil {
		return nil, err
	}
	return l.submit(ctx, req)
}

// encode does in the caller's goroutine whatever needs no order: checks, encoding, hashing of ids.
func (r *request) encode(entries []events.Entry) error {
	if err := events.CheckAppend(entries); err != nil {
		return err
	}
	size := 0
	for i := range entries {
		if err := events.CheckEntry(&entries[i]); err != nil {
			return &events.EntryError{Index: i, Err: err}
		}
		size += roughSize(&entries[i])
	}
	r.items, r.arena = slices.Grow(r.items[:0], len(entries)), slices.Grow(r.arena[:0], size)
	r.results = make([]events.Result, len(entries))
	for i := range entries {
		if err := r.add(&entries[i]); err != nil {
			return &events.EntryError{Index: i, Err: err}
		}
	}
	return nil
}

func (r *request) add(e *events.Entry) error {
	start := len(r.arena)
	r.arena = append(r.arena, noHash[:]...)
	r.arena = events.AppendRecord(r.arena, &events.Recorded{Event: e.Event, Stream: e.Stream})
	value := r.arena[start:len(r.arena):len(r.arena)]
	r.items = append(r.items, item{
		value: value, expected: e.Expected,
		id: keys.NewID(e.Event.Source, e.Event.ID), stream: keys.NewStream(e.Stream),
	})
	return events.CheckRecordSize(value[hashLen:])
}

var noHash events.Hash

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
		if l.filter.Absent(&req.items[i].id) {
			continue
		}
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
func (l *Log) findID(id *keys.ID) (events.Position, error) {
	value, closer, err := l.db.Get(id[:])
	if errors.Is(err, pebble.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	p, ok := keys.Position(value)
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
	case <-l.life.Failed():
		return nil, l.life.Err()
	}
	select {
	case err := <-req.outcome:
		results := req.results
		req.release()
		if err != nil {
			return nil, err
		}
		return results, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.life.Failed():
		return nil, l.life.Err()
	}
}
