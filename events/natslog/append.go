package natslog

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// item is one entry on its way into the log.
type item struct {
	record   []byte // still without position and time
	id       keys.ID
	stream   keys.Stream
	expected events.Expected
	known    events.Position // where the look-up found (source, id); 0 if nowhere
}

// request is one Append call. The appender fills items, the sequencer results, the settler tells the outcome.
type request struct {
	items   []item
	arena   []byte          // where the records of the items are
	seen    events.Position // the look-up is sure to have seen every event up to here
	results []events.Result
	outcome chan error
	over    bool // it was told its outcome; the sequencer's
	// restored is what the items were recorded as, if this is a Restore.
	restored []events.Recorded
}

// finish tells the outcome, once.
func (r *request) finish(err error) {
	if !r.over {
		r.over = true
		r.outcome <- err
	}
}

// Append implements events.Log. The events are stored in order, but, if they take more than one message, not at once: events
// of others may come between them, and after an error some may be stored. If ctx ends while they are on their way,
// Append returns at once and they may or may not be stored.
func (l *Log) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	req := &request{outcome: make(chan error, 1)}
	if err := req.encode(entries); err != nil {
		return nil, err
	}
	if len(req.items) == 0 {
		return nil, nil
	}
	if err := l.lookUp(ctx, req); err != nil {
		return nil, err
	}
	if err := l.submit(ctx, req); err != nil {
		return nil, err
	}
	return req.results, nil
}

// encode does in the caller's goroutine whatever needs no order: checks, encoding, hashing of ids.
func (r *request) encode(entries []events.Entry) error {
	if err := events.CheckAppend(entries); err != nil {
		return err
	}
	r.items = make([]item, 0, len(entries))
	r.results = make([]events.Result, len(entries))
	for i := range entries {
		e := &entries[i]
		if err := events.CheckEntry(e); err != nil {
			return &events.EntryError{Index: i, Err: err}
		}
		if err := r.add(&events.Recorded{Event: e.Event, Stream: e.Stream}, e.Expected); err != nil {
			return &events.EntryError{Index: i, Err: err}
		}
	}
	return nil
}

// add encodes one event. The arena starts anew when it is full, since records that are in it already must not move.
func (r *request) add(e *events.Recorded, expected events.Expected) error {
	if size := roughSize(e); size > cap(r.arena)-len(r.arena) {
		r.arena = make([]byte, 0, max(size, min(size*(cap(r.items)-len(r.items)), arenaMax)))
	}
	start := len(r.arena)
	r.arena = events.AppendRecord(r.arena, e)
	record := r.arena[start:len(r.arena):len(r.arena)]
	r.items = append(r.items, item{
		record: record, expected: expected,
		id: keys.NewID(e.Source, e.ID), stream: keys.NewStream(e.Stream),
	})
	return events.CheckRecordSize(record)
}

const arenaMax = 1 << 20

// roughSize is a little more than an event usually takes.
func roughSize(e *events.Recorded) int {
	n := 160 + len(e.Data) + len(e.ID) + len(e.Source) + len(e.Type) + len(e.Subject) + len(e.TraceParent)
	for i := range e.Identifiers {
		n += 8 + len(e.Identifiers[i].Value)
	}
	return n
}

// checkEvery is how many events pass between two looks at ctx.
const checkEvery = 256

// lookUp finds out, beside the sequencer, which entries are stored already.
func (l *Log) lookUp(ctx context.Context, req *request) error {
	req.seen = l.index.End().Position
	for i := range req.items {
		if i%checkEvery == checkEvery-1 && ctx.Err() != nil {
			return ctx.Err()
		}
		p, err := l.index.Find(req.items[i].id)
		if err != nil {
			return l.indexError(ctx, err)
		}
		req.items[i].known = p
	}
	return nil
}

func (l *Log) submit(ctx context.Context, req *request) error {
	select {
	case l.requests <- req:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.running.Done():
		return l.ended()
	}
	select {
	case err := <-req.outcome:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-l.running.Done():
		return l.ended()
	}
}

// ended is why the log's life is over.
func (l *Log) ended() error {
	if err := l.life.Err(); err != nil {
		return err
	}
	return events.ErrClosed
}

// indexError is what a call gets for which the index could not be read.
func (l *Log) indexError(ctx context.Context, err error) error {
	if cerr := l.life.Ready(ctx); cerr != nil {
		return cerr
	}
	return l.fail(fmt.Errorf("the index in %s cannot be read: %w", l.Dir, err))
}
