package query

import (
	"context"
	"fmt"
	"net/http"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics/lookalike"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/numbers"
	"github.com/c360hq/c360/services/web"
)

type contrastParams struct {
	everybody
	Limit int      `query:"limit" min:"1" max:"500" default:"50" doc:"how many differences are told"`
	Leave []string `query:"leave" maxlen:"2000" doc:"features to leave out, beside those that the segment's own rule asks for, with commas between them: trait:tier, rate:page.viewed, channel:call, category:…, figure:orders"`
}

// contrast answers what sets the members of a segment apart. The segment divides the customers here; everybody is counted.
func (s *Service) contrast(ctx context.Context, p *contrastParams) (*numbers.ContrastAnswer, error) {
	if p.Segment == "" {
		return nil, wrongParam("segment", "which segment? give segment=NAME; GET /v1/segments lists those there are")
	}
	who := p.everybody
	who.Segment = ""
	return counted(ctx, s, "contrast", p, &who, func(ctx context.Context, x *scan) (*numbers.ContrastAnswer, error) {
		in, left, err := s.group(ctx, x, p.Segment, "?segment", p.Leave, "?leave")
		if err != nil {
			return nil, err
		}
		c, err := fold(ctx, x, func() (*lookalike.Contrast, error) {
			return lookalike.NewContrast(s.features(x, left), in), nil
		})
		if err != nil {
			return nil, err
		}
		r := c.Result(p.Limit)
		b := x.basis()
		b.Segment = p.Segment
		return numbers.Contrast(b, &r, left), nil
	})
}

// group returns who is in a segment, and which features are left out when its members are told apart.
func (s *Service) group(ctx context.Context, x *scan, name, pointer string, leave []string, leavePointer string) (func(*history.History) bool, numbers.Left, error) {
	rules, err := s.segments.Rules(ctx, x)
	if err != nil {
		return nil, nil, fmt.Errorf("read the segments: %w", err)
	}
	schedule := rules.Schedule(name)
	if schedule == nil {
		return nil, nil, web.Wrong(http.StatusNotFound, "there is no segment of that name; GET /v1/segments lists those there are").At(pointer)
	}
	if v := schedule.In(x.at); v.Judge == nil {
		return nil, nil, web.Wrong(http.StatusNotFound, noRuleThen(v)).At(pointer)
	}
	left, err := numbers.LeaveOut(leave, ruleAt(rules, name, x.at))
	if err != nil {
		return nil, nil, web.Wrong(http.StatusBadRequest, err.Error()).At(leavePointer)
	}
	return func(h *history.History) bool {
		in, _ := schedule.At(h, x.at)
		return in
	}, left, nil
}

// ruleAt is the rule of a segment at an instant, as it was written.
func ruleAt(rules *standing.Set, name string, at int64) []byte {
	var rule []byte
	for i := range rules.Definitions {
		d := &rules.Definitions[i]
		if d.Name == name && d.From <= at && !d.Removed {
			rule = d.Body
		}
	}
	return rule
}

func (s *Service) features(x *scan, left numbers.Left) lookalike.Options {
	return lookalike.Options{
		At: x.at, Leave: left.Has, Titles: func(kind string) events.Text { return s.book.Name(kind) },
	}
}

// atInstant is part of the parameters of calls about all customers that name their segments otherwise.
type atInstant struct {
	waiting
	AsOf string `query:"as_of" maxlen:"40" doc:"what had happened by then, whenever it was heard of: 2026-05-03 (the end of that day in Seoul) or 2026-05-03T18:00:00+09:00"`
	Of   string `query:"generation" maxlen:"64" doc:"id of another generation than the one that serves; excludes as_of"`
}

const (
	// prospectsTold is how many prospects are told if nothing else is asked for.
	prospectsTold = 100
)

// lookalikes answers who is like the members of a segment: a model is fitted in a first look and ranks in a second.
func (s *Service) lookalikes(ctx context.Context, p *atInstant, q *numbers.LookalikesRequest) (*numbers.LookalikesAnswer, error) {
	switch {
	case q.SeedSegment == "":
		return nil, web.Wrong(http.StatusBadRequest, "whose like? give the name of a segment; GET /v1/segments lists those there are").At("/seed_segment")
	case q.Limit < 0 || q.Limit > lookalike.MaxProspects:
		return nil, web.Wrong(http.StatusBadRequest, fmt.Sprintf("limit must be from 1 to %d", lookalike.MaxProspects)).At("/limit")
	case q.Limit == 0:
		q.Limit = prospectsTold
	}
	asked := struct {
		*atInstant
		*numbers.LookalikesRequest
	}{p, q}
	who := everybody{waiting: p.waiting, AsOf: p.AsOf, Of: p.Of}
	return counted(ctx, s, "lookalikes", asked, &who, func(ctx context.Context, x *scan) (*numbers.LookalikesAnswer, error) {
		return s.lookalikesIn(ctx, x, q)
	})
}

func (s *Service) lookalikesIn(ctx context.Context, x *scan, q *numbers.LookalikesRequest) (*numbers.LookalikesAnswer, error) {
	seed, left, err := s.group(ctx, x, q.SeedSegment, "/seed_segment", q.Leave, "/leave")
	if err != nil {
		return nil, err
	}
	may := func(*history.History) bool { return true }
	if q.ProspectsSegment != "" {
		if may, _, err = s.group(ctx, x, q.ProspectsSegment, "/prospects_segment", nil, ""); err != nil {
			return nil, err
		}
	}
	o := s.features(x, left)
	t, err := fold(ctx, x, func() (*lookalike.Trainer, error) { return lookalike.NewTrainer(o, seed), nil })
	if err != nil {
		return nil, err
	}
	m, err := t.Fit()
	if err != nil { // too few on either side, which is an answer
		return numbers.Lookalikes(x.basis(), q, left, nil, nil), nil //nolint:nilerr // as the line above says
	}
	prospect := func(h *history.History) bool { return may(h) && !seed(h) }
	r, err := fold(ctx, x, func() (*lookalike.Ranking, error) { return lookalike.NewRanking(m, o, prospect, q.Limit), nil })
	if err != nil {
		return nil, err
	}
	all := r.Result()
	return numbers.Lookalikes(x.basis(), q, left, m, &all), nil
}
