package query

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

// listSegments answers with the segments there are.
func (s *Service) listSegments(ctx context.Context, _ *segmentsParams) (*segments.SegmentList, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	a := &segments.SegmentList{Segments: []segments.Segment{}}
	flows, err := s.segmentFlows(ctx)
	if err != nil {
		return nil, err
	}
	err = s.in(ctx, func(v projections.View) error {
		a.Position = v.Checkpoint().Position
		book, err := s.segmentBook(ctx, v)
		if err != nil {
			return err
		}
		now := s.now().UnixMicro()
		for _, x := range book.Schedules() {
			one, _ := book.Segment(x.Name, now)
			if one.Removed {
				continue
			}
			if err := s.count(ctx, v, &one, flows); err != nil {
				return err
			}
			a.Segments = append(a.Segments, one)
		}
		return nil
	})
	return a, err
}

// oneSegment answers with everything about one.
func (s *Service) oneSegment(ctx context.Context, p *segmentParams) (*segments.SegmentPage, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	flows, err := s.segmentFlows(ctx)
	if err != nil {
		return nil, err
	}
	var a segments.SegmentPage
	err = s.in(ctx, func(v projections.View) error {
		book, err := s.segmentBook(ctx, v)
		if err != nil {
			return err
		}
		var ok bool
		if a, ok = book.Page(p.Name, s.now().UnixMicro()); !ok {
			return noSuchSegment()
		}
		a.Position = v.Checkpoint().Position
		return s.count(ctx, v, &a.Segment, flows)
	})
	return &a, err
}

func noSuchSegment() *web.Problem {
	return web.Wrong(http.StatusNotFound, "there is no segment of that name; GET /v1/segments lists those there are, PUT defines one").At("?name")
}

// count fills in how many are in a segment.
func (s *Service) count(ctx context.Context, v projections.View, a *segments.Segment, flows *segmentFlows) (err error) {
	if a.Members, err = s.segments.Count(ctx, v, a.Name); err != nil {
		return fmt.Errorf("count the members of a segment: %w", err)
	}
	left, going, err := s.segments.Left(ctx, v, a.Name)
	if err != nil {
		return fmt.Errorf("read how far a segment is: %w", err)
	}
	if going {
		a.Left = &segments.SegmentSweep{Done: left.Done, Fresh: left.Fresh}
	}
	if f, ok := flows.by[a.Name]; ok {
		a.Day, a.Week = f[0], f[1]
	}
	return nil
}

// segmentFlows are who came to and went from each segment, in the last day and the last week.
type segmentFlows struct {
	by map[string]*[2]segments.SegmentFlow
}

// segmentFlows looks where everybody stands. Those who ask soon after have the same answer.
func (s *Service) segmentFlows(ctx context.Context) (*segmentFlows, error) {
	return together(ctx, s, "segmentFlows", nil, s.countFlows)
}

func (s *Service) countFlows(ctx context.Context) (*segmentFlows, error) {
	f := &segmentFlows{by: map[string]*[2]segments.SegmentFlow{}}
	now := s.now()
	since := [2]int64{now.Add(-24 * time.Hour).UnixMicro(), now.AddDate(0, 0, -7).UnixMicro()}
	err := s.in(ctx, func(v projections.View) error {
		book, err := s.segmentBook(ctx, v)
		if err != nil {
			return err
		}
		all := book.Schedules()
		names, counts := make([]string, len(all)), make([][2]segments.SegmentFlow, len(all))
		for i := range all {
			names[i] = all[i].Name
			f.by[names[i]] = &counts[i]
		}
		return s.segments.EachLast(ctx, v, names, func(i int, _ uuid.UUID, in bool, at int64) {
			if all[i].In(at).From != at { // else the rule did it
				segments.CountFlow(&counts[i], since, in, at)
			}
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count who came and went: %w", err)
	}
	return f, nil
}
