package query

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

type parkedParams struct {
	Limit  int    `query:"limit" min:"1" max:"200" default:"50" doc:"events in the answer"`
	Cursor string `query:"cursor" maxlen:"64" doc:"next of the answer before"`
	waiting
}

type redriveParams struct {
	ID uuid.UUID `path:"id" doc:"id of the fragment, as GET /v1/parked says it; zeros for events that name nobody"`
}

// redriveAtMost is how long a request folds what was parked. What does not go in by then stays parked.
const redriveAtMost = 10 * time.Second

const redriveDoc = "Folds the parked events of one fragment again, in order, up to the first that still cannot be folded. Of a long queue " +
	"the answer may come before its end, with events waiting: ask again."

// parked lists the events that wait.
func (s *Service) parked(ctx context.Context, p *parkedParams) (*ParkedAnswer, error) {
	after, err := parseParkedPlace(p.Cursor)
	if err != nil {
		return nil, err
	}
	a := &ParkedAnswer{Parked: []ParkedEvent{}}
	err = s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		found, err := projections.ReadParked(ctx, v, after, p.Limit+1)
		if err != nil {
			return fmt.Errorf("read the parked events: %w", err)
		}
		if len(found) > p.Limit {
			found = found[:p.Limit]
			a.Next = parkedPlace(&found[p.Limit-1])
		}
		for i := range found {
			a.Parked = append(a.Parked, answerParked(&found[i]))
		}
		return nil
	})
	return a, err
}

func answerParked(p *projections.ParkedEvent) ParkedEvent {
	return ParkedEvent{
		Fragment: p.Fragment, Position: p.Position, Source: p.Source, Type: p.Type, Behind: p.Behind,
		Reason: cut(p.Reason), RecordedAt: p.RecordedAt,
	}
}

// parkedPlace is the cursor after an event: its fragment and position in hexadecimal.
func parkedPlace(p *projections.ParkedEvent) string {
	return fmt.Sprintf("%x%016x", p.Fragment[:], uint64(p.Position))
}

func parseParkedPlace(token string) (projections.ParkedPlace, error) {
	var at projections.ParkedPlace
	if token == "" {
		return at, nil
	}
	b, err := hex.DecodeString(token)
	if err != nil || len(b) != 24 || b[16] > 0x7f {
		return at, wrongParam("cursor", "cursor is not one that was handed out; give next of the answer before as it is, or leave it out")
	}
	copy(at.Fragment[:], b)
	for _, digit := range b[16:] {
		at.Position = at.Position<<8 | events.Position(digit)
	}
	return at, nil
}

// redrive folds what is parked of a fragment, as far as it goes.
func (s *Service) redrive(ctx context.Context, p *redriveParams, _ *none) (*RedriveAnswer, error) {
	before, err := s.waitingOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	if before.Waiting == 0 {
		return nil, web.Wrong(http.StatusNotFound, "no event of this fragment is parked; GET /v1/parked lists those that are")
	}
	bounded, cancel := context.WithTimeout(ctx, redriveAtMost)
	defer cancel()
	folded, err := s.live.Redrive(bounded, p.ID)
	slow := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil
	switch {
	case slow && folded == 0:
		return nil, web.Wrong(http.StatusServiceUnavailable, "the projection is busy, nothing was folded; try again").After(5)
	case err != nil && !slow && !errors.Is(err, projections.ErrParked):
		return nil, fmt.Errorf("redrive: %w", err)
	}
	a, err := s.waitingOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	a.Folded = folded
	s.logger.LogAttrs(ctx, slog.LevelInfo, "redrive ended", slog.Int("folded", a.Folded), slog.Int("waiting", a.Waiting))
	return a, nil
}

// waitingOf says how many events of a fragment are parked, and which is the first.
func (s *Service) waitingOf(ctx context.Context, fragment uuid.UUID) (*RedriveAnswer, error) {
	a := &RedriveAnswer{Fragment: fragment}
	err := s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		first, err := projections.ReadParkedOf(ctx, v, fragment, 1)
		if err != nil || len(first) == 0 {
			return err
		}
		stuck := answerParked(&first[0])
		a.First = &stuck
		a.Waiting, err = projections.CountParkedOf(ctx, v, fragment)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the parked events of a fragment: %w", err)
	}
	return a, nil
}
