package query

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/churns"
)

// overview is one look at all whom a policy flags, or did lately.
type overview struct {
	members  []churns.Ranked // by risk
	ranked   churns.FlagsRanked
	totals   churns.FlagTotals
	outcomes churns.FlagOutcomes
}

// overviewOf looks at those whose flag moved last, or takes the look that somebody else had just now.
func (s *Service) overviewOf(ctx context.Context, held *churns.Held, p *churnParams) (*overview, error) {
	asked := struct {
		Policy  string
		Version int
		Wait    events.Position
	}{held.Name, held.Version.Number, p.Wait}
	return together(ctx, s, "churn", asked, func(ctx context.Context) (*overview, error) {
		_, leave, err := s.places.take(ctx, "churn", s.now())
		if err != nil {
			return nil, err
		}
		defer leave()
		v, twin, err := s.twins(ctx, "")
		if err != nil {
			return nil, err
		}
		defer v.Close()
		if twin != nil {
			defer twin.Close()
		}
		return s.oversee(ctx, v, twin, held)
	})
}

// moved is a customer of whom a flag went up or down, when last.
type moved struct {
	customer uuid.UUID
	in       bool
	at       int64
}

// oversee reads those who count, in two views at once if there are two.
func (s *Service) oversee(ctx context.Context, v *scene, twin projections.View, held *churns.Held) (*overview, error) {
	at, err := s.churnNow(ctx, v)
	if err != nil {
		return nil, err
	}
	all, complete, err := s.movedLast(ctx, v, held.Name, at)
	if err != nil {
		return nil, err
	}
	half := len(all) / 2
	if twin == nil {
		half = len(all)
	}
	one, two := newOverview(), newOverview()
	var oneErr, twoErr error
	var both sync.WaitGroup
	if twin != nil {
		both.Go(func() { twoErr = sheltered(func() error { return s.addTo(ctx, two, twin, held, all[half:], at) }) })
	}
	oneErr = s.addTo(ctx, one, v, held, all[:half], at)
	both.Wait()
	if err := cmp.Or(oneErr, twoErr); err != nil {
		return nil, err
	}
	one.merge(two)
	churns.Rank(one.members)
	one.ranked = churns.FlagsRanked{At: time.UnixMicro(at).UTC(), Of: int64(len(one.members)), Exact: complete}
	one.totals.Complete, one.outcomes.Complete = complete, complete
	return one, nil
}

// movedLast lists whom a policy flags, and those whose flag moved lately: those who moved last, if there are too many.
func (s *Service) movedLast(ctx context.Context, v projections.Reader, policy string, at int64) (all []moved, complete bool, err error) {
	err = s.churns.EachLast(ctx, v, []string{policy}, func(_ int, customer uuid.UUID, in bool, last int64) {
		if in || churns.Lately(last, at) {
			all = append(all, moved{customer, in, last})
		}
	})
	if err != nil {
		return nil, false, fmt.Errorf("list the flagged: %w", err)
	}
	slices.SortFunc(all, func(a, b moved) int {
		return cmp.Or(cmp.Compare(b.at, a.at), bytes.Compare(a.customer[:], b.customer[:]))
	})
	return all[:min(len(all), maxRanked)], len(all) <= maxRanked, nil
}

func newOverview() *overview {
	return &overview{outcomes: churns.FlagOutcomes{Days: churns.OutcomeDays, WithinDays: churns.WithinDays}}
}

func (s *Service) addTo(ctx context.Context, o *overview, v projections.Reader, held *churns.Held, some []moved, at int64) error {
	for _, x := range some {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		h, _, err := s.lifeOf(ctx, v, x.customer)
		if err != nil {
			return err
		}
		o.add(held, x, h, at)
	}
	return nil
}

func (o *overview) add(held *churns.Held, x moved, h *history.History, at int64) {
	changes := held.Schedule.Changes(h, at)
	o.totals.Count(changes, at)
	o.outcomes.Add(held.Schedule, h, changes, at)
	if x.in {
		o.members = append(o.members, churns.Ranked{Customer: x.customer, Since: x.at, Risk: held.Risk(h, at)})
	}
}

func (o *overview) merge(b *overview) {
	o.members = append(o.members, b.members...)
	o.totals.Merge(&b.totals)
	o.outcomes.Merge(&b.outcomes)
}
