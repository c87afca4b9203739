package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// folder is the middle stage. It alone touches the working set and the rooms.
type folder struct {
	e       *Engine
	work    *Batch
	parked  map[uuid.UUID]int // how many events of a fragment are parked
	pages   <-chan []Touch
	batches chan<- committing
	ripe    *time.Timer // fires Linger after the last batch began

	parking []ParkedEvent // what the batch parks
}

func newFolder(ctx context.Context, e *Engine, pages <-chan []Touch, batches chan<- committing) (*folder, error) {
	f := &folder{
		e: e, pages: pages, batches: batches, ripe: time.NewTimer(0),
		work: newWork(e.opts.Store, e.opts.CacheBytes), parked: map[uuid.UUID]int{},
	}
	all, err := e.Parked(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the parked events: %w", err)
	}
	for _, p := range all {
		f.parked[p.Fragment]++
	}
	e.board.parked(len(all))
	return f, nil
}

// run folds batch after batch until there are no more pages.
func (f *folder) run(ctx context.Context) error {
	defer close(f.batches)
	defer f.ripe.Stop()
	defer func() { f.work.release() }()
	for {
		batch, err := f.collect(ctx)
		if err != nil || batch == nil {
			return err
		}
		f.ripe.Reset(f.e.opts.Linger)
		for len(batch) > 0 {
			n, err := f.fold(ctx, batch)
			if err != nil {
				return err
			}
			batch = batch[n:]
		}
	}
}

// collect waits for a page, then takes what else comes until the batch is full or ripe. It returns nil at the end.
func (f *folder) collect(ctx context.Context) ([]*Touch, error) {
	var batch []*Touch
	var ripe <-chan time.Time
	for len(batch) < f.e.opts.BatchEvents {
		select {
		case page, ok := <-f.pages:
			if !ok {
				return batch, nil
			}
			for i := range page {
				batch = append(batch, &page[i])
			}
			ripe = f.ripe.C
		case <-ripe:
			return batch, nil
		case r := <-f.e.redrives:
			if err := f.redrive(ctx, r); err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return batch, nil
}

// fold takes in as many events of the batch as it can at once, hands them on for committing and returns how many
// those were: all, or those up to and including one that failed, which is parked.
func (f *folder) fold(ctx context.Context, batch []*Touch) (int, error) {
	f.work.next(ctx)
	good, reason, err := f.tryPrefix(ctx, batch, f.take)
	if err != nil {
		return 0, err
	}
	n := good
	if reason != nil {
		f.park(batch[good], reason.Error(), false)
		n++
	}
	if err := f.settle(); err != nil {
		return 0, err
	}
	tables, err := f.work.Changes()
	if err != nil {
		return 0, fmt.Errorf("write down what was folded: %w", err)
	}
	tables = append(tables, f.parkedChanges()...)
	last := batch[n-1]
	c := Checkpoint{Position: last.Position, Hash: last.Hash, RecordedAt: last.RecordedAt}
	return n, f.handOver(ctx, committing{changes: Changes{Tables: tables, Checkpoint: c}, events: n, parked: len(f.parking)})
}

// tryPrefix takes in the events; if one fails, everything is taken back and those before it are taken in again.
// It returns how many are in, and why the next one is not.
func (f *folder) tryPrefix(ctx context.Context, batch []*Touch, take func(*Touch) error) (good int, reason *foldError, err error) {
	good = len(batch)
	for {
		f.parking = f.parking[:0]
		i, err := f.try(batch[:good], take)
		if err == nil {
			return good, reason, nil
		}
		var failed *foldError
		if !errors.As(err, &failed) {
			return 0, nil, err
		}
		// What was handed over must be in the store before states are loaded again.
		if err := f.handOver(ctx, committing{}); err != nil {
			return 0, nil, err
		}
		f.unpark()
		f.work.forget()
		good, reason = i, failed
	}
}

// try wants, loads and takes in the events. On error it returns the place of the event that failed.
func (f *folder) try(batch []*Touch, take func(*Touch) error) (int, error) {
	for i, t := range batch {
		if err := f.want(t); err != nil {
			return i, err
		}
	}
	if err := f.work.Load(); err != nil {
		return 0, fmt.Errorf("load rows: %w", err)
	}
	for i, t := range batch {
		if err := take(t); err != nil {
			return i, err
		}
	}
	return len(batch), nil
}

func (f *folder) want(t *Touch) error {
	if f.e.opts.Dedupe {
		seen.Want(f.work, seenKey(t))
	}
	if f.waits(t) {
		return nil
	}
	for _, room := range f.e.opts.Rooms {
		err := guard(room, func() error { room.Want(f.work, t); return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// take decides what becomes of an event: folded, skipped as a repeat, or queued behind a parked one.
func (f *folder) take(t *Touch) error {
	if f.e.opts.Dedupe && f.repeated(t) {
		return f.work.Err()
	}
	if f.waits(t) {
		f.park(t, "an earlier event of the same fragment is parked", true)
		return nil
	}
	return f.foldOne(t)
}

func (f *folder) foldOne(t *Touch) error {
	if t.Stale != nil {
		return &foldError{"of every read model", t.Stale}
	}
	for _, room := range f.e.opts.Rooms {
		err := guard(room, func() error { return room.Fold(f.work, t) })
		if broken := f.work.Err(); broken != nil {
			return fmt.Errorf("load rows for room %s: %w", room.Name(), broken)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) settle() error {
	for _, room := range f.e.opts.Rooms {
		err := guard(room, func() error { return room.Settle(f.work) })
		if broken := f.work.Err(); broken != nil {
			return fmt.Errorf("load rows for room %s: %w", room.Name(), broken)
		}
		if err != nil {
			return fmt.Errorf("settle: %w: %w", err, ErrFatal)
		}
	}
	return nil
}

// foldError says which room could not take an event in, and why.
type foldError struct {
	room string
	err  error
}

func (e *foldError) Error() string { return "room " + e.room + ": " + e.err.Error() }
func (e *foldError) Unwrap() error { return e.err }

// guard turns an error or a panic of a room into a foldError.
func guard(room Room, call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &foldError{room.Name(), fmt.Errorf("panic: %v", r)}
		}
	}()
	if err := call(); err != nil {
		return &foldError{room.Name(), err}
	}
	return nil
}

// handOver gives a batch to the committing stage. That it was taken means that the one before is committed.
func (f *folder) handOver(ctx context.Context, c committing) error {
	f.work.release()
	select {
	case f.batches <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
