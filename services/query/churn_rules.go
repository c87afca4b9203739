package query

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/web"
)

// churnBook reads the policies that the moment of a scene knows. A view of a few customers' past holds none, so those are taken
// that serve, up to the position that was known.
func (s *Service) churnBook(ctx context.Context, v *scene) (*churns.Book, error) {
	var all []standing.Definition
	read := func(from projections.View) (err error) {
		all, err = s.churns.Definitions(ctx, from)
		return err
	}
	look := func() error { return s.in(ctx, read) }
	if v.tells == nil {
		look = func() error { return read(v) }
	}
	err := look()
	if err != nil {
		return nil, fmt.Errorf("read the churn policies: %w", err)
	}
	if v.tells != nil && v.moment.KnownAt > 0 {
		if all, err = s.policiesKnown(ctx, all, v.moment.KnownAt); err != nil {
			return nil, err
		}
	}
	at, err := s.churnNow(ctx, v)
	return churns.NewBook(standing.NewSet(all, churn.ParseDefinition), at), err
}

// churnNow is the time, Unix microseconds, as of which a scene's flags are told: its today, or how far the log's clock has come if
// that is further.
func (s *Service) churnNow(ctx context.Context, v *scene) (int64, error) {
	at := v.today.UnixMicro()
	if v.tells != nil {
		return at, nil
	}
	clock, err := s.churns.Clock(ctx, v)
	if err != nil {
		return 0, fmt.Errorf("read the clock of the log: %w", err)
	}
	return max(at, clock), nil
}

// policiesKnown leaves out what the log held only after a position.
func (s *Service) policiesKnown(ctx context.Context, all []standing.Definition, known events.Position) ([]standing.Definition, error) {
	names := map[string]bool{}
	for i := range all {
		names[all[i].Name] = true
	}
	later := map[[2]string]bool{}
	for name := range names {
		written, err := s.policyEvents(ctx, name)
		if err != nil {
			return nil, err
		}
		for i := range written {
			later[[2]string{written[i].Source, written[i].ID}] = written[i].Position > known
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(d standing.Definition) bool { return later[[2]string{d.Source, d.ID}] }), nil
}

// policyEvents reads the stream of a policy.
func (s *Service) policyEvents(ctx context.Context, name string) (all []events.Recorded, err error) {
	for after := events.Position(0); ; after = all[len(all)-1].Position {
		page, err := s.log.ReadStream(ctx, churn.Stream+name, after, decisionPage)
		if err != nil {
			return nil, fmt.Errorf("read the definitions of a churn policy: %w", err)
		}
		if all = append(all, page...); len(page) < decisionPage {
			return all, nil
		}
	}
}

// noPolicy is the refusal of a name that no policy has.
func noPolicy() *web.Problem {
	return web.Wrong(http.StatusNotFound, "there is no policy of that name; GET /v1/churn/policies lists those there are")
}

// churnPlaces finds the events behind some touchpoints.
func (s *Service) churnPlaces(ctx context.Context, v projections.Reader, refs []history.Ref) (churns.Places, error) {
	places := make(churns.Places, len(refs))
	for _, r := range refs {
		if _, found := places[r]; found {
			continue
		}
		row, err := s.rowOf(ctx, v, r)
		if err != nil {
			return nil, err
		}
		if row != nil {
			places[r] = row.Position
		}
	}
	return places, nil
}

// lifeOf reads the history of a customer.
func (s *Service) lifeOf(ctx context.Context, v projections.Reader, customer uuid.UUID) (*history.History, []uuid.UUID, error) {
	fragments, err := s.identities.Fragments(ctx, v, customer)
	if err != nil {
		return nil, nil, fmt.Errorf("list the fragments of a customer: %w", err)
	}
	h, err := s.histories.Load(ctx, v, fragments)
	if err != nil {
		return nil, nil, fmt.Errorf("read the history of a customer: %w", err)
	}
	return h, fragments, nil
}
