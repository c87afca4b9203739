package query

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
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
