package query

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/services/query/churns"
)

// calibration is what the last look at the data said.
type calibration struct {
	mu    sync.Mutex
	found *churn.Calibrated // nil before the first look
	at    time.Time
	of    events.Position
}

func (c *calibration) note(found *churn.Calibrated, at time.Time, of events.Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found, c.at, c.of = found, at, of
}

func (c *calibration) last() (found *churn.Calibrated, at time.Time, of events.Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found, c.at, c.of
}

// missingData says why there is no policy.
func (s *Service) missingData() *events.Text {
	text := churns.NotLooked
	if found, _, _ := s.calibration.last(); found != nil {
		if text = churns.NotWanted; !found.Enough {
			text = found.Words
		}
	}
	return &text
}

// calibrateChurn answers with the policy that fits the data.
func (s *Service) calibrateChurn(ctx context.Context, _ *none, q *churns.CalibrationRequest) (*churns.CalibrationAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	found, err := s.fitPolicy(ctx, q)
	if err != nil {
		return nil, err
	}
	a, err := churns.CalibrationOf(found.Calibrated)
	if err != nil {
		return nil, err
	}
	a.Position = found.of
	if q.Apply && found.Enough {
		accepted, err := s.applyPolicy(ctx, found)
		if err != nil {
			return nil, err
		}
		a.Applied, a.Position = true, accepted.Position
	}
	return a, nil
}

// fitted is a calibration, and what it was made of.
type fitted struct {
	*churn.Calibrated
	// now is what was known up to, Unix microseconds.
	now int64
	of  events.Position
}

// fitPolicy finds the policy that fits the data, for somebody who waits for it.
func (s *Service) fitPolicy(ctx context.Context, q *churns.CalibrationRequest) (f *fitted, err error) {
	err = s.scan(ctx, "calibrateChurn", &everybody{}, func(ctx context.Context, x *scan) error {
		f, err = s.fit(ctx, x, q)
		return err
	})
	return f, err
}

// fitGently is fitPolicy for nobody who waits.
func (s *Service) fitGently(ctx context.Context) (f *fitted, err error) {
	err = s.gently(ctx, "calibrateChurn", func(ctx context.Context, x *scan) error {
		f, err = s.fit(ctx, x, &churns.CalibrationRequest{})
		return err
	})
	return f, err
}

// fit looks at everybody twice: at what there is, then at what candidates would have been worth. It takes for now when the last
// event was recorded, so that it is a function of the log; a log that stands still makes nobody look silent.
func (s *Service) fit(ctx context.Context, x *scan, q *churns.CalibrationRequest) (*fitted, error) {
	f := &fitted{of: x.Checkpoint().Position, now: x.Checkpoint().RecordedAt.UnixMicro()}
	goal, err := q.Goal(f.now)
	if err != nil {
		return nil, badChurn(err)
	}
	seen, err := fold(ctx, x, func() (*churn.Survey, error) { return churn.NewSurvey(goal), nil })
	if err != nil {
		return nil, err
	}
	tried, err := fold(ctx, x, func() (*churn.Calibration, error) { return churn.NewCalibration(goal, seen) })
	if err != nil {
		return nil, err
	}
	r := tried.Result()
	f.Calibrated = &r
	s.calibration.note(f.Calibrated, s.now(), f.of)
	return f, nil
}

// applyPolicy makes what was found the policy called default.
func (s *Service) applyPolicy(ctx context.Context, f *fitted) (*churns.PolicyAccepted, error) {
	before, err := s.policyEvents(ctx, churns.Default)
	if err != nil {
		return nil, err
	}
	w, err := churns.Calibration(f.Calibrated, f.now, len(before) == 0)
	if err != nil {
		return nil, err
	}
	return s.writePolicy(ctx, churns.Default, w, 0, true)
}

