package query

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/segments"
)

// customerSegments answers which segments a customer is in, and why.
func (s *Service) customerSegments(ctx context.Context, p *customerSegmentsParams) (*CustomerSegmentsAnswer, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	var a CustomerSegmentsAnswer
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		h, err := s.historyIn(ctx, v, fragments)
		if err != nil {
			return err
		}
		book, err := s.segmentBookThen(ctx, v)
		if err != nil {
			return err
		}
		at := segments.Moment(h, v.today.UnixMicro())
		if p.Name != "" && !book.There(p.Name, at) {
			return noSuchSegmentThen()
		}
		a.ID, a.At, a.Position, a.Moment = id, segments.Time(at), v.Checkpoint().Position, v.moment
		a.Segments, err = book.Why(h, at, p.Name, s.finder(ctx, v))
		return err
	})
	return &a, err
}

func noSuchSegmentThen() error {
	p := noSuchSegment()
	p.Detail = "there was no segment of that name at that moment; GET /v1/segments lists those there are now"
	return p.At("?name")
}

// segmentsOf lists the segments that a customer is in.
func (s *Service) segmentsOf(ctx context.Context, v *scene, fragments []uuid.UUID) ([]segments.CustomerSegment, error) {
	if !s.keepsSegments() {
		return []segments.CustomerSegment{}, nil
	}
	book, err := s.segmentBookThen(ctx, v)
	if err != nil || len(book.Schedules()) == 0 {
		return []segments.CustomerSegment{}, err
	}
	h, err := s.historyIn(ctx, v, fragments)
	if err != nil {
		return nil, err
	}
	return book.In(h, segments.Moment(h, v.today.UnixMicro())), nil
}
