package query

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query/segments"
)

// finder returns what finds touchpoints in the timeline of a view. It remembers what it found.
func (s *Service) finder(ctx context.Context, v projections.Reader) segments.Finder {
	found := map[history.Ref]segments.SegmentEvidence{}
	return func(r history.Ref) (segments.SegmentEvidence, error) {
		if e, ok := found[r]; ok {
			return e, nil
		}
		e, err := s.evidence(ctx, v, r)
		found[r] = e
		return e, err
	}
}

// evidence says a touchpoint in words, and where it is in the log.
func (s *Service) evidence(ctx context.Context, v projections.Reader, r history.Ref) (segments.SegmentEvidence, error) {
	e := segments.SegmentEvidence{Fragment: r.Fragment, Type: r.Type, Time: segments.Time(r.At), Headline: s.book.Name(r.Type)}
	row, err := s.rowOf(ctx, v, r)
	if err != nil || row == nil {
		return e, err
	}
	facts := rowFacts(row)
	e.Position = row.Position
	e.Headline, _ = s.book.Say(row.Type, &facts)
	return e, nil
}

// sameMoment is how many rows are read at a time to find one; mostly there is one of a moment.
const sameMoment = 4

// rowOf finds a touchpoint among those of its fragment at its time; nil if it is not there.
func (s *Service) rowOf(ctx context.Context, v projections.Reader, r history.Ref) (*timeline.Row, error) {
	at := time.UnixMicro(r.At)
	q := timeline.Query{Before: timeline.CursorAt(at.Add(time.Microsecond)), Limit: sameMoment}
	for {
		page, err := s.timelines.Page(ctx, v, []uuid.UUID{r.Fragment}, q)
		if err != nil {
			return nil, fmt.Errorf("find a touchpoint: %w", err)
		}
		for i := range page.Rows {
			row := &page.Rows[i]
			switch {
			case !row.Time.Equal(at):
				return nil, nil //nolint:nilnil // it is not there, which is no error
			case history.KeyOf(row.Source, row.ID) == r.Key:
				return row, nil
			}
		}
		if page.Next.IsZero() {
			return nil, nil //nolint:nilnil // as above
		}
		q.Before = page.Next
	}
}
