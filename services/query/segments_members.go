package query

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
)

// segmentMembers answers with a page of who is in a segment, now or as of a time.
func (s *Service) segmentMembers(ctx context.Context, p *segmentMembersParams) (*segments.SegmentMembers, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	after, ok := segments.ParsePlace(p.Cursor)
	if !ok {
		return nil, notAPlace("cursor")
	}
	if p.AsOf != "" {
		q := *p
		q.Wait = 0
		return together(ctx, s, "segmentMembers", &q, func(ctx context.Context) (*segments.SegmentMembers, error) {
			return s.membersAsOf(ctx, p, after)
		})
	}
	a := &segments.SegmentMembers{}
	err := s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		if err := s.hadSegment(ctx, v, p.Name); err != nil {
			return err
		}
		page, err := s.memberPage(ctx, v, p, after)
		if err != nil {
			return fmt.Errorf("read the members of a segment: %w", err)
		}
		if a.Total, err = s.segments.Count(ctx, v, p.Name); err != nil {
			return fmt.Errorf("count the members of a segment: %w", err)
		}
		return s.answerMembers(ctx, v, page[:min(len(page), p.Limit)], len(page) > p.Limit, a)
	})
	return a, err
}

func notAPlace(name string) error {
	return wrongParam(name, name+" is not a cursor: give next of an earlier answer as it is, or leave it out to begin at the first")
}

// hadSegment refuses a name that no segment ever had.
func (s *Service) hadSegment(ctx context.Context, v projections.Reader, name string) error {
	book, err := s.segmentBook(ctx, v)
	if err == nil && book.Schedule(name) == nil {
		err = noSuchSegment()
	}
	return err
}

// memberPage reads the members of a page, and the one after it.
func (s *Service) memberPage(ctx context.Context, v projections.Reader, p *segmentMembersParams, after segments.Place) ([]segments.Place, error) {
	var all []standing.Member
	var err error
	if p.Order == "id" {
		all, err = s.segments.Members(ctx, v, p.Name, after.ID, p.Limit+1)
	} else {
		var before *standing.Member
		if after != (segments.Place{}) {
			before = &standing.Member{Customer: after.ID, Since: after.At}
		}
		all, err = s.segments.Latest(ctx, v, p.Name, before, p.Limit+1)
	}
	page := make([]segments.Place, len(all))
	for i, m := range all {
		page[i] = segments.Place{At: m.Since, ID: m.Customer}
	}
	return page, err
}

// membersAsOf looks at everybody.
func (s *Service) membersAsOf(ctx context.Context, p *segmentMembersParams, after segments.Place) (*segments.SegmentMembers, error) {
	a := &segments.SegmentMembers{}
	err := s.scan(ctx, "segmentMembers", &everybody{AsOf: p.AsOf}, func(ctx context.Context, x *scan) error {
		schedule, err := s.scheduleIn(ctx, x, p.Name)
		if err != nil {
			return err
		}
		all, err := fold(ctx, x, func() (*segments.Members, error) {
			return segments.NewMembers(schedule, x.at, p.Order != "id", after, p.Limit), nil
		})
		if err != nil {
			return fmt.Errorf("collect the members of a segment: %w", err)
		}
		page, more, total := all.Result()
		a.Total, a.AsOf, a.Position = total, x.moment.AsOf, x.Checkpoint().Position
		return s.answerMembers(ctx, x, page, more, a)
	})
	return a, err
}

// scheduleIn reads a segment through all its versions.
func (s *Service) scheduleIn(ctx context.Context, v projections.Reader, name string) (*standing.Schedule, error) {
	book, err := s.segmentBook(ctx, v)
	if err != nil {
		return nil, err
	}
	schedule := book.Schedule(name)
	if schedule == nil {
		return nil, noSuchSegment()
	}
	return schedule, nil
}

func (s *Service) answerMembers(ctx context.Context, v projections.Reader, page []segments.Place, more bool, a *segments.SegmentMembers) error {
	ids := make([]uuid.UUID, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	names, err := s.named(ctx, v, ids)
	a.Members = make([]segments.SegmentMember, len(names))
	for i := range names {
		a.Members[i] = segments.SegmentMember{SegmentCustomer: names[i], Since: segments.Time(page[i].At)}
	}
	if more {
		a.Next = page[len(page)-1].String()
	}
	return err
}

// segmentHistory answers with who entered and left.
func (s *Service) segmentHistory(ctx context.Context, p *segmentHistoryParams) (*segments.SegmentHistory, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	before, ok := segments.ParsePlace(p.Before)
	if !ok {
		return nil, notAPlace("before")
	}
	q := *p
	q.Wait = 0
	return together(ctx, s, "segmentHistory", &q, func(ctx context.Context) (*segments.SegmentHistory, error) {
		return s.collectHistory(ctx, p, before)
	})
}

// collectHistory looks at everybody.
func (s *Service) collectHistory(ctx context.Context, p *segmentHistoryParams, before segments.Place) (*segments.SegmentHistory, error) {
	a := &segments.SegmentHistory{}
	err := s.scan(ctx, "segmentHistory", &everybody{}, func(ctx context.Context, x *scan) error {
		schedule, err := s.scheduleIn(ctx, x, p.Name)
		if err != nil {
			return err
		}
		all, err := fold(ctx, x, func() (*segments.Passages, error) {
			return segments.NewPassages(schedule, x.at, before, p.Limit), nil
		})
		if err != nil {
			return fmt.Errorf("collect the history of a segment: %w", err)
		}
		page, more := all.Result()
		if more {
			a.Next = page[len(page)-1].Place().String()
		}
		a.Position = x.Checkpoint().Position
		return s.answerPassages(ctx, x, page, a)
	})
	return a, err
}

func (s *Service) answerPassages(ctx context.Context, v projections.Reader, page []segments.Passage, a *segments.SegmentHistory) error {
	ids := make([]uuid.UUID, len(page))
	for i := range page {
		ids[i] = page[i].Customer
	}
	names, err := s.named(ctx, v, ids)
	if err != nil {
		return err
	}
	find := s.finder(ctx, v)
	a.Changes = make([]segments.SegmentChange, len(page))
	for i := range page {
		x := &page[i]
		a.Changes[i] = segments.SegmentChange{Customer: names[i], At: segments.Time(x.At), Entered: x.In, Version: x.Version}
		if a.Changes[i].Cause, err = segments.Cause(&x.Change, find); err != nil {
			return err
		}
	}
	return nil
}
