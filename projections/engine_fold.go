package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// folder is the middle stage. It alone touches the working set and the rooms.
type folder struct {
	e       *Engine
	work    *Batch
	parked  map[uuid.UUID]int // how many events of a fragment are parked
	from    events.Position   // where the stage began
	until   events.Position   // where it ends; 0 is never
	skips   map[events.Position]events.Position
	pages   <-chan []Touch
	batches chan<- committing
	ripe    *time.Timer // fires Linger after the last batch began

	step    int                   // how many events to take at once, for now
	bad     map[*Touch]*foldError // events of the batch that failed
	parking []parking             // what the batch parks
	notice  *notice

	headless []uuid.UUID // queues whose first event is gone
}

func newFolder(ctx context.Context, e *Engine, from, until events.Position, pages <-chan []Touch, batches chan<- committing) (*folder, error) {
	f := &folder{
		e: e, pages: pages, batches: batches, ripe: time.NewTimer(0),
		work: newWork(e.opts.Store, e.opts.CacheBytes), step: e.opts.BatchEvents, notice: newNotice(e.opts.Logger),
	}
	f.work.ctx = ctx
	parked, err := countParked(ctx, e.opts.Store)
	if err != nil {
		return nil, fmt.Errorf("count the parked events: %w", err)
	}
	f.parked, f.headless = parked.of, parked.headless
	e.board.parked(parked.all)
	f.from, f.until = from, until
	f.skips, err = Skipped(ctx, e.opts.Log, until)
	return f, err
}

// run folds batch after batch until there are no more pages.
func (f *folder) run(ctx context.Context) error {
	defer close(f.batches)
	defer f.ripe.Stop()
	defer func() { f.work.release() }()
	defer f.notice.end(ctx)
	if err := f.begin(ctx); err != nil {
		return err
	}
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
		f.notice.say(ctx)
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
		case <-f.sweeping(batch):
			if err := f.sweep(ctx); err != nil {
				return nil, err
			}
		case r := <-f.e.redrives:
			if err := f.redrive(ctx, r); err != nil {
				return nil, err
			}
		case s := <-f.e.skippings:
			if err := f.skip(ctx, s); err != nil {
				return nil, err
			}
		case <-f.notice.rest.C:
			f.notice.rested(ctx)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return batch, nil
}

// fold takes in the first events of the batch, hands them on for committing and returns how many those were: all,
// unless there is trouble. What failed is parked, so it counts.
func (f *folder) fold(ctx context.Context, batch []*Touch) (int, error) {
	batch, err := f.heed(ctx, batch[:min(len(batch), f.step)])
	if err != nil {
		return 0, err
	}
	began := f.e.opts.Now()
	f.work.next(ctx)
	if batch, err = f.takeAll(ctx, batch); err != nil {
		return 0, err
	}
	if err := f.settle(); err != nil {
		return 0, err
	}
	tables, err := f.work.Changes()
	if err != nil {
		return 0, fmt.Errorf("write down what was folded: %w", err)
	}
	tables = append(tables, f.parkedChanges()...)
	f.notice.add(f.parking)
	last := batch[len(batch)-1]
	c := Checkpoint{Position: last.Position, Hash: last.Hash, RecordedAt: last.RecordedAt}
	return len(batch), f.handOver(ctx, committing{
		changes: Changes{Tables: tables, Checkpoint: c}, events: len(batch), parked: len(f.parking), span: f.traced(ctx, began, batch),
	})
}

// take decides what becomes of an event: left out as somebody decided, passed over as a repeat or because the instant
// does not hold it, folded, parked, or queued behind a parked one.
func (f *folder) take(t *Touch) error {
	repeat := f.e.opts.Dedupe && f.repeated(t)
	if f.leavesOut(t) {
		f.work.Put(SkippedTable, skip{t.Position, f.skips[t.Position]}.row())
		return f.work.Err()
	}
	if repeat || !f.e.opts.instant.Holds(t.Recorded) {
		return f.work.Err()
	}
	if f.waits(t) {
		f.park(t, nil)
		return nil
	}
	if why := f.bad[t]; why != nil {
		f.park(t, why)
		return nil
	}
	return f.foldOne(t)
}

func (f *folder) foldOne(t *Touch) error {
	if t.Stale != nil {
		return &foldError{"of every read model", unreadable, t.Stale}
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

// foldError says which room could not take an event in, and why: in a word that can be logged, and in full.
type foldError struct {
	room, class string
	err         error
}

// The classes of reasons.
const (
	refused    = "refused"
	panicked   = "panicked"
	unreadable = "not readable"
)

func (e *foldError) Error() string { return "room " + e.room + ": " + e.err.Error() }
func (e *foldError) Unwrap() error { return e.err }

// guard turns an error or a panic of a room into a foldError.
func guard(room Room, call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &foldError{room.Name(), panicked, fmt.Errorf("panic: %v", r)}
		}
	}()
	if err := call(); err != nil {
		return &foldError{room.Name(), refused, err}
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
