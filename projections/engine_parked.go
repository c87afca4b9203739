package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// ParkedEvent is an event that is in the log but not in the read store.
type ParkedEvent struct {
	Fragment uuid.UUID
	Position events.Position
	// Behind is set if the event was never tried, because an earlier one of its fragment is parked.
	Behind       bool
	Source, Type string
	Reason       string
	RecordedAt   time.Time
}

func (p ParkedEvent) row() Row {
	behind := int64(0)
	if p.Behind {
		behind = 1
	}
	return Row{p.Fragment[:], int64(p.Position), behind, p.Source, p.Type, p.Reason, p.RecordedAt.UnixMicro()} //nolint:gosec // positions stay below 2^63
}

func parkedFrom(r Row) ParkedEvent {
	return ParkedEvent{
		Fragment: uuid.UUID(r[0].([]byte)), Position: events.Position(r[1].(int64)), Behind: r[2].(int64) == 1, //nolint:gosec // see row
		Source: r[3].(string), Type: r[4].(string), Reason: r[5].(string), RecordedAt: time.UnixMicro(r[6].(int64)).UTC(),
	}
}

// Parked lists the parked events, by fragment and in log order.
func (e *Engine) Parked(ctx context.Context) ([]ParkedEvent, error) {
	v, err := e.opts.Store.View(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	return readParked(ctx, v, Range{})
}

func readParked(ctx context.Context, v Reader, r Range) ([]ParkedEvent, error) {
	var all []ParkedEvent
	err := v.Scan(ctx, ParkedTable, r, func(row Row) (bool, error) {
		all = append(all, parkedFrom(row))
		return true, nil
	})
	return all, err
}

// waits reports whether the event has to queue. Events that name nobody queue behind nothing.
func (f *folder) waits(t *Touch) bool { return t.Somebody && f.parked[t.Fragment] > 0 }

func (f *folder) park(t *Touch, reason string, behind bool) {
	f.parked[t.Fragment]++
	f.parking = append(f.parking, ParkedEvent{
		Fragment: t.Fragment, Position: t.Position, Behind: behind, Source: t.Source, Type: t.Type,
		Reason: reason, RecordedAt: t.RecordedAt,
	})
}

// unpark takes back what the batch has parked so far.
func (f *folder) unpark() {
	for _, p := range f.parking {
		f.parked[p.Fragment]--
	}
	f.parking = f.parking[:0]
}

func (f *folder) parkedChanges() []TableChanges {
	if len(f.parking) == 0 {
		return nil
	}
	c := TableChanges{Table: ParkedTable}
	for _, p := range f.parking {
		c.Put = append(c.Put, p.row())
	}
	return []TableChanges{c}
}

type redrive struct {
	fragment uuid.UUID
	answer   chan redriven
}

type redriven struct {
	events int
	more   bool
	err    error
}

// Redrive folds the parked events of a fragment, in order, as far as they go, and returns how many are no longer
// parked. The error says why the next one still is. The zero fragment stands for events that name nobody.
func (e *Engine) Redrive(ctx context.Context, fragment uuid.UUID) (int, error) {
	total := 0
	for {
		r := redrive{fragment: fragment, answer: make(chan redriven, 1)}
		select {
		case e.redrives <- r:
		case <-e.Done():
			return total, ErrClosed
		case <-ctx.Done():
			return total, ctx.Err()
		}
		select {
		case a := <-r.answer:
			total += a.events
			if a.err != nil || !a.more {
				return total, a.err
			}
		case <-e.Done():
			return total, ErrClosed
		case <-ctx.Done():
			return total, ctx.Err()
		}
	}
}

// redrive is one step of Redrive. An error of its own ends the stage; what a room says goes to the caller.
func (f *folder) redrive(ctx context.Context, r redrive) error {
	if err := f.handOver(ctx, committing{}); err != nil { // parked rows may be on their way
		return err
	}
	queue, touches, checkpoint, err := f.queued(ctx, r.fragment)
	if err != nil || len(queue) == 0 {
		r.answer <- redriven{err: err}
		return nil //nolint:nilerr // it is the caller's to know, and no reason to stop folding
	}
	f.work.next(ctx)
	good, reason, err := f.takePrefix(ctx, touches)
	if err != nil {
		r.answer <- redriven{err: err}
		return err
	}
	return f.commitRedriven(ctx, r, queue, good, reason, checkpoint)
}

// takePrefix takes in the events up to the first that fails, and returns how many those are and why.
func (f *folder) takePrefix(ctx context.Context, batch []*Touch) (good int, reason *foldError, err error) {
	f.bad, f.parking = nil, f.parking[:0]
	good = len(batch)
	for {
		i, err := f.try(batch[:good], f.wantRooms, f.foldOne)
		if err == nil {
			return good, reason, nil
		}
		if reason, err = f.takeBack(ctx, err); err != nil {
			return 0, nil, err
		}
		good = i
	}
}

// queued reads the first parked events of a fragment and what the log holds at their positions.
func (f *folder) queued(ctx context.Context, fragment uuid.UUID) ([]ParkedEvent, []*Touch, Checkpoint, error) {
	v, err := f.e.opts.Store.View(ctx)
	if err != nil {
		return nil, nil, Checkpoint{}, err
	}
	defer v.Close()
	queue, err := readParked(ctx, v, Range{Prefix: []any{fragment[:]}, Limit: f.e.opts.BatchEvents})
	if err != nil {
		return nil, nil, Checkpoint{}, err
	}
	var positions []events.Position
	for _, p := range queue {
		positions = append(positions, p.Position)
	}
	recorded, err := f.e.opts.Log.At(ctx, positions...)
	if err != nil {
		return nil, nil, Checkpoint{}, fmt.Errorf("read the parked events from the log: %w", err)
	}
	touches := make([]*Touch, len(recorded))
	for i := range recorded {
		t := NewTouch(&recorded[i])
		touches[i] = &t
	}
	return queue, touches, v.Checkpoint(), nil
}

// commitRedriven writes what the redriven events changed and takes them out of the queue, under the checkpoint the
// store has already.
func (f *folder) commitRedriven(ctx context.Context, r redrive, queue []ParkedEvent, good int, reason *foldError, c Checkpoint) error {
	parked := TableChanges{Table: ParkedTable}
	for _, p := range queue[:good] {
		parked.Delete = append(parked.Delete, ParkedTable.Key(p.row()))
	}
	a := redriven{events: good, more: reason == nil}
	if reason != nil {
		stuck := queue[good]
		stuck.Behind, stuck.Reason = false, reason.Error()
		parked.Put = append(parked.Put, stuck.row())
		a.err = fmt.Errorf("position %d: %w", stuck.Position, reason)
	}
	err := f.settle()
	tables, encodeErr := f.work.Changes()
	if err = errors.Join(err, encodeErr); err != nil {
		r.answer <- redriven{err: err}
		return err
	}
	finished := make(chan error, 1)
	b := committing{changes: Changes{Tables: append(tables, parked), Checkpoint: c}, parked: -good, finished: finished}
	if err := f.handOver(ctx, b); err != nil {
		r.answer <- redriven{err: err}
		return err
	}
	if err := <-finished; err != nil {
		r.answer <- redriven{err: err}
		return err
	}
	f.parked[r.fragment] -= good
	r.answer <- a
	return nil
}
