package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

type parkedQueueParams struct {
	ID    uuid.UUID `path:"id" doc:"id of the fragment, as GET /v1/parked says it; zeros for events that name nobody"`
	Limit int       `query:"limit" min:"1" max:"200" default:"50" doc:"events of the queue in the answer"`
	waiting
}

const skipDoc = "Appended to the log: the event at that position is left out of every read model from then on, by rebuilds too, even if a " +
	"later version could fold it, and what queues behind it is folded. The event itself stays in the log. Read with wait= and the " +
	"position of the answer to see what follows. To skip what is skipped already changes nothing and answers its position."

func noneParked() error {
	return web.Wrong(http.StatusNotFound, "no event of this fragment is parked; GET /v1/parked lists those that are")
}

// parkedQueue shows what waits of a fragment, and the whole event that is in the way.
func (s *Service) parkedQueue(ctx context.Context, p *parkedQueueParams) (*ParkedQueueAnswer, error) {
	a := &ParkedQueueAnswer{Fragment: p.ID, Queue: []ParkedEvent{}}
	err := s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		found, err := projections.ReadParkedOf(ctx, v, p.ID, p.Limit)
		if err != nil {
			return err
		}
		for i := range found {
			a.Queue = append(a.Queue, answerParked(&found[i]))
		}
		a.Waiting, err = projections.CountParkedOf(ctx, v, p.ID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the parked events of a fragment: %w", err)
	}
	if len(a.Queue) == 0 {
		return nil, noneParked()
	}
	at, err := s.log.At(ctx, a.Queue[0].Position)
	if err != nil {
		return nil, fmt.Errorf("read a parked event: %w", err)
	}
	a.Event = s.answerEvent(&at[0])
	return a, nil
}

// skip decides that a parked event is left out.
func (s *Service) skip(ctx context.Context, p *redriveParams, q *SkipRequest) (*AcceptedAnswer, error) {
	if err := checkSkip(q); err != nil {
		return nil, err
	}
	if standing, err := s.skippedBy(ctx, q.Position); err != nil || standing > 0 {
		return &AcceptedAnswer{Position: standing}, err
	}
	bounded, cancel := context.WithTimeout(ctx, redriveAtMost)
	defer cancel()
	place := projections.ParkedPlace{Fragment: p.ID, Position: q.Position}
	position, err := s.live.Skip(bounded, place, func() (events.Position, error) { return s.decideSkip(bounded, q) })
	switch {
	case errors.Is(err, projections.ErrNotParked):
		return nil, web.Wrong(http.StatusConflict,
			"the event at this position is not parked under this fragment, or no longer; GET /v1/parked lists those that are").At("/position")
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return nil, web.Wrong(http.StatusServiceUnavailable, "the projection is busy; look at GET /v1/parked and try again").After(5)
	case err != nil:
		return nil, fmt.Errorf("skip a parked event: %w", err)
	}
	s.logger.LogAttrs(ctx, slog.LevelInfo, "declared skipped",
		slog.Uint64("position", uint64(q.Position)), slog.Uint64("decision", uint64(position)))
	return &AcceptedAnswer{Position: position}, nil
}

func checkSkip(q *SkipRequest) error {
	switch {
	case q.Position == 0:
		return web.Wrong(http.StatusBadRequest, "position is missing: give the position of a parked event, as GET /v1/parked says it").At("/position")
	case q.Reason == "":
		return web.Wrong(http.StatusBadRequest, "reason is missing: say why the event is left out; whoever looks later will ask").At("/reason")
	case len(q.Reason) > maxReason || !utf8.ValidString(q.Reason):
		return web.Wrong(http.StatusBadRequest, "reason is longer than 500 bytes; shorten it").At("/reason")
	}
	return nil
}

// skippedBy returns where the event at a position was declared skipped, 0 if it was not.
func (s *Service) skippedBy(ctx context.Context, position events.Position) (events.Position, error) {
	all, err := projections.Skipped(ctx, s.log, 0)
	if err != nil {
		return 0, fmt.Errorf("read what was declared skipped: %w", err)
	}
	return all[position], nil
}

// decideSkip appends the decision. Of two who decide at once the second finds what the first decided.
func (s *Service) decideSkip(ctx context.Context, q *SkipRequest) (events.Position, error) {
	version := events.Position(0)
	for range decisionRetries {
		standing, err := s.skippedBy(ctx, q.Position)
		if err != nil || standing > 0 {
			return standing, err
		}
		result, err := s.appendSkip(ctx, q, version)
		if err != nil || result.Outcome == events.Appended {
			return result.Position, err
		}
		version = result.Position
	}
	return 0, web.Wrong(http.StatusServiceUnavailable, "too many decisions are being made at once; try again").After(1)
}

func (s *Service) appendSkip(ctx context.Context, q *SkipRequest, version events.Position) (events.Result, error) {
	data, err := json.Marshal(struct {
		Position events.Position `json:"position"`
		Reason   string          `json:"reason"`
		Actor    string          `json:"actor"`
	}{q.Position, q.Reason, s.actor(ctx)})
	if err != nil {
		return events.Result{}, fmt.Errorf("write a decision: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return events.Result{}, fmt.Errorf("make an event id: %w", err)
	}
	now := s.now().UTC()
	results, err := s.log.Append(ctx, events.Entry{
		Stream: projections.ParkedStream, Expected: events.Version(version),
		Event: events.Event{
			ID: id.String(), Source: decisionSource, Type: projections.TypeSkipped, Time: now, Received: now,
			Channel: events.ChannelOther, Data: data,
		},
	})
	if err != nil {
		return events.Result{}, fmt.Errorf("append a decision: %w", err)
	}
	return results[0], nil
}
