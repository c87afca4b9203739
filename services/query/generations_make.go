package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/web"
)

// createGeneration begins a new generation and answers as soon as it has a name.
func (s *Service) createGeneration(ctx context.Context, _ *none, q *GenerationRequest) (*GenerationAccepted, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	plan, err := s.planOf(ctx, q)
	if err != nil {
		return nil, err
	}
	rehearsal, err := s.rehearsalOf(ctx, q, &plan)
	if err != nil {
		return nil, err
	}
	if rehearsal != nil {
		plan.Log = rehearsal
	}
	named, err := s.changes.begin(ctx, func(ctx context.Context, report projections.Report) error {
		g, err := s.generations.Build(ctx, plan, report)
		if err == nil && rehearsal != nil {
			s.rehearsals.start(context.WithoutCancel(ctx), g.ID, rehearsal, s.logger)
		}
		s.logger.LogAttrs(ctx, slog.LevelInfo, "build ended",
			slog.String("generation", g.ID), slog.String("kind", plan.Kind), slog.Any("error", err))
		return wrongRequest(err)
	})
	if err != nil {
		return nil, err
	}
	return named.wait(ctx)
}

// planOf reads a request. Whether it can be built is for whoever builds it to say.
func (s *Service) planOf(ctx context.Context, q *GenerationRequest) (projections.Plan, error) {
	plan := projections.Plan{Kind: q.Kind, Note: q.Note}
	var err error
	if plan.Rules, err = inFull(q.Rules); err != nil {
		return plan, err
	}
	if len(q.Note) > longestNote {
		return plan, web.Wrong(http.StatusBadRequest, fmt.Sprintf("note is longer than %d bytes; shorten it", longestNote)).At("/note")
	}
	if q.KnownAt != "" {
		if plan.At.Known, err = projections.ParseKnown(ctx, s.log, q.KnownAt, profile.Zone); err != nil {
			return plan, wrongInstant("/known_at", err)
		}
	}
	if q.AsOf != "" {
		if plan.At.Occurred, err = projections.ParseTime(q.AsOf, profile.Zone); err != nil {
			return plan, wrongInstant("/as_of", err)
		}
	}
	return plan, nil
}

const longestNote = 1000

// inFull writes rules out with what they leave to the default, so that they mean the same in every version.
func inFull(rules json.RawMessage) (json.RawMessage, error) {
	if len(rules) == 0 || string(rules) == "null" {
		return nil, nil
	}
	read, err := identity.ParseRules(rules)
	if err != nil {
		return nil, wrongRequest(&projections.PlanError{Field: "rules", Err: err})
	}
	return read.MarshalJSON()
}

// wrongInstant turns the error of a moment that cannot be read into a problem; that of a log which cannot be read
// stays what it is.
func wrongInstant(pointer string, err error) error {
	for _, other := range []error{context.Canceled, context.DeadlineExceeded, events.ErrClosed, events.ErrFailed} {
		if errors.Is(err, other) {
			return err
		}
	}
	return web.Wrong(http.StatusBadRequest, err.Error()).At(pointer)
}

// wrongRequest turns what is wrong with a plan into a problem that names the place in the body.
func wrongRequest(err error) error {
	var wrong *projections.PlanError
	if !errors.As(err, &wrong) {
		return err
	}
	pointer := map[string]string{"at": "/known_at"}[wrong.Field]
	if pointer == "" {
		pointer = "/" + wrong.Field
	}
	var inside *events.JSONError
	if errors.As(err, &inside) {
		pointer += inside.Pointer
	}
	return web.Wrong(http.StatusBadRequest, wrong.Err.Error()).At(pointer)
}
