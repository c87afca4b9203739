package pace

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

// page is how many events are read at once.
const page = 500

// End is how far a replay came: how many events were told, and the last position it looked at.
type End struct {
	Count    uint64          `json:"count"`
	Position events.Position `json:"position"`
}

// Run tells the events of the log, in order and each once, and returns how far it came. It ends at To, at what was the
// end of the log when it began, or, if it follows the log, only with ctx, whose error it returns; an error of tell
// ends it too. An event belongs to whoever is told of it.
func Run(ctx context.Context, log events.Log, o Options, tell func(*events.Recorded) error) (End, error) {
	if err := o.Check(); err != nil {
		return End{}, err
	}
	head, err := log.Head(ctx)
	if err != nil {
		return End{}, fmt.Errorf("ask for the head of the log: %w", err)
	}
	r := &run{Options: o, log: log, pacer: newPacer(&o), last: head.Position, tell: tell}
	if o.To > 0 {
		r.last = min(o.To, head.Position)
	}
	if o.From > 0 {
		r.end.Position = o.From - 1
	}
	if err := r.past(ctx); err != nil || !o.Follow {
		return r.end, err
	}
	return r.end, r.follow(ctx)
}

type run struct {
	Options
	log   events.Log
	pacer *pacer
	last  events.Position // of what is told with pauses
	end   End
	tell  func(*events.Recorded) error
}

// past tells what the log held when the replay began.
func (r *run) past(ctx context.Context) error {
	for r.end.Position < r.last {
		limit := int(min(page, r.last-r.end.Position))
		if _, err := r.next(ctx, limit, r.paced); err != nil {
			return err
		}
	}
	return nil
}

// follow tells what comes in.
func (r *run) follow(ctx context.Context) error {
	for {
		n, err := r.next(ctx, page, r.take)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := r.idle(); err != nil {
			return err
		}
		if err := r.log.Wait(ctx, r.end.Position); err != nil {
			return err
		}
	}
}

// next reads a page and deals with the events that the filter takes.
func (r *run) next(ctx context.Context, limit int, take func(context.Context, *events.Recorded) error) (int, error) {
	all, err := r.log.Read(ctx, r.end.Position, limit)
	if err != nil {
		return 0, fmt.Errorf("read the log after position %d: %w", r.end.Position, err)
	}
	for i := range all {
		if err := ctx.Err(); err != nil {
			return i, err
		}
		if r.Filter.Takes(&all[i]) {
			if err := take(ctx, &all[i]); err != nil {
				return i, err
			}
		}
		r.end.Position = all[i].Position
	}
	return len(all), nil
}

// paced tells of an event when its time has come.
func (r *run) paced(ctx context.Context, e *events.Recorded) error {
	if d := r.pacer.pause(e); d > 0 {
		if err := r.idle(); err != nil {
			return err
		}
		if err := r.pacer.sleep(ctx, d); err != nil {
			return err
		}
	}
	return r.take(ctx, e)
}

func (r *run) take(_ context.Context, e *events.Recorded) error {
	if err := r.tell(e); err != nil {
		return err
	}
	r.end.Count++
	return nil
}

func (r *run) idle() error {
	if r.Idle == nil {
		return nil
	}
	return r.Idle()
}
