package query

import (
	"context"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/services/query/numbers"
)

type kpiParams struct {
	everybody
	spell
	Weeks   int      `query:"weeks" min:"1" max:"520" default:"13" doc:"how many weeks the series have"`
	By      string   `query:"by" enum:"orders,visits,anything" default:"orders" doc:"what counts as being active"`
	Silence int      `query:"silence" min:"1" max:"3650" default:"90" doc:"after how many days without activity a customer counts as lapsed"`
	Hours   string   `query:"hours" enum:"all,office" default:"all" doc:"the hours in which times to answer are counted; office is 9 to 18 from Monday to Friday"`
	Target  []string `query:"target" maxlen:"1000" doc:"what is aimed at, measure:value with commas between them, in the unit of the measure: csat:0.8,first_response:3600"`
}

// tilesOver is how many days the tiles are about, if nothing else is asked for: four weeks.
const tilesOver = 28

// kpi answers tiles of figures.
func (s *Service) kpi(ctx context.Context, p *kpiParams) (*numbers.KPIAnswer, error) {
	return counted(ctx, s, "kpi", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.KPIAnswer, error) {
		o, err := p.options(x.at)
		if err != nil {
			return nil, err
		}
		k, err := fold(ctx, x, options("", func() (*analytics.KPI, error) { return analytics.NewKPI(o) }))
		if err != nil {
			return nil, err
		}
		tiles := k.Result()
		return numbers.KPI(x.basis(), &tiles), nil
	})
}

func (p *kpiParams) options(at int64) (analytics.KPIOptions, error) {
	o := analytics.KPIOptions{At: at, Weeks: p.Weeks, Active: analytics.Activity(p.By), Silence: p.Silence, Hours: hoursOf(p.Hours)}
	var err error
	if o.Period, err = p.period(at, tilesOver); err != nil {
		return o, err
	}
	if o.Targets, err = numbers.Targets(p.Target); err != nil {
		return o, wrongParam("target", err.Error())
	}
	return o, nil
}

func hoursOf(name string) *analytics.Hours {
	if name == "office" {
		return analytics.OfficeHours()
	}
	return nil
}

type trendParams struct {
	everybody
	money
	Measure string `query:"measure" enum:"csat,nps,retention,first_response,first_response_p90,resolution,resolution_p90,call_wait,call_resolved,revenue,orders,average_basket,repeat_purchase,purchase_interval,active_customers,new_customers,reactivation" default:"revenue" doc:"the measure"`
	Weeks   int    `query:"weeks" min:"8" max:"520" default:"104" doc:"how many weeks the series has; a season of a year shows from 104 and the hold-out on"`
	Ahead   int    `query:"ahead" min:"1" max:"26" default:"4" doc:"how many weeks are forecast"`
	By      string `query:"by" enum:"orders,visits,anything" default:"orders" doc:"what counts as being active"`
	Hours   string `query:"hours" enum:"all,office" default:"all" doc:"the hours in which times to answer are counted"`
}

// yearly is the length of a season in weeks.
const yearly = 52

// trend answers one measure week by week.
func (s *Service) trend(ctx context.Context, p *trendParams) (*numbers.TrendAnswer, error) {
	currency, err := p.currency()
	if err != nil {
		return nil, err
	}
	return counted(ctx, s, "trend", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.TrendAnswer, error) {
		o := analytics.KPIOptions{
			At: x.at, Period: analytics.Period{From: x.at + 1 - tilesOver*analytics.Day, To: x.at + 1}, Weeks: p.Weeks,
			Active: analytics.Activity(p.By), Hours: hoursOf(p.Hours),
		}
		k, err := fold(ctx, x, options("", func() (*analytics.KPI, error) { return analytics.NewKPI(o) }))
		if err != nil {
			return nil, err
		}
		tiles := k.Result()
		a, ok := numbers.Trend(x.basis(), &tiles, analytics.Measure(p.Measure), currency, yearly, p.Ahead)
		if !ok {
			return nil, wrongParam("currency", "nothing was sold in that currency by then; leave it out for the one most is sold in")
		}
		return a, nil
	})
}
