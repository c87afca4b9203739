package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// maxCandidates is how many customers that a search finds today are looked at as of an instant.
const maxCandidates = 50

// candidates says whom a search as of an instant is about: whoever had the identifier then, or, because there is no
// index of the past, whoever what was typed finds today. The search is then made among what these were.
func (s *Service) candidates(p *searchParams) asked {
	return func(ctx context.Context) (projections.About, error) {
		if p.Identifier != "" {
			kind, value, err := s.identifier(p.Identifier)
			return projections.About{Identifiers: []events.Identifier{{Kind: kind, Value: value}}}, err
		}
		if strings.TrimSpace(p.Q) == "" {
			return projections.About{}, wrongParam("q", "who was active lately is known of now only; give identifier or q, or leave out as_of and known_at")
		}
		return s.foundToday(ctx, p)
	}
}

func (s *Service) foundToday(ctx context.Context, p *searchParams) (about projections.About, err error) {
	lookups, err := s.lookups(p)
	if err != nil {
		return about, err
	}
	err = s.in(ctx, func(v projections.View) error {
		found, err := find(ctx, v, lookups, &findings{want: maxCandidates})
		if err != nil {
			return err
		}
		page, _ := found.page(0, maxCandidates)
		about.Fragments, err = s.allFragments(ctx, v, page)
		return err
	})
	return about, err
}

// allFragments lists the fragments of everybody found.
func (s *Service) allFragments(ctx context.Context, v projections.View, found []finding) ([]uuid.UUID, error) {
	var all []uuid.UUID
	for _, x := range found {
		of, err := s.identities.Fragments(ctx, v, x.customer)
		if err != nil {
			return nil, fmt.Errorf("list the fragments of a customer: %w", err)
		}
		all = append(all, of...)
	}
	return all, nil
}
