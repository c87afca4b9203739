package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// ErrSkippedLate: an event was declared skipped that the store has folded already. Nothing can be taken out of a fold
// again. It happens to a generation that could fold what another one, which was live, had parked.
var ErrSkippedLate = errors.New("projections: an event was declared skipped that this read store has folded; " +
	"run `c360 rebuild` to make it anew from the log")

// ErrNotParked: the event does not wait; it was folded or skipped meanwhile, or was never parked.
var ErrNotParked = errors.New("projections: this event is not parked")

// skipping asks the stage to have a decision appended while it does nothing else.
type skipping struct {
	place  ParkedPlace
	decide func() (events.Position, error)
	answer chan decision
}

type decision struct {
	position events.Position
	err      error
}

// Skip calls decide, which appends the decision to skip a parked event and returns its position, at a moment when the
// event is parked and cannot be folded before the decision is known; ErrNotParked if it is not parked. The event is out
// of its queue once the position is folded; see Await.
func (e *Engine) Skip(ctx context.Context, place ParkedPlace, decide func() (events.Position, error)) (events.Position, error) {
	s := skipping{place: place, decide: decide, answer: make(chan decision, 1)}
	select {
	case e.skippings <- s:
	case <-e.Done():
		return 0, ErrClosed
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case d := <-s.answer:
		return d.position, d.err
	case <-e.Done():
		return 0, ErrClosed
	}
}

// skip is Skip in the stage. Only an error of the stage is returned.
func (f *folder) skip(ctx context.Context, s skipping) error {
	if err := f.handOver(ctx, committing{}); err != nil {
		s.answer <- decision{err: err}
		return err
	}
	done, parked, _, err := f.whereIs(ctx, skip{position: s.place.Position}, s.place.Fragment)
	var d decision
	switch {
	case err != nil:
		d.err = err
	case done || !parked:
		d.err = ErrNotParked
	default:
		d.position, d.err = s.decide()
	}
	s.answer <- d
	return nil
}

// leavesOut reports whether the event was declared skipped by a decision that was known when the stage began.
func (f *folder) leavesOut(t *Touch) bool {
	_, skipped := f.skips[t.Position]
	return skipped
}

// leftOut reports whether this stage itself has left the event out, in passing.
func (f *folder) leftOut(s skip) bool {
	_, skipped := f.skips[s.position]
	return skipped && s.position > f.from
}

// begin makes the decisions hold that were made after the store had passed the events they are about, and goes on with
// queues whose first event was taken out when the engine stopped.
func (f *folder) begin(ctx context.Context) error {
	for _, position := range slices.Sorted(maps.Keys(f.skips)) {
		if position > f.from {
			break // these are left out when their turn comes
		}
		if err := f.takeOut(ctx, skip{position, f.skips[position]}); err != nil {
			return err
		}
	}
	for _, fragment := range f.headless {
		if err := f.advance(ctx, fragment); err != nil {
			return err
		}
	}
	f.headless = nil
	return nil
}

// heed makes the decision hold that a batch begins with, and returns the events of the batch up to the next decision:
// what queues behind a skipped event is folded before what follows the decision.
func (f *folder) heed(ctx context.Context, batch []*Touch) ([]*Touch, error) {
	if s, ok := decided(batch[0].Recorded); ok && !f.leftOut(s) {
		if err := f.takeOut(ctx, s); err != nil {
			return nil, err
		}
	}
	for i := 1; i < len(batch); i++ {
		if _, ok := decided(batch[i].Recorded); ok {
			return batch[:i], nil
		}
	}
	return batch, nil
}

