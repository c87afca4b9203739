package query

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/numbers"
	"github.com/c360hq/c360/services/web"
)

// spell is part of the parameters of calls about a period.
type spell struct {
	From string `query:"from" maxlen:"40" doc:"the first day of the period, 2026-05-01 in Seoul, or a moment; left out, so many days before its end"`
	To   string `query:"to" maxlen:"40" doc:"the last day of the period, which counts whole, or the moment at which it ends; left out, as_of or now"`
	Days int    `query:"days" min:"1" max:"3660" doc:"how many days the period has, if from is left out"`
}

// period reads a period; without from it has so many days.
func (p *spell) period(at int64, days int) (analytics.Period, error) {
	period := analytics.Period{To: at + 1}
	if p.To != "" {
		t, err := momentOf("to", p.To, 1)
		if err != nil {
			return period, err
		}
		period.To = t
	}
	if p.Days > 0 {
		days = p.Days
	}
	period.From = period.To - int64(days)*analytics.Day
	if p.From != "" {
		t, err := momentOf("from", p.From, 0)
		if err != nil {
			return period, err
		}
		period.From = t
	}
	switch {
	case period.From >= period.To:
		return period, wrongParam("from", "the period is empty: from must be before to")
	case period.From > at:
		return period, wrongParam("from", "the period begins after the instant as of which it is told; give an earlier one")
	}
	return period, nil
}

// momentOf reads a moment: a day is its midnight in the house's zone, so many days on.
func momentOf(name, text string, on int) (int64, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, history.Zone); err == nil {
		return day.AddDate(0, 0, on).UnixMicro(), nil
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ReplaceAll(text, " ", "+"))
	if err != nil {
		return 0, wrongParam(name, name+" is no day and no time; give 2026-05-01 or 2026-05-01T18:00:00+09:00")
	}
	return t.UnixMicro(), nil
}

// money is part of the parameters of calls about what is bought.
type money struct {
	Currency string `query:"currency" maxlen:"3" doc:"purchases in this currency; left out, the one in which most customers buy"`
}

func (p *money) currency() (string, error) {
	if p.Currency != "" && (len(p.Currency) != 3 || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return "", wrongParam("currency", "currency is three capitals, as KRW")
	}
	return p.Currency, nil
}

// counted answers a call about all customers: together with who asks the same, from a scan.
func counted[A any](ctx context.Context, s *Service, call string, asked any, who *everybody, do func(context.Context, *scan) (*A, error)) (*A, error) {
	return together(ctx, s, call, asked, func(ctx context.Context) (*A, error) {
		var a *A
		err := s.scan(ctx, call, who, func(ctx context.Context, x *scan) (err error) {
			a, err = do(ctx, x)
			return err
		})
		return a, err
	})
}

// options makes an accumulator of options that a call gives: what it refuses is wrong with the call. pointer names the
// place, "" if it may be several.
func options[P any](pointer string, made func() (P, error)) func() (P, error) {
	return func() (P, error) {
		p, err := made()
		if err == nil {
			return p, nil
		}
		problem := web.Wrong(http.StatusBadRequest, strings.TrimPrefix(err.Error(), "analytics: "))
		if pointer != "" {
			problem = problem.At(pointer)
		}
		return p, problem
	}
}

// basis is what an answer from a scan rests on.
func (x *scan) basis() numbers.Basis {
	return numbers.Basis{
		Position: x.Checkpoint().Position, At: time.UnixMicro(x.at).UTC(), Segment: x.segment, Generation: x.moment.Generation,
		Customers: x.customers,
	}
}
