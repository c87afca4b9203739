package projections

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

// readLog sends decoded pages of events after after, in order and without a gap, until it has sent until.
func (e *Engine) readLog(ctx context.Context, after, until events.Position, pages chan<- []Touch) error {
	defer close(pages)
	for until == 0 || after < until {
		page, err := e.opts.Log.Read(ctx, after, e.pageSize(after, until))
		if err != nil {
			return fmt.Errorf("read the log after position %d: %w", after, err)
		}
		if len(page) == 0 {
			if err := e.opts.Log.Wait(ctx, after); err != nil {
				return err
			}
			continue
		}
		if after, err = e.follows(after, page); err != nil {
			return err
		}
		select {
		case pages <- decode(page):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (e *Engine) pageSize(after, until events.Position) int {
	if until == 0 {
		return e.opts.BatchEvents
	}
	return int(min(events.Position(e.opts.BatchEvents), until-after)) //nolint:gosec // not more than BatchEvents
}

// follows refuses a page that leaves out an event: positions are dense, and what is skipped is never seen again.
func (e *Engine) follows(after events.Position, page []events.Recorded) (events.Position, error) {
	for i := range page {
		if page[i].Position != after+1 {
			e.board.gap()
			return 0, fmt.Errorf("the log gave position %d after %d: %w; run `c360 verify`", page[i].Position, after, ErrFatal)
		}
		after++
	}
	return after, nil
}

func decode(page []events.Recorded) []Touch {
	touches := make([]Touch, len(page))
	for i := range page {
		touches[i] = NewTouch(&page[i])
	}
	return touches
}
