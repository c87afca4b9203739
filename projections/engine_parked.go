package projections

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// waits reports whether the event has to queue. Events that name nobody queue behind nothing.
func (f *folder) waits(t *Touch) bool { return t.Somebody && f.parked[t.Fragment] > 0 }

// parking is an event that is about to be parked, and what was wrong with it; nil if it only queues.
type parking struct {
	ParkedEvent
	why *foldError
}

// park sets an event aside because of why, or because an earlier one of its fragment is parked.
func (f *folder) park(t *Touch, why *foldError) {
	f.parked[t.Fragment]++
	p := parking{why: why, ParkedEvent: ParkedEvent{
		Fragment: t.Fragment, Position: t.Position, Behind: why == nil, Source: t.Source, Type: t.Type,
		Reason: "an earlier event of the same fragment is parked", RecordedAt: t.RecordedAt,
	}}
	if why != nil {
		p.Reason = why.Error()
	}
	f.parking = append(f.parking, p)
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

// ErrParked: an event was tried again and could not be folded; it stays parked, and what queues behind it does.
var ErrParked = errors.New("projections: an event stays parked")

// Redrive folds the parked events of a fragment, in order, as far as they go, and returns how many are no longer
// parked. ErrParked says why the next one still is; any other error says nothing about the events. The zero fragment stands for events that name nobody.
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
	a, err := f.again(ctx, r.fragment)
	if err != nil {
		a.err = err
	}
	r.answer <- a
	return err
}

// again folds the first events of a queue once more.
func (f *folder) again(ctx context.Context, fragment uuid.UUID) (redriven, error) {
	if err := f.handOver(ctx, committing{}); err != nil { // parked rows may be on their way
		return redriven{}, err
	}
	queue, touches, checkpoint, err := f.queued(ctx, fragment)
	if err != nil || len(queue) == 0 {
		return redriven{err: err}, nil //nolint:nilerr // it is the caller's to know, and no reason to stop folding
	}
	if skips, err := f.declared(ctx, queue); err != nil || len(skips) > 0 {
		if err == nil {
			err = f.commitSkips(ctx, fragment, checkpoint, skips...)
		}
		return redriven{more: true}, err
	}
	f.work.next(ctx)
	good, reason, err := f.takePrefix(ctx, touches)
	if err != nil {
		return redriven{}, err
	}
	return f.commitRedriven(ctx, queue, good, reason, checkpoint)
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
func (f *folder) commitRedriven(ctx context.Context, queue []ParkedEvent, good int, reason *foldError, c Checkpoint) (redriven, error) {
	parked := TableChanges{Table: ParkedTable}
	for _, p := range queue[:good] {
		parked.Delete = append(parked.Delete, ParkedTable.Key(p.row()))
	}
	a := redriven{events: good, more: reason == nil}
	if reason != nil {
		stuck := queue[good]
		stuck.Behind, stuck.Reason = false, reason.Error()
		parked.Put = append(parked.Put, stuck.row())
		a.err = fmt.Errorf("%w: position %d: %w", ErrParked, stuck.Position, reason)
	}
	err := f.settle()
	tables, encodeErr := f.work.Changes()
	if err = errors.Join(err, encodeErr); err != nil {
		return redriven{}, err
	}
	if err := f.commitNow(ctx, Changes{Tables: append(tables, parked), Checkpoint: c}, good); err != nil {
		return redriven{}, err
	}
	f.free(queue[0].Fragment, good)
	return a, nil
}
