package query

import (
	"context"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/services/query/numbers"
)

type retentionParams struct {
	everybody
	By string `query:"by" enum:"orders,visits,anything" default:"orders" doc:"by what customers join and come back"`
}

// retention answers who came back in which month.
func (s *Service) retention(ctx context.Context, p *retentionParams) (*numbers.RetentionAnswer, error) {
	return counted(ctx, s, "retention", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.RetentionAnswer, error) {
		o := analytics.RetentionOptions{At: x.at, Active: analytics.Activity(p.By)}
		r, err := fold(ctx, x, options("?by", func() (*analytics.Retention, error) { return analytics.NewRetention(o) }))
		if err != nil {
			return nil, err
		}
		t := r.Result()
		return numbers.Retention(x.basis(), &t), nil
	})
}

// steps are part of the parameters of both calls about funnels.
type steps struct {
	everybody
	spell
	Within int `query:"within" min:"1" max:"31622400" default:"2592000" doc:"how long after the first step the last may come, in seconds; 2592000 is 30 days"`
}

type funnelParams struct {
	steps
	Steps []string `query:"steps" maxlen:"1000" doc:"2 to 8 types of touchpoints in the order in which they must happen, with commas between them: product.viewed,cart.updated,order.completed"`
}

// funnelOver is how many days the first step of a funnel, or the goal of paths, is looked for in.
const funnelOver = 28

// funnel answers how far customers come.
func (s *Service) funnel(ctx context.Context, p *funnelParams) (*numbers.FunnelAnswer, error) {
	all := make([]analytics.Step, len(p.Steps))
	for i, name := range p.Steps {
		all[i].Type = name
	}
	return s.funnelOf(ctx, &p.steps, all, "?steps")
}

// funnelWhere is funnel by steps with conditions.
func (s *Service) funnelWhere(ctx context.Context, p *steps, q *numbers.FunnelRequest) (*numbers.FunnelAnswer, error) {
	return s.funnelOf(ctx, p, q.Analytics(), "/steps")
}

func (s *Service) funnelOf(ctx context.Context, p *steps, all []analytics.Step, pointer string) (*numbers.FunnelAnswer, error) {
	asked := struct {
		*steps
		All []analytics.Step
	}{p, all}
	return counted(ctx, s, "funnel", asked, &p.everybody, func(ctx context.Context, x *scan) (*numbers.FunnelAnswer, error) {
		o := analytics.FunnelOptions{At: x.at, Steps: all, Within: int64(p.Within) * analytics.Second}
		var err error
		if o.Period, err = p.period(x.at, funnelOver); err != nil {
			return nil, err
		}
		f, err := fold(ctx, x, options(pointer, func() (*analytics.Funnel, error) { return analytics.NewFunnel(o) }))
		if err != nil {
			return nil, err
		}
		t := f.Result()
		return numbers.Funnel(x.basis(), &t), nil
	})
}

type pathParams struct {
	everybody
	spell
	Goal    string   `query:"goal" maxlen:"128" default:"order.completed" doc:"the type of touchpoint that ends a way"`
	Anchor  string   `query:"anchor" maxlen:"128" doc:"the type that begins it; left out, the first touchpoint since the goal before"`
	Types   []string `query:"types" maxlen:"1000" doc:"the types looked at beside them, with commas between them; left out, all that customers do"`
	Within  int      `query:"within" min:"1" max:"31622400" default:"2592000" doc:"how long a way may take, in seconds"`
	Longest int      `query:"longest" min:"2" max:"12" default:"6" doc:"how many touchpoints of a way are told, the goal included"`
	Limit   int      `query:"limit" min:"1" max:"200" default:"20" doc:"how many ways are told"`
}

// paths answers by which ways customers come to a goal.
func (s *Service) paths(ctx context.Context, p *pathParams) (*numbers.PathsAnswer, error) {
	return counted(ctx, s, "paths", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.PathsAnswer, error) {
		o := analytics.PathOptions{
			At: x.at, Anchor: analytics.Step{Type: p.Anchor}, Goal: analytics.Step{Type: p.Goal}, Types: p.Types,
			Within: int64(p.Within) * analytics.Second, Longest: p.Longest, Top: p.Limit,
		}
		var err error
		if o.Period, err = p.period(x.at, funnelOver); err != nil {
			return nil, err
		}
		f, err := fold(ctx, x, options("", func() (*analytics.Paths, error) { return analytics.NewPaths(o) }))
		if err != nil {
			return nil, err
		}
		t := f.Result()
		return numbers.Paths(x.basis(), &t), nil
	})
}

type survivalParams struct {
	everybody
	By      string `query:"by" enum:"orders,visits,anything" default:"orders" doc:"what breaks a silence"`
	Silence int    `query:"silence" min:"1" max:"3650" default:"90" doc:"how many days of it count as lost"`
}

// survival answers how long customers stay.
func (s *Service) survival(ctx context.Context, p *survivalParams) (*numbers.SurvivalAnswer, error) {
	return counted(ctx, s, "survival", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.SurvivalAnswer, error) {
		o := analytics.SurvivalOptions{At: x.at, Active: analytics.Activity(p.By), Silence: p.Silence}
		c, err := fold(ctx, x, options("?by", func() (*analytics.Survival, error) { return analytics.NewSurvival(o) }))
		if err != nil {
			return nil, err
		}
		t := c.Result()
		return numbers.Survival(x.basis(), &t), nil
	})
}

type returnParams struct {
	everybody
	spell
	Within int `query:"within_days" min:"1" max:"3650" default:"90" doc:"within how many days of the return, or of the order, somebody must buy again"`
}

// returnsOver is how many days of orders are looked at.
const returnsOver = 365

// returns answers whether who returns something buys again.
func (s *Service) returns(ctx context.Context, p *returnParams) (*numbers.ReturnsAnswer, error) {
	return counted(ctx, s, "returns", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.ReturnsAnswer, error) {
		o := analytics.ReturnOptions{At: x.at, Days: p.Within}
		var err error
		if o.Period, err = p.period(x.at, returnsOver); err != nil {
			return nil, err
		}
		r, err := fold(ctx, x, options("", func() (*analytics.Returns, error) { return analytics.NewReturns(o) }))
		if err != nil {
			return nil, err
		}
		t := r.Result()
		return numbers.Returns(x.basis(), &t), nil
	})
}
