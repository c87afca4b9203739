package logcopy

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

// Target is a log that can be filled with what another one recorded.
type Target interface {
	events.Log
	events.Restorer
}

// Progress hears how many of the source's events are done. It is called at the beginning and after every page.
type Progress func(done, total events.Position)

// Copy appends to to what from holds up to head and to does not, and returns behind which position it began. When it
// returns nil, to ends in head: same position, same hash, all of it durable. It may be called again after any error but
// *DivergedError, and goes on from where it was. Errors: *DivergedError before anything is written, *events.RestoreError
// when somebody else appends to the target meanwhile, those of the two logs, ctx.Err().
func Copy(ctx context.Context, from events.Log, head events.Head, to Target, progress Progress) (events.Position, error) {
	start, err := Start(ctx, from, head, to)
	if err != nil {
		return start, err
	}
	progress(start, head.Position)
	ch, stop := pages(ctx, from, start, head.Position)
	defer stop()
	for p := range ch {
		if p.err != nil {
			return start, fmt.Errorf("the source: %w", p.err)
		}
		if err := to.Restore(ctx, p.events...); err != nil {
			return start, fmt.Errorf("the target: %w", err)
		}
		progress(p.events[len(p.events)-1].Position, head.Position)
	}
	if err := ctx.Err(); err != nil {
		return start, err
	}
	return start, ended(ctx, to, head)
}

// ended checks that the target ends where the source did.
func ended(ctx context.Context, to events.Log, head events.Head) error {
	there, err := to.Head(ctx)
	if err != nil {
		return fmt.Errorf("ask the target for its head: %w", err)
	}
	if there != head {
		return fmt.Errorf("the target ends at position %d with hash %x, the source at %d with %x: somebody else appends to the target, "+
			"stop them and copy into an empty one", there.Position, there.Hash, head.Position, head.Hash)
	}
	return nil
}
