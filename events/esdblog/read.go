package esdblog

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// wanted is an event to read: what the index knows of it, and its record when it is here.
type wanted struct {
	entry  logindex.Entry
	prev   events.Hash // of the event before
	record []byte
}

// Read implements events.Log. It follows the index, and asks the server for what is not in memory.
func (l *Log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	return l.recorded(ctx, func() ([]logindex.Entry, error) { return l.index.Range(after, limit) }, l.readAll)
}

// At implements events.Log.
func (l *Log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	return l.recorded(ctx, func() ([]logindex.Entry, error) { return l.index.At(positions...) }, l.readAll)
}

// ReadStream implements events.Log.
func (l *Log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	find := func() ([]logindex.Entry, error) { return l.index.Stream(keys.NewStream(stream), after, limit) }
	return l.recorded(ctx, find, func(ctx context.Context, want []*wanted) error { return l.readStream(ctx, streamName(stream), want) })
}

// recorded finds entries in the index and returns their events, in that order.
func (l *Log) recorded(ctx context.Context, find func() ([]logindex.Entry, error), fetch func(context.Context, []*wanted) error) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	entries, err := find()
	if err != nil || len(entries) == 0 {
		runtime.Gosched() // who asks again and again lets those go first who bring what he waits for
		return nil, err
	}
	all, err := l.want(entries)
	if err != nil {
		return nil, err
	}
	if away := missing(all); len(away) > 0 {
		if err := l.patient(ctx, func(ctx context.Context) error { return fetch(ctx, away) }); err != nil {
			return nil, err
		}
	}
	return decode(all)
}

// want looks for records in the cache, and for the hashes that the others will be checked with.
func (l *Log) want(entries []logindex.Entry) ([]wanted, error) {
	all := make([]wanted, len(entries))
	for i := range entries {
		e := &entries[i]
		all[i].entry = *e
		if all[i].record = l.cache.get(e.Position); all[i].record != nil || e.Position == 1 {
			continue
		}
		if i > 0 && entries[i-1].Position == e.Position-1 {
			all[i].prev = entries[i-1].Hash
			continue
		}
		before, err := l.index.At(e.Position - 1)
		if err != nil {
			return nil, err
		}
		all[i].prev = before[0].Hash
	}
	return all, nil
}

func missing(all []wanted) []*wanted {
	var out []*wanted
	for i := range all {
		if all[i].record == nil {
			out = append(out, &all[i])
		}
	}
	return out
}

func decode(all []wanted) ([]events.Recorded, error) {
	out := make([]events.Recorded, len(all))
	for i := range all {
		if err := events.DecodeRecord(all[i].record, &out[i]); err != nil {
			return nil, &events.CorruptError{Position: all[i].entry.Position, What: err.Error(), Remedy: remedyServer}
		}
		out[i].Hash = all[i].entry.Hash
	}
	return out, nil
}

// took checks the record of an event that came from the server: it must be what was acknowledged.
func (w *wanted) took(e *api.ReadResp_ReadEvent_RecordedEvent) error {
	r := record(e)
	if len(r) < 17 {
		return w.gone("it is cut short")
	}
	events.StampRecord(r, w.entry.Position, w.entry.RecordedAt)
	if w.prev.Next(r) != w.entry.Hash {
		return w.gone("it is not what was acknowledged")
	}
	w.record = r
	return nil
}

func (w *wanted) gone(what string) error {
	return &events.CorruptError{Position: w.entry.Position, What: what, Remedy: remedyServer}
}

const (
	// nearBytes is how far apart two events may lie in the server's log to be read in one go.
	nearBytes = 256 << 10
	farMost   = 8 // reads at once, of events far apart
)

// readAll reads events wherever they are in the server's log: runs of near ones in one go, several runs at once.
func (l *Log) readAll(ctx context.Context, want []*wanted) error {
	want = slices.DeleteFunc(slices.Clone(want), func(w *wanted) bool { return w.record != nil }) // of an attempt before
	slices.SortStableFunc(want, func(a, b *wanted) int { return a.entry.Place.Compare(b.entry.Place) })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(farMost)
	for len(want) > 0 {
		n := 1
		for n < len(want) && want[n].entry.Place.Major-want[n-1].entry.Place.Major < nearBytes {
			n++
		}
		run := want[:n]
		g.Go(func() error { return l.readRun(ctx, run) })
		want = want[n:]
	}
	return g.Wait()
}

// readRun reads one run. An event that was asked for twice is in it twice.
func (l *Log) readRun(ctx context.Context, run []*wanted) error {
	first, at := run[0].entry.Place, 0
	count := uint64(1)
	if run[len(run)-1].entry.Place != first {
		count = 1 << 32 // the reading ends when all are here
	}
	err := l.link.read(ctx, l.link.allFrom(first.Major, first.Minor, count), func(m *api.ReadResp) error {
		e := m.GetEvent().GetEvent()
		if e == nil {
			return nil
		}
		place := placeOf(e)
		for ; at < len(run) && place.Compare(run[at].entry.Place) == 0; at++ {
			if err := run[at].took(e); err != nil {
				return err
			}
		}
		if at == len(run) || place.Compare(run[at].entry.Place) > 0 {
			return io.EOF
		}
		return nil
	})
	if err == nil && at < len(run) {
		return run[at].gone("the server does not hold it any more")
	}
	return err
}

// readStream reads events of one stream. Their revisions need not ascend with their positions: of two processes, the
// one that wrote its body later may commit earlier.
func (l *Log) readStream(ctx context.Context, stream string, want []*wanted) error {
	want = slices.DeleteFunc(slices.Clone(want), func(w *wanted) bool { return w.record != nil }) // of an attempt before
	if len(want) == 0 {
		return nil
	}
	slices.SortFunc(want, func(a, b *wanted) int { return cmp.Compare(a.entry.Revision, b.entry.Revision) })
	first, last, at := want[0].entry.Revision-1, want[len(want)-1].entry.Revision-1, 0
	err := l.link.read(ctx, l.link.streamFrom(stream, first, last-first+1), func(m *api.ReadResp) error {
		e := m.GetEvent().GetEvent()
		if e == nil || at == len(want) || e.GetStreamRevision() != want[at].entry.Revision-1 {
			return nil
		}
		at++
		return want[at-1].took(e)
	})
	if err == nil && at < len(want) {
		return want[at].gone(fmt.Sprintf("stream %s does not hold it any more", l.link.prefix+stream))
	}
	return err
}
