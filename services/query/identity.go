package query

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
)

type customerParams struct {
	ID uuid.UUID `path:"id" doc:"the customer, or any of its fragments"`
	moment
}

// identity answers why some fragments are one customer.
func (s *Service) identity(ctx context.Context, p *customerParams) (*IdentityAnswer, error) {
	a := &IdentityAnswer{
		Identifiers: []IdentifierEvidence{}, Links: []Link{}, Decisions: []Decision{}, Suggestions: []Suggestion{},
	}
	err := s.look(ctx, &p.moment, withSuggestions(p.ID), func(v *scene) error {
		a.Position, a.Moment = v.Checkpoint().Position, v.moment
		customer, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		e, err := v.people.Explain(ctx, v, fragments)
		if err != nil {
			return fmt.Errorf("explain a customer: %w", err)
		}
		a.ID, a.Fragments = customer, e.Fragments
		a.explain(&e)
		return nil
	})
	return a, err
}

// withSuggestions is a question about one customer and those who may be the same.
func withSuggestions(id uuid.UUID) asked {
	return func(context.Context) (projections.About, error) {
		return projections.About{Fragments: []uuid.UUID{id}, Suggestions: true}, nil
	}
}

func (a *IdentityAnswer) explain(e *identity.Explanation) {
	for i := range e.Identifiers {
		a.Identifiers = append(a.Identifiers, answerEvidence(&e.Identifiers[i]))
	}
	for i := range e.Links {
		l := &e.Links[i]
		a.Links = append(a.Links, Link{
			A: l.A, B: l.B, Because: l.Because, Grade: l.Grade.String(), Time: when(l.Time), Source: l.Source, EventID: l.EventID,
		})
	}
	for i := range e.Decisions {
		d := &e.Decisions[i]
		a.Decisions = append(a.Decisions, Decision{
			A: d.A, B: d.B, Linked: d.Linked, Reason: d.Reason, Actor: d.Actor, Time: when(d.Time), Source: d.Source, EventID: d.EventID,
		})
	}
	for _, x := range e.Suggestions {
		a.Suggestions = append(a.Suggestions, Suggestion{Customer: x.Customer, Because: x.Because})
	}
}

func answerEvidence(k *identity.Known) IdentifierEvidence {
	a := IdentifierEvidence{Kind: k.Kind, Value: k.Value, Grade: k.Grade.String(), Inert: k.Inert, Evidence: []Evidence{}}
	for _, e := range k.Evidence {
		a.Evidence = append(a.Evidence, Evidence{
			Fragment: e.Fragment, Grade: e.Grade.String(), Source: e.Source, EventID: e.EventID, Time: when(e.Time),
		})
	}
	return a
}
