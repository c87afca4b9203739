package query

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

// sampleEnough is how many customers a sample has, if there are so many.
const sampleEnough = 6000

// previewSegment answers who would be in, by a sample or by everybody.
func (s *Service) previewSegment(ctx context.Context, p *previewParams, q *segments.SegmentPreviewRequest) (*segments.SegmentPreview, error) {
	t, err := s.trial(ctx, q.Rule, q.Name)
	if err != nil {
		return nil, err
	}
	if p.Exact == 1 {
		return together(ctx, s, "previewSegment", t, func(ctx context.Context) (*segments.SegmentPreview, error) {
			return s.previewExact(ctx, t)
		})
	}
	return s.previewSample(ctx, t)
}

// trial is a rule that is tried.
type trial struct {
	Rule    json.RawMessage // in the one way of writing it
	Others  [32]byte        // which other segments there are
	program *segment.Program
}

// trial reads a rule as if it were put; name is the segment that is being changed, "" if it is to be a new one.
func (s *Service) trial(ctx context.Context, text json.RawMessage, name string) (*trial, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	if name != "" && !segments.ValidName(name) {
		return nil, noSegmentCalled()
	}
	rule, err := s.readRule(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.trialOf(ctx, rule, name)
}

// trialOf puts a rule beside the segments there are.
func (s *Service) trialOf(ctx context.Context, rule *segment.Rule, name string) (*trial, error) {
	t := &trial{Rule: rule.JSON()}
	err := s.in(ctx, func(v projections.View) error {
		all, err := s.segments.Definitions(ctx, v)
		if err != nil {
			return fmt.Errorf("read the definitions of segments: %w", err)
		}
		var book *segments.Book
		book, t.Others = s.desk.of(all, s.catalogue)
		t.program, err = book.Compile(rule, name, s.now().UnixMicro())
		return wrongRule(err)
	})
	return t, err
}

func noSegmentCalled() *web.Problem {
	return web.Wrong(http.StatusNotFound, "there is no segment of that name; GET /v1/segments lists those there are").At("/name")
}

// previewExact looks at everybody.
func (s *Service) previewExact(ctx context.Context, t *trial) (*segments.SegmentPreview, error) {
	var a segments.SegmentPreview
	err := s.scan(ctx, "previewSegment", &everybody{}, func(ctx context.Context, x *scan) error {
		need := t.program.Need(x.at)
		x.need = &need
		all, err := fold(ctx, x, func() (*segment.Preview, error) { return segment.NewPreview(t.program, x.at), nil })
		if err != nil {
			return fmt.Errorf("preview a segment: %w", err)
		}
		a, err = s.answerPreview(ctx, x, all, 1)
		return err
	})
	return &a, err
}

func (s *Service) answerPreview(ctx context.Context, v projections.View, counted *segment.Preview, fraction float64) (segments.SegmentPreview, error) {
	r := counted.Result()
	a := segments.Estimate(r, fraction)
	a.At, a.Position = segments.Time(counted.At), v.Checkpoint().Position
	var err error
	if a.Examples, err = s.named(ctx, v, r.Examples); err != nil {
		return a, err
	}
	a.Near, err = s.named(ctx, v, r.Near)
	return a, err
}

// previewSample looks at a fair sample of everybody. It takes no turn among those who look at everybody: it is done
// sooner.
func (s *Service) previewSample(ctx context.Context, t *trial) (*segments.SegmentPreview, error) {
	select {
	case s.desk.sampling <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-s.desk.sampling }()
	var a segments.SegmentPreview
	err := s.in(ctx, func(v projections.View) error {
		all, fraction, err := s.sample(ctx, v, t)
		if err != nil {
			return fmt.Errorf("preview a segment: %w", err)
		}
		a, err = s.answerPreview(ctx, v, all, fraction)
		return err
	})
	return &a, err
}

// sample previews a fair sample of the customers there are, and says how large a part of all it is: 1 if there are so few
// that it is all of them. The same customers are in it each time.
//
// Fragment ids are hashes, but a stretch of them is no fair sample of customers: who has many fragments has a small first
// id sooner. So of each customer the fragment with the smallest end stands for the customer, whose beginning says nothing
// about that.
func (s *Service) sample(ctx context.Context, v projections.View, t *trial) (p *segment.Preview, fraction float64, err error) {
	p = segment.NewPreview(t.program, s.now().UnixMicro())
	for looked, n := 0, 0; ; {
		next := looked + 1
		if looked > 0 {
			next += (sampleEnough - n) * looked / max(n, 1)
		}
		if next >= allOf {
			p, err = s.previewFew(ctx, v, t)
			return p, 1, err
		}
		found, err := s.sampleStretch(ctx, v, edge(looked), edge(next), p)
		if err != nil {
			return nil, 0, err
		}
		if looked, n = next, n+found; n >= sampleEnough {
			return p, float64(looked) / allOf, nil
		}
	}
}

// previewFew looks at everybody where that is no more than a sample.
func (s *Service) previewFew(ctx context.Context, v projections.View, t *trial) (*segment.Preview, error) {
	groups, err := s.identities.Groups(ctx, v)
	if err != nil {
		return nil, err
	}
	p := segment.NewPreview(t.program, s.now().UnixMicro())
	return p, s.histories.Everybody(ctx, v, groups, nil, nil, t.program.Need(p.At), func(h *history.History) error {
		p.Add(h)
		return ctx.Err()
	})
}

// sampleStretch adds the customers for whom a fragment of a stretch stands, and returns how many these are.
func (s *Service) sampleStretch(ctx context.Context, v projections.View, from, to []byte, p *segment.Preview) (n int, err error) {
	var parts []*history.History
	err = s.histories.Scan(ctx, v, nil, from, to, func(h *history.History) error {
		parts = append(parts, h)
		return ctx.Err()
	})
	if err != nil {
		return 0, err
	}
	ids := make([]uuid.UUID, len(parts))
	for i := range parts {
		ids[i] = parts[i].Customer
	}
	groups, err := s.identities.GroupsOf(ctx, v, ids)
	if err != nil {
		return 0, err
	}
	for i, h := range parts {
		if all := groups[ids[i]]; len(all) > 0 {
			if slices.MinFunc(all, byEnd) != ids[i] {
				continue
			}
			if h, err = s.histories.Load(ctx, v, all); err != nil {
				return 0, err
			}
			h.Customer = all[0]
		}
		if h.Until(p.At) > 0 {
			p.Add(h)
			n++
		}
	}
	return n, nil
}

// randomFrom is where the end of a fragment's id begins: after the bits that say of which kind the id is.
const randomFrom = 9

// byEnd is an order in which nothing is said about how an id begins.
func byEnd(a, b uuid.UUID) int {
	return cmp.Or(bytes.Compare(a[randomFrom:], b[randomFrom:]), bytes.Compare(a[:], b[:]))
}
