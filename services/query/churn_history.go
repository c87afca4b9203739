package query

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/query/segments"
)

// churnHistory answers with the flags that a policy raised and lowered.
func (s *Service) churnHistory(ctx context.Context, p *churnHistoryParams) (*churns.PolicyHistory, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	before, ok := segments.ParsePlace(p.Before)
	if !ok {
		return nil, wrongParam("before", "before is not one that was handed out; give next of the answer before as it is, or leave it out")
	}
	return together(ctx, s, "churnHistory", p, func(ctx context.Context) (a *churns.PolicyHistory, err error) {
		err = s.scan(ctx, "churnHistory", &everybody{}, func(ctx context.Context, x *scan) error {
			a, err = s.passagesOf(ctx, x, p, before)
			return err
		})
		return a, err
	})
}

func (s *Service) passagesOf(ctx context.Context, x *scan, p *churnHistoryParams, before segments.Place) (*churns.PolicyHistory, error) {
	set, err := s.churns.Rules(ctx, x)
	if err != nil {
		return nil, err
	}
	schedule := set.Schedule(p.Name)
	if schedule == nil {
		return nil, noPolicy()
	}
	at, err := s.churnNow(ctx, x.scene)
	if err != nil {
		return nil, err
	}
	found, err := fold(ctx, x, func() (*segments.Passages, error) {
		return segments.NewPassages(schedule, at, before, p.Limit), nil
	})
	if err != nil {
		return nil, err
	}
	all, more := found.Result()
	a := &churns.PolicyHistory{Name: p.Name, Changes: []churns.FlagChange{}, Position: x.Checkpoint().Position}
	if more {
		a.Next = all[len(all)-1].Place().String()
	}
	seen := map[uuid.UUID]*passer{}
	for i := range all {
		c, err := s.flagChange(ctx, x, at, churns.Passage{Schedule: schedule, Customer: all[i].Customer, Change: all[i].Change}, seen)
		if err != nil {
			return nil, err
		}
		a.Changes = append(a.Changes, c)
	}
	return a, nil
}

// passer is somebody whose flag moved.
type passer struct {
	name string
	h    *history.History
}

func (s *Service) flagChange(ctx context.Context, x *scan, at int64, p churns.Passage, seen map[uuid.UUID]*passer) (churns.FlagChange, error) {
	who := seen[p.Customer]
	if who == nil {
		h, fragments, err := s.lifeOf(ctx, x, p.Customer)
		if err != nil {
			return churns.FlagChange{}, err
		}
		like, err := s.profiles.Load(ctx, x, fragments)
		if err != nil {
			return churns.FlagChange{}, err
		}
		who = &passer{like.Name, h}
		seen[p.Customer] = who
	}
	places, err := s.churnPlaces(ctx, x, p.Refs())
	c := p.Answer(who.h, at, places)
	c.Name = who.name
	return c, err
}
