package query

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query/churns"
)

// churnPolicies answers with every policy.
func (s *Service) churnPolicies(ctx context.Context, _ *churnPoliciesParams) (*churns.PoliciesAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	var a *churns.PoliciesAnswer
	err := s.look(ctx, &moment{}, nil, func(v *scene) error {
		book, err := s.churnBook(ctx, v)
		if err != nil {
			return err
		}
		a = &churns.PoliciesAnswer{Policies: book.Policies(), Position: v.Checkpoint().Position}
		if held, ok := book.Named(""); ok {
			a.Default = held.Name
		} else {
			a.Missing = s.missingData()
		}
		for i := range a.Policies {
			if err := s.countPolicy(ctx, v, &a.Policies[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return a, err
}

// churnPolicy answers with one policy.
func (s *Service) churnPolicy(ctx context.Context, p *churnPolicyParams) (*churns.PolicyAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	a := &churns.PolicyAnswer{}
	err := s.look(ctx, &moment{}, nil, func(v *scene) error {
		book, err := s.churnBook(ctx, v)
		if err != nil {
			return err
		}
		var ok bool
		if a.Policy, ok = book.Policy(p.Name); !ok {
			return noPolicy()
		}
		a.Position = v.Checkpoint().Position
		return s.countPolicy(ctx, v, &a.Policy)
	})
	return a, err
}

func (s *Service) countPolicy(ctx context.Context, v projections.Reader, p *churns.Policy) (err error) {
	if p.Flagged, err = s.churns.Count(ctx, v, p.Name); err != nil {
		return fmt.Errorf("count the flagged: %w", err)
	}
	p.Judging, err = s.judging(ctx, v, p.Name)
	return err
}
