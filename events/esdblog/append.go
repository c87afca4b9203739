package esdblog

import (
	"context"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// request is one Append or Restore on its way through the sequencer.
type request struct {
	ctx     context.Context
	items   []item
	restore []events.Recorded // what a Restore brings, nil for an Append
	size    int               // bytes of all records

	done    chan struct{} // closed when results or err is set
	results []events.Result
	err     error
}

// item is one entry of a request.
type item struct {
	body     body
	record   []byte // the event's record; position and recorded time are stamped when they are known
	name     string // of the stream, as the server has it, without the prefix
	id       keys.ID
	stream   keys.Stream
	expected events.Expected
	at       time.Time // recorded time of a restored event

	stored   bool   // the server holds the body, at revision
	revision uint64 // of the body in its stream
	result   events.Result
}

// Append implements events.Log.
func (l *Log) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	req, err := newRequest(ctx, entries)
	if err != nil {
		return nil, err
	}
	if err := l.submit(req); err != nil {
		return nil, err
	}
	return req.results, nil
}

// Restore implements events.Restorer.
func (l *Log) Restore(ctx context.Context, recorded ...events.Recorded) error {
	records, err := events.RestoreRecords(recorded)
	if err != nil {
		return err
	}
	return l.submit(newRestore(ctx, recorded, records))
}

// newRestore keeps a copy of what is restored: the sequencer may look at it after the caller has given up.
func newRestore(ctx context.Context, recorded []events.Recorded, records [][]byte) *request {
	req := &request{ctx: ctx, restore: slices.Clone(recorded), items: make([]item, len(recorded)), done: make(chan struct{})}
	for i := range recorded {
		req.items[i] = newItem(&recorded[i], records[i])
		req.items[i].at = recorded[i].RecordedAt
		req.size += len(records[i])
	}
	return req
}

func newRequest(ctx context.Context, entries []events.Entry) (*request, error) {
	if err := events.CheckAppend(entries); err != nil {
		return nil, err
	}
	req := &request{ctx: ctx, items: make([]item, len(entries)), done: make(chan struct{})}
	for i := range entries {
		e := &entries[i]
		if err := events.CheckEntry(e); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
		r := events.Recorded{Event: e.Event, Stream: e.Stream}
		record := events.AppendRecord(nil, &r)
		if err := events.CheckRecordSize(record); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
		req.items[i] = newItem(&r, record)
		req.items[i].expected = e.Expected
		req.size += len(record)
	}
	return req, nil
}

// newItem takes over record. The body gets a copy of its header: that one is sent while this one is stamped.
func newItem(r *events.Recorded, record []byte) item {
	b := newBody(r.Type, record, len(r.Data))
	b.meta = append([]byte{}, b.meta...)
	events.StampRecord(b.meta, 0, time.Time{})
	b.id = eventID(b.meta, b.data)
	return item{
		body: b, record: record, name: streamName(r.Stream),
		id: keys.NewID(r.Source, r.ID), stream: keys.NewStream(r.Stream),
	}
}

// submit hands a request to the sequencer and waits for what comes of it.
func (l *Log) submit(req *request) error {
	if err := l.life.Enter(req.ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	if len(req.items) == 0 {
		return nil
	}
	patience := time.NewTimer(l.Patience)
	defer patience.Stop()
	requests := l.requests
	for {
		select {
		case requests <- req:
			requests = nil
		case <-req.done:
			return req.err
		case <-patience.C:
			return l.away(nil)
		case <-req.ctx.Done():
			return req.or(req.ctx.Err())
		case <-l.life.Failed():
			return req.or(l.life.Err())
		case <-l.running.Done():
			return req.or(events.ErrClosed)
		}
	}
}

// or returns what became of a request, if that is known, and otherwise err.
func (r *request) or(err error) error {
	select {
	case <-r.done:
		return r.err
	default:
		return err
	}
}

// finish tells whoever waits for a request.
func (r *request) finish(err error) {
	if r.err = err; err == nil && r.restore == nil {
		r.results = make([]events.Result, len(r.items))
		for i := range r.items {
			r.results[i] = r.items[i].result
		}
	}
	close(r.done)
}
