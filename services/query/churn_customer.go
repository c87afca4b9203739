package query

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/churns"
)

// customerChurn answers what every policy says of one customer.
func (s *Service) customerChurn(ctx context.Context, p *customerChurnParams) (*CustomerChurnAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	a := &CustomerChurnAnswer{}
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		a.Position, a.Moment = v.Checkpoint().Position, v.moment
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		a.ID = id
		return s.flagsOf(ctx, v, fragments, p.Policy, a)
	})
	return a, err
}

// flagsOf fills in what the policies say, or the one that is named.
func (s *Service) flagsOf(ctx context.Context, v *scene, fragments []uuid.UUID, policy string, a *CustomerChurnAnswer) error {
	book, err := s.churnBook(ctx, v)
	if err != nil {
		return err
	}
	held := book.Held()
	if policy != "" {
		if held = slices.DeleteFunc(held, func(h *churns.Held) bool { return h.Name != policy }); len(held) == 0 {
			return noPolicy().At("?policy")
		}
	}
	if len(held) == 0 {
		a.Missing = s.missingData()
	}
	h, err := s.historyIn(ctx, v, fragments)
	if err != nil {
		return err
	}
	return s.findFlags(ctx, v, h, book.At(), held, a)
}

func (s *Service) findFlags(ctx context.Context, v *scene, h *history.History, at int64, held []*churns.Held, a *CustomerChurnAnswer) error {
	var refs []history.Ref
	found := make([]*churns.Finding, len(held))
	for i, policy := range held {
		found[i] = policy.Whole(h, at)
		refs = append(refs, found[i].Refs()...)
	}
	slices.SortFunc(found, churns.Compare)
	places, err := s.churnPlaces(ctx, v, refs)
	a.Flags = make([]churns.CustomerFlag, len(found))
	for i, f := range found {
		a.Flags[i] = f.Answer(places)
	}
	return err
}

// churnBrief is what the page of a customer shows; nil if there is no policy.
func (s *Service) churnBrief(ctx context.Context, v *scene, fragments []uuid.UUID) (*churns.ChurnBrief, error) {
	if s.histories == nil || s.churns == nil {
		return nil, nil //nolint:nilnil // there is none, and that is no error
	}
	book, err := s.churnBook(ctx, v)
	if err != nil || len(book.Held()) == 0 {
		return nil, err
	}
	h, err := s.historyIn(ctx, v, fragments)
	if err != nil {
		return nil, err
	}
	return book.Brief(h), nil
}
