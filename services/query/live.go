package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// Live is the generation that serves, whichever that is at the moment; *projections.Live is one.
type Live interface {
	// View opens a snapshot of it.
	View(ctx context.Context) (projections.View, error)
	// Await returns once it has folded the event at p, or with the error of ctx.
	Await(ctx context.Context, p events.Position) error
	// Status says how far it is.
	Status(ctx context.Context) (projections.Status, error)
	// Redrive folds the parked events of a fragment, up to the first that fails with ErrParked; it returns how many.
	Redrive(ctx context.Context, fragment uuid.UUID) (int, error)
	// Skip has the decision to skip a parked event appended while the event is parked; ErrNotParked if it is not.
	Skip(ctx context.Context, place projections.ParkedPlace, decide func() (events.Position, error)) (events.Position, error)
	// Generation says what it is.
	Generation() (projections.Generation, error)
}

// waitAtMost is how long a request waits for a position.
const waitAtMost = 5 * time.Second

// await lets a read see what its caller has just written, or what the log held at a position. The parameter that asks
// for it has a name.
func (s *Service) await(ctx context.Context, name string, p events.Position) error {
	head, err := s.headAt(ctx, p)
	if err != nil {
		return fmt.Errorf("ask for the head of the log: %w", err)
	}
	if p > head.Position {
		return wrongParam(name, fmt.Sprintf("%s=%d is beyond the log, which ends at %d; give a position that an answer gave", name, p, head.Position))
	}
	bounded, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	err = s.live.Await(bounded, p)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return web.Wrong(http.StatusServiceUnavailable, fmt.Sprintf("position %d is not folded yet; ask again", p)).At("?" + name).After(1)
	}
	if err != nil {
		return fmt.Errorf("wait for a position: %w", err)
	}
	return nil
}

// behindAnother is how long what another process has appended may take to be seen by this one.
const behindAnother = 500 * time.Millisecond

// headAt returns the end of the log. If it is before p, which another process may have appended just now, it waits a moment.
func (s *Service) headAt(ctx context.Context, p events.Position) (events.Head, error) {
	head, err := s.log.Head(ctx)
	if err != nil || p <= head.Position || p > head.Position+aheadAtMost {
		return head, err
	}
	bounded, cancel := context.WithTimeout(ctx, behindAnother)
	defer cancel()
	_ = s.log.Wait(bounded, p-1) // whatever it says, the log is asked again
	return s.log.Head(ctx)
}

// aheadAtMost is how far another process may be ahead; whoever asks for more asks for what there is not.
const aheadAtMost = 100_000

// stopped reports whether an error means that no read model can be read before somebody mends something.
func stopped(err error) bool {
	for _, reason := range []error{
		projections.ErrNoGeneration, projections.ErrClosed, projections.ErrFatal, projections.ErrDiverged,
		projections.ErrOtherVersion, projections.ErrUnfinished, projections.ErrDamaged,
	} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// in runs read on one snapshot, so that everything in an answer is true at one position.
func (s *Service) in(ctx context.Context, read func(v projections.View) error) error {
	v, err := s.live.View(ctx)
	if err != nil {
		return fmt.Errorf("open a view: %w", err)
	}
	defer v.Close()
	return read(v)
}