const (
	// calibrateAfter is how long after its start c360 looks at the data for the first time, calibrateEvery how often it sees whether
	// to look again, and calibrateDaily when it does even if little was added.
	calibrateAfter = 2 * time.Minute
	calibrateEvery = time.Minute
	calibrateDaily = 24 * time.Hour
	// calibrateLag is how many events may wait to be folded: while more do, the machine has better things to do.
	calibrateLag = 1000
)

// KeepCalibrated gives a fresh install a churn policy that fits its data, and keeps that fitting, until ctx ends. It writes none
// where a person has.
func (s *Service) KeepCalibrated(ctx context.Context) {
	wait := time.NewTimer(calibrateAfter)
	defer wait.Stop()
	for {
		select {
		case <-wait.C:
		case <-ctx.Done():
			return
		}
		if err := s.CalibrateIfDue(ctx); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "the churn policy could not be calibrated, trying again", slog.Any("error", err), slog.Duration("in", calibrateEvery))
		}
		wait.Reset(calibrateEvery)
	}
}

// CalibrateIfDue looks at the data if that is due: when it never did, when a day is over, or when the log has grown by half. It
// appends a policy if there is enough data, and none that a person wrote.
func (s *Service) CalibrateIfDue(ctx context.Context) error {
	if s.histories == nil || s.churns == nil {
		return nil
	}
	due, err := s.calibrationDue(ctx)
	if err != nil || !due {
		return err
	}
	f, err := s.fitGently(ctx)
	if err != nil || !f.Enough {
		return err
	}
	if worth, err := s.worthApplying(ctx, f); err != nil || !worth {
		return err
	}
	accepted, err := s.applyPolicy(ctx, f)
	if err == nil && accepted.Changed {
		s.logger.InfoContext(ctx, "a churn policy was calibrated", slog.Uint64("position", uint64(accepted.Position)),
			slog.Float64("precision", f.Policy.Measured.Precision), slog.Float64("recall", f.Policy.Measured.Recall))
	}
	return err
}

// calibrationDue reports whether to look at the data now.
func (s *Service) calibrationDue(ctx context.Context) (due bool, err error) {
	head, err := s.log.Head(ctx)
	if err != nil {
		return false, fmt.Errorf("ask for the head of the log: %w", err)
	}
	err = s.in(ctx, func(v projections.View) error {
		of := v.Checkpoint().Position
		found, at, last := s.calibration.last()
		due = of > 0 && head.Position-of <= calibrateLag && (found == nil || churns.Grown(last, of) || s.now().Sub(at) >= calibrateDaily)
		if !due {
			return nil
		}
		due, err = s.nobodysPolicies(ctx, v)
		return err
	})
	return due, err
}

// nobodysPolicies reports whether no person has said what the policies are.
func (s *Service) nobodysPolicies(ctx context.Context, v projections.View) (bool, error) {
	book, err := s.churnBook(ctx, &scene{View: v, today: s.now()})
	if err != nil {
		return false, err
	}
	for _, h := range book.Held() {
		if h.Written.Actor != churns.Calibrated {
			return false, nil
		}
	}
	all, err := s.policyEvents(ctx, churns.Default)
	return err == nil && (len(all) == 0 || churns.LastOf(&all[len(all)-1]).Actor == churns.Calibrated), err
}

// worthApplying reports whether what was found is worth a new version of the policy that there is.
func (s *Service) worthApplying(ctx context.Context, f *fitted) (worth bool, err error) {
	all, err := s.policyEvents(ctx, churns.Default)
	if err != nil || len(all) == 0 {
		return err == nil, err
	}
	err = s.in(ctx, func(v projections.View) error {
		book, err := s.churnBook(ctx, &scene{View: v, today: s.now()})
		if err != nil {
			return err
		}
		held, ok := book.Named(churns.Default)
		worth = !ok || churns.Stale(held, all[len(all)-1].Time, s.now(), f.Calibrated)
		return nil
	})
	return worth, err
}
