package query

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/web"
)

// backtestChurn answers what a policy would have been worth.
func (s *Service) backtestChurn(ctx context.Context, _ *backtestChurnParams, q *churns.BacktestRequest) (*churns.BacktestAnswer, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	if (q.Name == "") == (len(q.Rule) == 0) {
		return nil, web.Wrong(http.StatusBadRequest, "give one of name and rule").At("/rule")
	}
	var a *churns.BacktestAnswer
	err := s.scan(ctx, "backtestChurn", &everybody{}, func(ctx context.Context, x *scan) error {
		policy, err := s.policyToTest(ctx, x, q)
		if err != nil {
			return err
		}
		trial, err := q.Trial(policy, x.at)
		if err != nil {
			return badChurn(err)
		}
		a, err = testPolicy(ctx, x, q, policy, trial)
		return err
	})
	return a, err
}

// badChurn turns what is wrong with a request into a refusal.
func badChurn(err error) error {
	var wrong *churns.RequestError
	if errors.As(err, &wrong) {
		return web.Wrong(http.StatusBadRequest, wrong.Detail).At(wrong.Pointer)
	}
	return err
}

// policyToTest is the policy given, or the one named.
func (s *Service) policyToTest(ctx context.Context, x *scan, q *churns.BacktestRequest) (churn.Policy, error) {
	if q.Name == "" {
		return policyOf(q.Rule)
	}
	book, err := s.churnBook(ctx, x.scene)
	if err != nil {
		return churn.Policy{}, err
	}
	held, ok := book.Named(q.Name)
	if !ok {
		return churn.Policy{}, noPolicy().At("/name")
	}
	p := held.Program.Policy()
	p.Measured, p.Note = nil, nil
	return p, nil
}

// testPolicy looks at everybody, and once more for the threshold that was picked.
func testPolicy(ctx context.Context, x *scan, q *churns.BacktestRequest, p churn.Policy, t churn.Trial) (*churns.BacktestAnswer, error) {
	b, err := tested(ctx, x, p, t)
	if err != nil {
		return nil, err
	}
	a, err := churns.BacktestOf(q, p, b)
	if err != nil {
		return nil, err
	}
	a.Position = x.Checkpoint().Position
	if q.Choose == nil {
		return a, nil
	}
	chosen, scaled, found := churns.Choose(q.Choose, p, b)
	if a.Chosen = chosen; !found {
		return a, nil
	}
	if b, err = tested(ctx, x, scaled, t); err != nil {
		return nil, err
	}
	r := b.Result()
	return a, chosen.Measure(scaled, &r)
}

func tested(ctx context.Context, x *scan, p churn.Policy, t churn.Trial) (*churn.Backtest, error) {
	program, err := churn.Compile(p)
	if err != nil {
		return nil, err
	}
	if _, err := churn.NewBacktest(program, t); err != nil {
		return nil, web.Wrong(http.StatusBadRequest, strings.TrimPrefix(err.Error(), "churn backtest: ")).At("/cutoffs")
	}
	return fold(ctx, x, func() (*churn.Backtest, error) { return churn.NewBacktest(program, t) })
}
