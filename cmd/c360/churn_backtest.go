package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/http"
	"os"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/churns"
)

// backtestFlags say how a policy is put to the test.
type backtestFlags struct {
	months, horizon int
	label, out      string
	budget          int64
	precision       float64
	contact, saved  float64
}

func (b *backtestFlags) flags(fs *flag.FlagSet) {
	fs.IntVar(&b.months, "months", 0, "backtest: flags as of the ends of the last so many `months`; 6 if not given")
	fs.IntVar(&b.horizon, "horizon", 0, "backtest: how many `days` ahead is looked; 60 if not given")
	fs.StringVar(&b.label, "label", "", "backtest: what a flag foretells, `no_visit` or no_purchase; what the policy counts if not given")
	fs.Int64Var(&b.budget, "budget", 0, "backtest: choose the threshold that flags at most so many `customers`")
	fs.Float64Var(&b.precision, "precision", 0, "backtest, calibrate: choose the threshold that finds the most with at least this `share` of right flags, as 0.6")
	fs.Float64Var(&b.contact, "contact", 0, "backtest: what it `costs` to contact one flagged customer")
	fs.Float64Var(&b.saved, "saved", 0, "backtest: what a right flag is `worth`, given how many can be kept")
	fs.StringVar(&b.out, "out", "", "backtest: write the policy with the chosen threshold to this `file`, for c360 churn put")
}

// request is the body of the call.
func (c *churnCommand) request(file string) (q churns.BacktestRequest, err error) {
	b := &c.test
	q = churns.BacktestRequest{Name: c.policy, Months: b.months, HorizonDays: b.horizon, Label: b.label}
	if file != "" {
		f, err := readPolicy(file)
		if err != nil {
			return q, err
		}
		q.Rule = f.Rule
	}
	if b.contact != 0 || b.saved != 0 {
		q.Cost = &churns.FlagCost{Contact: moneyOf(b.contact), Saved: moneyOf(b.saved)}
	}
	switch {
	case b.budget != 0 && b.precision != 0:
		return q, usageError{errors.New("--budget and --precision each choose a threshold; give one of them")}
	case b.budget != 0 || b.precision != 0:
		q.Choose = &churns.FlagsChosen{Budget: b.budget, Precision: b.precision}
	case b.out != "":
		return q, usageError{errors.New("--out writes the policy with the chosen threshold; give --budget or --precision too")}
	}
	return q, nil
}

func moneyOf(amount float64) events.Money { return events.Money(math.Round(amount * 10_000)) }

func (c *churnCommand) backtest(ctx context.Context, file string) error {
	q, err := c.request(file)
	if err != nil {
		return err
	}
	if file == "" && q.Name == "" {
		if q.Name, err = c.usualPolicy(ctx); err != nil {
			return err
		}
	}
	var a *churns.BacktestAnswer
	err = show(ctx, c, http.MethodPost, "/v1/churn/backtest", q, func(got *churns.BacktestAnswer) {
		a = got
		printBacktest(c.stdout, a, q.Cost != nil)
	})
	if err != nil || c.test.out == "" || a == nil {
		return err
	}
	if !a.Chosen.Found {
		return errors.New("nothing was chosen, so nothing was written")
	}
	if err := os.WriteFile(c.test.out, append(a.Chosen.Rule, '\n'), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "the policy with that threshold is in %s: c360 churn put %s --name NAME\n", c.test.out, c.test.out)
	return nil
}

// usualPolicy is the one that is meant if none is named.
func (c *churnCommand) usualPolicy(ctx context.Context) (string, error) {
	var all churns.PoliciesAnswer
	if err := c.call(ctx, http.MethodGet, "/v1/churn/policies", nil, &all); err != nil {
		return "", err
	}
	if all.Default == "" {
		return "", errors.New("there is no policy yet; give a file, or see c360 churn calibrate")
	}
	return all.Default, nil
}

// calibrate finds the policy that fits the data.
func (c *churnCommand) calibrate(ctx context.Context) error {
	return show(ctx, c, http.MethodPost, "/v1/churn/calibration", churns.CalibrationRequest{Apply: c.apply, Budget: c.share, Precision: c.test.precision}, func(a *churns.CalibrationAnswer) {
		printCalibration(c.stdout, a, c.apply)
	})
}
