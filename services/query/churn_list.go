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
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/churns"
)

// maxRanked bounds how many customers one look at a policy reads.
const maxRanked = 20_000

// churnFlags answers who is flagged by a policy.
func (s *Service) churnFlags(ctx context.Context, p *churnParams) (*churns.FlagsAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	last, err := churns.ParseCursor(p.Cursor)
	if err != nil {
		return nil, wrongParam("cursor", err.Error())
	}
	var a *churns.FlagsAnswer
	err = s.look(ctx, &moment{}, nil, func(v *scene) error {
		a = &churns.FlagsAnswer{Flags: []churns.Flag{}, Order: p.Order, Position: v.Checkpoint().Position}
		book, err := s.churnBook(ctx, v)
		if err != nil {
			return err
		}
		held, ok := book.Named(p.Policy)
		switch {
		case !ok && p.Policy != "":
			return noPolicy().At("?policy")
		case !ok:
			a.Missing = s.missingData()
			a.Totals.Complete, a.Outcome = true, churns.FlagOutcomes{Days: churns.OutcomeDays, WithinDays: churns.WithinDays, Complete: true}
			return nil
		}
		return s.listFlags(ctx, v, book, held, p, last, a)
	})
	return a, err
}

// listFlags fills in one page of a policy.
func (s *Service) listFlags(ctx context.Context, v *scene, book *churns.Book, held *churns.Held, p *churnParams, last *churns.Ranked, a *churns.FlagsAnswer) error {
	brief := held.Brief()
	a.Policy = &brief
	look, err := s.overviewOf(ctx, held, p)
	if err != nil {
		return err
	}
	a.Totals, a.Outcome = look.totals, look.outcomes
	if a.Judging, err = s.judging(ctx, v, held.Name); err != nil {
		return err
	}
	if a.Totals.Flagged, err = s.churns.Count(ctx, v, held.Name); err != nil {
		return fmt.Errorf("count the flagged: %w", err)
	}
	var page []churns.Ranked
	if p.Order == "since" {
		page, err = s.flaggedLast(ctx, v, held.Name, last, p.Limit+1)
	} else {
		a.Ranked = &look.ranked
		page = look.members
		if last != nil {
			page = churns.After(page, *last)
		}
	}
	if err != nil {
		return err
	}
	if len(page) > p.Limit {
		page = page[:p.Limit]
		a.Next = page[p.Limit-1].Cursor()
	}
	return s.describeFlags(ctx, v, held, page, book.At(), a)
}

// flaggedLast are the next of those whose flag went up last.
func (s *Service) flaggedLast(ctx context.Context, v projections.Reader, policy string, last *churns.Ranked, limit int) ([]churns.Ranked, error) {
	var before *standing.Member
	if last != nil {
		before = &standing.Member{Customer: last.Customer, Since: last.Since}
	}
	members, err := s.churns.Latest(ctx, v, policy, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list the flagged: %w", err)
	}
	page := make([]churns.Ranked, len(members))
	for i, m := range members {
		page[i] = churns.Ranked{Customer: m.Customer, Since: m.Since}
	}
	return page, nil
}

func (s *Service) judging(ctx context.Context, v projections.Reader, policy string) (*churns.PolicyJudging, error) {
	left, going, err := s.churns.Left(ctx, v, policy)
	if err != nil || !going {
		return nil, err
	}
	return &churns.PolicyJudging{Done: left.Done, Fresh: left.Fresh}, nil
}

// describeFlags fills in who they are and why.
func (s *Service) describeFlags(ctx context.Context, v *scene, held *churns.Held, page []churns.Ranked, at int64, a *churns.FlagsAnswer) error {
	for _, x := range page {
		h, fragments, err := s.lifeOf(ctx, v, x.Customer)
		if err != nil {
			return err
		}
		like, err := s.profiles.Load(ctx, v, fragments)
		if err != nil {
			return fmt.Errorf("read the profile of a customer: %w", err)
		}
		line := held.Line(h, x.Since, at)
		places, err := s.churnPlaces(ctx, v, line.Refs())
		if err != nil {
			return err
		}
		a.Flags = append(a.Flags, flagOf(x.Customer, line.Flag(places), like, v.today))
	}
	return nil
}

func flagOf(id uuid.UUID, f churns.Flag, p *profile.Profile, today time.Time) churns.Flag {
	r := answerRhythm(p.Rhythm(today))
	f.ID, f.Name, f.Tier, f.LastChannel, f.LastSeen = id, p.Name, p.Tier(), string(p.LastChannel), when(p.LastSeen)
	f.SilentDays, f.UsualGapDays = r.SilentDays, r.UsualGapDays
	return f
}

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
