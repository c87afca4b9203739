package memlog

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
)

// Log is an events.Log in memory. Its methods may be called from many goroutines.
type Log struct {
	now  func() time.Time
	life *life.Life
	bell life.Bell

	mu      sync.Mutex
	records [][]byte // the record at position i+1
	hashes  []events.Hash
	ids     map[id]events.Position
	streams map[string][]events.Position
	last    time.Time // recorded time of the last event
}

// id is what makes an event the same event for ever.
type id struct{ source, id string }

var _ events.Log = (*Log)(nil)

// New returns an empty log that takes recorded times from now.
func New(now func() time.Time) *Log {
	return &Log{
		now:     now,
		life:    life.New(),
		ids:     map[id]events.Position{},
		streams: map[string][]events.Position{},
	}
}

// Append implements events.Log. It is atomic: no reader sees a part of it.
func (l *Log) Append(ctx context.Context, entries ...events.Entry) ([]events.Result, error) {
	records, err := encode(entries)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil {
		return nil, err
	}
	head := len(l.records)
	results := make([]events.Result, len(entries))
	for i := range entries {
		results[i] = l.judge(&entries[i], records[i])
	}
	if len(l.records) > head {
		l.bell.Ring()
	}
	return results, nil
}

func encode(entries []events.Entry) ([][]byte, error) {
	if err := events.CheckAppend(entries); err != nil {
		return nil, err
	}
	records := make([][]byte, len(entries))
	for i := range entries {
		e := &entries[i]
		if err := events.CheckEntry(e); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
		records[i] = events.AppendRecord(nil, &events.Recorded{Event: e.Event, Stream: e.Stream})
		if err := events.CheckRecordSize(records[i]); err != nil {
			return nil, &events.EntryError{Index: i, Err: err}
		}
	}
	return records, nil
}

// judge appends one entry, or says why not. A duplicate is one even if its expectation no longer holds: it is the
// answer a writer needs who repeats what already went through.
func (l *Log) judge(e *events.Entry, record []byte) events.Result {
	key := id{e.Event.Source, e.Event.ID}
	if p, ok := l.ids[key]; ok {
		return events.Result{Outcome: events.Duplicate, Position: p}
	}
	if version := l.version(e.Stream); !e.Expected.Check(version) {
		return events.Result{Outcome: events.Conflict, Position: version}
	}
	p := events.Position(len(l.records) + 1)
	if now := l.now(); now.After(l.last) {
		l.last = now
	}
	events.StampRecord(record, p, l.last)
	l.keep(key, e.Stream, record)
	return events.Result{Outcome: events.Appended, Position: p}
}

// keep makes a stamped record the last one.
func (l *Log) keep(key id, stream string, record []byte) {
	p := events.Position(len(l.records) + 1)
	l.hashes = append(l.hashes, l.head().Hash.Next(record))
	l.records = append(l.records, record)
	l.ids[key] = p
	l.streams[stream] = append(l.streams[stream], p)
}

func (l *Log) version(stream string) events.Position {
	positions := l.streams[stream]
	if len(positions) == 0 {
		return 0
	}
	return positions[len(positions)-1]
}

func (l *Log) head() events.Head {
	n := len(l.records)
	if n == 0 {
		return events.Head{}
	}
	return events.Head{Position: events.Position(n), Hash: l.hashes[n-1]}
}

// Read implements events.Log.
func (l *Log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil {
		return nil, err
	}
	var positions []events.Position
	for p := after; p < l.head().Position && len(positions) < limit; p++ {
		positions = append(positions, p+1)
	}
	return l.decode(positions)
}

// ReadStream implements events.Log.
func (l *Log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil {
		return nil, err
	}
	positions := l.streams[stream]
	positions = positions[sort.Search(len(positions), func(i int) bool { return positions[i] > after }):]
	return l.decode(positions[:min(len(positions), max(limit, 0))])
}

// At implements events.Log.
func (l *Log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil {
		return nil, err
	}
	return l.decode(positions)
}

func (l *Log) decode(positions []events.Position) ([]events.Recorded, error) {
	if len(positions) == 0 {
		return nil, nil
	}
	out := make([]events.Recorded, len(positions))
	for i, p := range positions {
		if p == 0 || p > l.head().Position {
			return nil, fmt.Errorf("%w: %d", events.ErrNoPosition, p)
		}
		if err := events.DecodeRecord(l.records[p-1], &out[i]); err != nil {
			return nil, err
		}
		out[i].Hash = l.hashes[p-1]
	}
	return out, nil
}

// Head implements events.Log.
func (l *Log) Head(ctx context.Context) (events.Head, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil {
		return events.Head{}, err
	}
	return l.head(), nil
}

// Wait implements events.Log.
func (l *Log) Wait(ctx context.Context, after events.Position) error {
	return l.life.Until(ctx, l.bell.Wait, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.head().Position > after
	})
}

// Verify implements events.Log: it computes the hash chain anew.
func (l *Log) Verify(ctx context.Context, progress func(done, total events.Position)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var hash events.Hash
	for i, record := range l.records {
		if err := l.life.Ready(ctx); err != nil {
			return err
		}
		p := events.Position(i + 1)
		if hash = hash.Next(record); hash != l.hashes[i] {
			return &events.CorruptError{Position: p, What: "the record does not fit the hash chain", Remedy: "restart c360"}
		}
		if progress != nil {
			progress(p, l.head().Position)
		}
	}
	return l.life.Ready(ctx)
}

// Close implements events.Log.
func (l *Log) Close() error {
	return l.life.Close(func() error {
		l.mu.Lock() // whoever is under way has it
		defer l.mu.Unlock()
		return nil
	})
}
