package natslog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// Read implements events.Log.
func (l *Log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	entries, err := l.index.Range(after, limit)
	if err != nil {
		return nil, l.indexError(ctx, err)
	}
	return l.load(ctx, entries)
}

// ReadStream implements events.Log.
func (l *Log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	entries, err := l.index.Stream(keys.NewStream(stream), after, limit)
	if err != nil {
		return nil, l.indexError(ctx, err)
	}
	out, err := l.load(ctx, entries)
	return slices.DeleteFunc(out, func(r events.Recorded) bool { return r.Stream != stream }), err // two names may share a hash
}

// At implements events.Log.
func (l *Log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	if err := l.life.Enter(ctx); err != nil {
		return nil, err
	}
	defer l.life.Leave()
	entries, err := l.index.At(positions...)
	if errors.Is(err, events.ErrNoPosition) {
		return nil, err
	}
	if err != nil {
		return nil, l.indexError(ctx, err)
	}
	return l.load(ctx, entries)
}

// load returns the events of entries, in their order.
func (l *Log) load(ctx context.Context, entries []logindex.Entry) ([]events.Recorded, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	frames, err := l.framesPatiently(ctx, entries)
	if err != nil {
		return nil, l.fetchError(ctx, entries, err)
	}
	out := make([]events.Recorded, len(entries))
	for i := range entries {
		if i%checkEvery == checkEvery-1 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := decode(frames[entries[i].Place.Major], &entries[i], &out[i]); err != nil {
			return nil, l.readError(ctx, entries[i].Position, err)
		}
	}
	return out, nil
}

// decode reads the event of an entry from its frame.
func decode(f *frame, e *logindex.Entry, r *events.Recorded) error {
	if e.Place.Minor >= uint64(f.len()) { //nolint:gosec // a length
		return errors.New("the frame is shorter than it was")
	}
	if err := events.DecodeRecord(f.record(int(e.Place.Minor)), r); err != nil { //nolint:gosec // checked above
		return err
	}
	if r.Position != e.Position {
		return fmt.Errorf("the record says position %d", r.Position)
	}
	if f.hashes[e.Place.Minor] != e.Hash {
		return errors.New("the stream holds another event than it did")
	}
	r.Hash = e.Hash
	return nil
}

// readPatience is how long a reader waits for servers that are away for the moment: about as long as it takes to
// connect to another node, or to elect a leader.
const readPatience = 10 * time.Second

// framesPatiently is frames that tries again while no server answers.
func (l *Log) framesPatiently(ctx context.Context, entries []logindex.Entry) (out map[uint64]*frame, err error) {
	patience, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	for try := 0; ; try++ {
		out, err = l.frames(ctx, entries)
		if err == nil || !transient(err) || patience.Err() != nil || l.life.Ready(ctx) != nil {
			return out, err
		}
		pause(patience, try)
	}
}

// runs is how many requests for frames are under way at once for one call.
const runs = 8

// frames returns the frames of entries by sequence number: those that are not in memory are fetched, neighbours together.
func (l *Log) frames(ctx context.Context, entries []logindex.Entry) (map[uint64]*frame, error) {
	out := map[uint64]*frame{}
	var missing []uint64
	for i := range entries {
		seq := entries[i].Place.Major
		if _, ok := out[seq]; ok {
			continue
		}
		f := l.cache.get(seq)
		if out[seq] = f; f == nil {
			missing = append(missing, seq)
		}
	}
	slices.Sort(missing)
	fetched, err := l.fetchFrames(ctx, missing)
	if err != nil {
		return nil, err
	}
	for i, seq := range missing {
		out[seq] = fetched[i]
	}
	return out, nil
}

// fetchFrames returns the frames of messages, which are in ascending order.
func (l *Log) fetchFrames(ctx context.Context, seqs []uint64) ([]*frame, error) {
	out := make([]*frame, len(seqs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runs)
	for from := 0; from < len(seqs); {
		to := from + 1
		for to < len(seqs) && to-from < runMost && seqs[to] == seqs[to-1]+1 {
			to++
		}
		part, frames := seqs[from:to], out[from:to]
		group.Go(func() error { return l.fetchPart(ctx, part, frames) })
		from = to
	}
	return out, group.Wait()
}

// runMost is how many messages of a page are fetched with one request.
const runMost = 64

// fetchPart fetches a run of messages.
func (l *Log) fetchPart(ctx context.Context, seqs []uint64, out []*frame) error {
	for done := 0; done < len(seqs); {
		messages, err := l.fetch(ctx, seqs[done], seqs[len(seqs)-1])
		if err != nil {
			return err
		}
		for _, m := range messages {
			if out[done], err = unpack(m.data); err != nil {
				return fmt.Errorf("%w: message %d: %w", errDamaged, m.seq, err)
			}
			out[done].chain()
			l.cache.put(m.seq, out[done])
			done++
		}
	}
	return nil
}

// fetchError tells a server that cannot be reached from one that has not what it must have.
func (l *Log) fetchError(ctx context.Context, entries []logindex.Entry, err error) error {
	if errors.Is(err, errMissing) || errors.Is(err, errDamaged) || errors.Is(err, errNotOurs) {
		return l.readError(ctx, entries[0].Position, err)
	}
	if cerr := l.life.Ready(ctx); cerr != nil {
		return cerr
	}
	return fmt.Errorf("log: %s cannot be read: %w", l.target.place(), err)
}

// readError is what a reader gets for whom the event at p, or one after it, cannot be read.
func (l *Log) readError(ctx context.Context, p events.Position, err error) error {
	if cerr := l.life.Ready(ctx); cerr != nil {
		return cerr
	}
	return l.diverged(p, err.Error())
}
