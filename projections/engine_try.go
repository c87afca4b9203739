package projections

import (
	"context"
	"errors"
	"fmt"
)

// carefulStep is how many events are taken at once after one has failed. The step doubles while all goes well. So a
// single bad event costs one batch folded twice, and a flood of them little more than a commit each sixteen.
const carefulStep = 16

// takeAll takes in the events. When one fails everything is taken back, and all is taken in once more with that one
// parked; a batch that is longer than a careful step ends there. It returns the events that are in or parked.
func (f *folder) takeAll(ctx context.Context, batch []*Touch) ([]*Touch, error) {
	f.bad = nil
	for {
		f.parking = f.parking[:0]
		i, err := f.try(batch, f.want, f.take)
		if err == nil {
			f.pace()
			return batch, nil
		}
		failed, err := f.takeBack(ctx, err)
		if err != nil {
			return nil, err
		}
		if f.bad == nil {
			f.bad = map[*Touch]*foldError{}
		}
		f.bad[batch[i]] = failed
		if len(batch) > carefulStep {
			batch = batch[:i+1]
		}
	}
}

func (f *folder) pace() {
	if len(f.bad) > 0 {
		f.step = carefulStep
		return
	}
	f.step = min(2*f.step, 2*f.e.opts.BatchEvents) // a batch may be a little longer than BatchEvents
}

// takeBack undoes a try. An error that is not a room's word on an event is returned.
func (f *folder) takeBack(ctx context.Context, err error) (*foldError, error) {
	var failed *foldError
	if !errors.As(err, &failed) {
		return nil, err
	}
	// What was handed over must be in the store before states are loaded again.
	if err := f.handOver(ctx, committing{}); err != nil {
		return nil, err
	}
	f.unpark()
	f.work.forget()
	return failed, nil
}

// try wants, loads and takes in the events. On error it returns the place of the event that failed.
func (f *folder) try(batch []*Touch, want, take func(*Touch) error) (int, error) {
	for i, t := range batch {
		if err := want(t); err != nil {
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
	if _, failed := f.bad[t]; failed || f.leavesOut(t) || f.waits(t) || !f.e.opts.instant.Holds(t.Recorded) {
		return nil
	}
	return f.wantRooms(t)
}

func (f *folder) wantRooms(t *Touch) error {
	for _, room := range f.e.opts.Rooms {
		err := guard(room, func() error { room.Want(f.work, t); return nil })
		if err != nil {
			return err
		}
	}
	return nil
}
