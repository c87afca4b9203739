package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/value"
	"github.com/c360hq/c360/services/query/numbers"
	"github.com/c360hq/c360/services/web"
)

type rfmParams struct {
	everybody
	money
}

// rfm answers the grid of recency and frequency.
func (s *Service) rfm(ctx context.Context, p *rfmParams) (*numbers.RFMAnswer, error) {
	return counted(ctx, s, "rfm", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.RFMAnswer, error) {
		currency, rows, err := p.fifths(ctx, x)
		if err != nil {
			return nil, err
		}
		return numbers.RFM(x.basis(), currency, rows.Result()), nil
	})
}

// fifths reads everybody's last purchase, number of purchases and spending.
func (p *rfmParams) fifths(ctx context.Context, x *scan) (string, *value.RFM, error) {
	only, err := p.currency()
	if err != nil {
		return "", nil, err
	}
	all, err := fold(ctx, x, func() (*numbers.ByCurrency[*value.RFM], error) {
		return numbers.NewByCurrency(x.at, only, func(currency string) *value.RFM { return value.NewRFM(0, x.at, currency) }), nil
	})
	if err != nil {
		return "", nil, err
	}
	currency, rows := all.Main()
	return currency, rows, nil
}

type rfmCustomersParams struct {
	rfmParams
	R     int       `query:"r" min:"1" max:"5" default:"5" doc:"the fifth by the last purchase"`
	F     int       `query:"f" min:"1" max:"5" default:"5" doc:"the fifth by the number of purchases"`
	After uuid.UUID `query:"after" doc:"next of the page before"`
	Limit int       `query:"limit" min:"1" max:"1000" default:"100" doc:"how many customers a page has"`
}

// rfmCustomers answers who is in one place of the grid.
func (s *Service) rfmCustomers(ctx context.Context, p *rfmCustomersParams) (*numbers.CornerAnswer, error) {
	return counted(ctx, s, "rfmCustomers", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.CornerAnswer, error) {
		currency, rows, err := p.fifths(ctx, x)
		if err != nil {
			return nil, err
		}
		limits := rows.Result()
		c, err := fold(ctx, x, func() (*numbers.Corner, error) {
			return numbers.NewCorner(limits, rows, p.R, p.F, p.After, p.Limit), nil
		})
		if err != nil {
			return nil, err
		}
		return c.Result(x.basis(), currency), nil
	})
}

type segmentValueParams struct {
	everybody
	spell
	Silence      int      `query:"silence" min:"1" max:"3650" default:"90" doc:"after how many days without any activity a customer counts as churned"`
	Cost         []string `query:"cost" maxlen:"1000" doc:"what serving one contact costs, type:amount with commas between them: call.ended:3000,inquiry.opened:2000"`
	CostCurrency string   `query:"cost_currency" maxlen:"3" default:"KRW"`
}

// segmentValues answers what segments are worth.
func (s *Service) segmentValues(ctx context.Context, p *segmentValueParams) (*numbers.GroupsAnswer, error) {
	a, err := counted(ctx, s, "segmentValues", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.GroupsAnswer, error) {
		o, err := p.options(x.at)
		if err != nil {
			return nil, err
		}
		groups, err := s.groupsOf(ctx, x)
		if err != nil {
			return nil, err
		}
		v, err := fold(ctx, x, options("", func() (*analytics.Values, error) { return analytics.NewValues(o, groups) }))
		if err != nil {
			return nil, err
		}
		t := v.Result()
		return numbers.Groups(x.basis(), &t, p.Silence), nil
	})
	if err != nil || p.everybody != (everybody{waiting: p.waiting}) {
		return a, err
	}
	if y := s.yardsticks.current(ctx, s); y != nil {
		with := *a
		with.Model = numbers.Model(y)
		a = &with
	}
	return a, nil
}

func (p *segmentValueParams) options(at int64) (analytics.ValueOptions, error) {
	o := analytics.ValueOptions{At: at, Silence: p.Silence, Costs: map[string]events.Money{}, CostCurrency: p.CostCurrency}
	var err error
	if o.Period, err = p.period(at, returnsOver); err != nil {
		return o, err
	}
	for _, one := range p.Cost {
		name, amount, _ := strings.Cut(one, ":")
		cost, ok := events.ParseMoney(amount)
		if !ok || name == "" || cost < 0 {
			return o, wrongParam("cost", fmt.Sprintf("%.60q is no cost; write call.ended:3000", one))
		}
		o.Costs[name] = cost
	}
	return o, nil
}

// groupsOf tells in which segments a customer is at the instant of a scan.
func (s *Service) groupsOf(ctx context.Context, x *scan) (func(*history.History) []string, error) {
	rules, err := s.segments.Rules(ctx, x)
	if err != nil {
		return nil, fmt.Errorf("read the segments: %w", err)
	}
	var held []*standing.Schedule
	for _, r := range rules.Schedules {
		if r.In(x.at).Judge != nil {
			held = append(held, r)
		}
	}
	return func(h *history.History) []string {
		var in []string
		for _, r := range held {
			if is, _ := r.At(h, x.at); is {
				in = append(in, r.Name)
			}
		}
		return in
	}, nil
}

type lifecycleParams struct {
	everybody
	money
	Months int `query:"months" min:"1" max:"60" default:"12" doc:"how many months are told, the last one that of the instant"`
}

// lifecycle answers the classes of life.
func (s *Service) lifecycle(ctx context.Context, p *lifecycleParams) (*numbers.LifecycleAnswer, error) {
	return counted(ctx, s, "lifecycle", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.LifecycleAnswer, error) {
		currency, first, err := s.firstLook(ctx, x, &p.money, x.at)
		if err != nil {
			return nil, err
		}
		limits, err := first.Rhythm.Result()
		var little *value.TooLittleError
		if errors.As(err, &little) {
			why := little.Text()
			return numbers.Lifecycle(x.basis(), currency, nil, nil, &why), nil
		}
		if err != nil {
			return nil, err
		}
		l, err := fold(ctx, x, func() (*numbers.Life, error) { return numbers.NewLife(limits, x.at, p.Months), nil })
		if err != nil {
			return nil, err
		}
		return numbers.Lifecycle(x.basis(), currency, limits, l, nil), nil
	})
}

// firstLook finds the currency most customers buy in, and what is to be known before a second look.
func (s *Service) firstLook(ctx context.Context, x *scan, p *money, at int64) (string, *numbers.First, error) {
	only, err := p.currency()
	if err != nil {
		return "", nil, err
	}
	all, err := fold(ctx, x, func() (*numbers.ByCurrency[*numbers.First], error) {
		return numbers.NewByCurrency(at, only, func(currency string) *numbers.First { return numbers.NewFirst(at, currency) }), nil
	})
	if err != nil {
		return "", nil, err
	}
	currency, first := all.Main()
	return currency, first, nil
}

// wrongValue is what is answered if a model cannot be fitted to what there is.
func wrongValue(err error) error {
	return web.Wrong(http.StatusUnprocessableEntity, "no model can be fitted to these purchases: "+err.Error())
}
