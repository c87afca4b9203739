package query

import (
	"context"
	"fmt"
)

const rulesDoc = "As JSON, in the form in which POST /v1/generations takes the rules of a what-if. Change them, build a generation of kind what-if " +
	"under them, and GET its /diff to see who would be somebody else."

// rules answers the identity rules in force.
func (s *Service) rules(ctx context.Context, _ *none) (*RulesAnswer, error) {
	r := s.identities.Rules()
	text, err := r.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write down the rules: %w", err)
	}
	g, err := s.status(ctx)
	return &RulesAnswer{Rules: text, Hash: r.Hash(), Position: g.Position}, err
}
