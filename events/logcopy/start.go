package logcopy

import (
	"context"
	"fmt"
	"sort"

	"github.com/c360hq/c360/events"
)

// DivergedError says that the target is not a beginning of the source.
type DivergedError struct {
	// Position is the first at which the two logs hold different events, or, when the target holds the whole source and
	// more, the first the source does not have.
	Position events.Position
	// What is the case, and Remedy: what to do about it.
	What, Remedy string
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("diverged at position %d: %s; %s", e.Position, e.What, e.Remedy)
}

const (
	remedyOther = "nothing was changed; copy into an empty target"
	remedyAhead = "nothing was changed, there is nothing to copy; if events were meant to go on in the source, copy into an empty target"
)

// Start returns the position behind which a copy goes on: the end of the target, if what it holds is a beginning of the
// source up to head. It changes nothing. Errors: *DivergedError, and those of the two logs.
func Start(ctx context.Context, from events.Log, head events.Head, to events.Log) (events.Position, error) {
	there, err := to.Head(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask the target for its head: %w", err)
	}
	if there.Position == 0 {
		return 0, nil
	}
	common := min(there.Position, head.Position)
	same, err := agree(ctx, from, to, common)
	switch {
	case err != nil:
		return 0, err
	case !same:
		return 0, diverged(ctx, from, to, common)
	case there.Position > head.Position:
		what := fmt.Sprintf("the target holds all %d events of the source and %d of its own", head.Position, there.Position-head.Position)
		return 0, &DivergedError{Position: head.Position + 1, What: what, Remedy: remedyAhead}
	}
	return there.Position, nil
}

// diverged finds the first position at which the hashes differ; behind it they all do.
func diverged(ctx context.Context, from, to events.Log, common events.Position) error {
	var failed error
	n := sort.Search(int(common)-1, func(i int) bool { //nolint:gosec // far below 2^63
		same, err := agree(ctx, from, to, events.Position(i)+1) //nolint:gosec // not negative
		if err != nil && failed == nil {
			failed = err
		}
		return !same
	})
	if failed != nil {
		return failed
	}
	return &DivergedError{Position: events.Position(n) + 1, What: "the target holds another event there than the source", Remedy: remedyOther} //nolint:gosec // not negative
}

// agree reports whether both logs hold the same history up to p.
func agree(ctx context.Context, from, to events.Log, p events.Position) (bool, error) {
	if p == 0 {
		return true, nil
	}
	a, err := from.At(ctx, p)
	if err != nil {
		return false, fmt.Errorf("read position %d of the source: %w", p, err)
	}
	b, err := to.At(ctx, p)
	if err != nil {
		return false, fmt.Errorf("read position %d of the target: %w", p, err)
	}
	return a[0].Hash == b[0].Hash, nil
}