// takeOut takes an event that the store has passed out of its queue, and goes on with what queues behind it.
func (f *folder) takeOut(ctx context.Context, s skip) error {
	if err := f.handOver(ctx, committing{}); err != nil { // parked rows may be on their way
		return err
	}
	at, err := f.e.opts.Log.At(ctx, s.position)
	if err != nil {
		return fmt.Errorf("read an event that is to be skipped: %w", err)
	}
	fragment, somebody := at[0].Fragment()
	done, parked, c, err := f.whereIs(ctx, s, fragment)
	switch {
	case err != nil || done:
		return err
	case !parked:
		return fmt.Errorf("skip position %d, as decided at position %d: %w: %w", s.position, s.decision, ErrSkippedLate, ErrFatal)
	}
	if err := f.commitSkips(ctx, fragment, c, s); err != nil {
		return err
	}
	if !somebody {
		return nil // nothing queues behind it
	}
	return f.advance(ctx, fragment)
}

// whereIs looks for an event among those that are skipped and those that are parked.
func (f *folder) whereIs(ctx context.Context, s skip, fragment uuid.UUID) (done, parked bool, c Checkpoint, err error) {
	v, err := f.e.opts.Store.View(ctx)
	if err != nil {
		return false, false, c, err
	}
	defer v.Close()
	there := func(found *bool) func(Row) error {
		return func(Row) error { *found = true; return nil }
	}
	waits := ParkedEvent{Fragment: fragment, Position: s.position}
	err = errors.Join(
		v.Get(ctx, SkippedTable, [][]any{SkippedTable.Key(s.row())}, there(&done)),
		v.Get(ctx, ParkedTable, [][]any{ParkedTable.Key(waits.row())}, there(&parked)),
	)
	return done, parked, v.Checkpoint(), err
}

// commitSkips moves events of a fragment from the parked to the skipped ones, under the checkpoint the store has already.
func (f *folder) commitSkips(ctx context.Context, fragment uuid.UUID, c Checkpoint, all ...skip) error {
	parked, skipped := TableChanges{Table: ParkedTable}, TableChanges{Table: SkippedTable}
	for _, s := range all {
		waits := ParkedEvent{Fragment: fragment, Position: s.position}
		parked.Delete = append(parked.Delete, ParkedTable.Key(waits.row()))
		skipped.Put = append(skipped.Put, s.row())
		f.e.opts.Logger.InfoContext(ctx, "a parked event is skipped, as decided",
			slog.Uint64("position", uint64(s.position)), slog.Uint64("decision", uint64(s.decision)))
	}
	if err := f.commitNow(ctx, Changes{Tables: []TableChanges{parked, skipped}, Checkpoint: c}, len(all)); err != nil {
		return err
	}
	f.free(fragment, len(all))
	return nil
}

// declared returns which events of a queue were declared skipped, by any decision that the log holds by now: what waits
// must not be folded between a decision and the moment the engine comes to it.
func (f *folder) declared(ctx context.Context, queue []ParkedEvent) ([]skip, error) {
	decisions, err := Skipped(ctx, f.e.opts.Log, f.until)
	if err != nil {
		return nil, err
	}
	var all []skip
	for i := range queue {
		if decision, ok := decisions[queue[i].Position]; ok {
			all = append(all, skip{queue[i].Position, decision})
		}
	}
	return all, nil
}

// advance folds the queue of a fragment whose first event is gone, as far as it goes.
func (f *folder) advance(ctx context.Context, fragment uuid.UUID) error {
	for f.parked[fragment] > 0 {
		a, err := f.again(ctx, fragment)
		if err != nil {
			return err
		}
		switch {
		case errors.Is(a.err, ErrParked):
			return nil
		case a.err != nil || !a.more:
			return a.err
		}
	}
	return nil
}

// commitNow writes changes that take so many events out of the queues, and waits until they are in the store.
func (f *folder) commitNow(ctx context.Context, c Changes, taken int) error {
	finished := make(chan error, 1)
	if err := f.handOver(ctx, committing{changes: c, parked: -taken, finished: finished}); err != nil {
		return err
	}
	select {
	case err := <-finished:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// free forgets so many events of a fragment's queue.
func (f *folder) free(fragment uuid.UUID, n int) {
	if f.parked[fragment] -= n; f.parked[fragment] <= 0 {
		delete(f.parked, fragment)
	}
}
