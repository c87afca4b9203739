package projections

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/trace"
)

// committing is a batch on its way to the store. The zero value only waits for the one before it.
type committing struct {
	changes  Changes
	events   int
	parked   int        // events parked, less those taken out
	span     trace.Span // of the batch; nil if it has none
	finished chan<- error
}

// commitAll writes batches in the order they come.
func (e *Engine) commitAll(ctx context.Context, batches <-chan committing) error {
	for {
		select {
		case b, ok := <-batches:
			if !ok {
				return nil
			}
			if err := e.commit(ctx, b); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (e *Engine) commit(ctx context.Context, b committing) error {
	if b.changes.Checkpoint.Position == 0 {
		return nil
	}
	err := e.opts.Store.Commit(ctx, b.changes)
	b.end(err)
	if b.finished != nil {
		b.finished <- err
	}
	if err != nil {
		return fmt.Errorf("write positions up to %d: %w", b.changes.Checkpoint.Position, err)
	}
	e.board.commit(b, e.opts.Now())
	return nil
}
