package query

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

const (
	// backtestDays is how long "next" is unless a call says so, and backtestYears how long a backtest may be.
	backtestDays  = 30
	backtestYears = 10
)

// backtestSegment answers what a rule would have done.
func (s *Service) backtestSegment(ctx context.Context, _ *backtestParams, q *segments.SegmentBacktestRequest) (*segments.SegmentBacktest, error) {
	if err := s.noSegments(); err != nil {
		return nil, err
	}
	from, to, err := s.stretchOf(q)
	if err != nil {
		return nil, err
	}
	if q.HorizonDays == 0 {
		q.HorizonDays = backtestDays
	}
	t, err := s.tried(ctx, q)
	if err != nil {
		return nil, err
	}
	asked := struct {
		Trial    *trial
		From, To int64
		Horizon  int
	}{t, from.UnixMicro(), to.UnixMicro(), q.HorizonDays}
	return together(ctx, s, "backtestSegment", asked, func(ctx context.Context) (*segments.SegmentBacktest, error) {
		return s.backtest(ctx, t, from, to, time.Duration(q.HorizonDays)*24*time.Hour)
	})
}

func (s *Service) backtest(ctx context.Context, t *trial, from, to time.Time, horizon time.Duration) (*segments.SegmentBacktest, error) {
	var a segments.SegmentBacktest
	err := s.scan(ctx, "backtestSegment", &everybody{}, func(ctx context.Context, x *scan) error {
		all, err := fold(ctx, x, func() (*segment.Backtest, error) {
			return segment.NewBacktest(t.program, from.UnixMicro(), to.UnixMicro(), horizon), nil
		})
		if err != nil {
			return fmt.Errorf("backtest a segment: %w", err)
		}
		a = segments.Backtest(all.Result())
		a.Position = x.Checkpoint().Position
		return nil
	})
	return &a, err
}

// tried is the rule of a backtest: the one given, or that of a segment.
func (s *Service) tried(ctx context.Context, q *segments.SegmentBacktestRequest) (*trial, error) {
	if len(q.Rule) > 0 {
		return s.trial(ctx, q.Rule, q.Name)
	}
	if q.Name == "" {
		return nil, web.Wrong(http.StatusBadRequest, "give a rule to try, or the name of a segment").At("/rule")
	}
	var rule *segment.Rule
	err := s.in(ctx, func(v projections.View) error {
		book, err := s.segmentBook(ctx, v)
		if err != nil {
			return err
		}
		var ok bool
		if rule, ok = book.Rule(q.Name, s.now().UnixMicro()); !ok {
			return noSegmentCalled()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.trialOf(ctx, rule, q.Name)
}

// stretchOf reads the stretch of time of a backtest.
func (s *Service) stretchOf(q *segments.SegmentBacktestRequest) (from, to time.Time, err error) {
	to = s.now()
	if q.To != "" {
		if to, err = projections.ParseTime(q.To, profile.Zone); err != nil {
			return from, to, web.Wrong(http.StatusBadRequest, err.Error()).At("/to")
		}
		to = earlier(to, s.now(), len(q.To) == len(time.DateOnly))
	}
	from = to.AddDate(-1, 0, 0)
	if q.From != "" {
		if from, err = beginning(q.From); err != nil {
			return from, to, web.Wrong(http.StatusBadRequest, err.Error()).At("/from")
		}
	}
	switch {
	case to.After(s.now()):
		err = web.Wrong(http.StatusBadRequest, "to is in the future, which nobody knows; give a time that has passed, or leave it out for now").At("/to")
	case !from.Before(to):
		err = web.Wrong(http.StatusBadRequest, "from is not before to; give an earlier from").At("/from")
	case from.Before(to.AddDate(-backtestYears, 0, 0)):
		err = web.Wrong(http.StatusBadRequest, fmt.Sprintf("a backtest is at most %d years long; give a later from", backtestYears)).At("/from")
	case q.HorizonDays < 0 || q.HorizonDays > 365:
		err = web.Wrong(http.StatusBadRequest, "horizon_days must be a whole number from 1 to 365").At("/horizon_days")
	}
	return from, to, err
}

// earlier ends a day that has begun now.
func earlier(t, now time.Time, day bool) time.Time {
	if day && t.After(now) && t.AddDate(0, 0, -1).Before(now) {
		return now
	}
	return t
}
