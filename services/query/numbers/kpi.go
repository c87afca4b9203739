package numbers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/projections/analytics"
)

// KPIAnswer is the tiles.
type KPIAnswer struct {
	Basis
	Period     analytics.Span   `json:"period"`
	Previous   analytics.Span   `json:"previous" doc:"what the values are compared with"`
	Since      *time.Time       `json:"since" doc:"when the first of these customers was heard of"`
	InProgress bool             `json:"in_progress" doc:"the period was not over: the one before is longer than what there is to compare"`
	Tiles      []analytics.Tile `json:"tiles" doc:"one a measure, money one a currency"`
}

// KPI puts tiles into an answer.
func KPI(b Basis, k *analytics.KPIs) *KPIAnswer {
	b.rests(k.Customers, customers)
	a := &KPIAnswer{Basis: b, Period: k.Period, Previous: k.Previous, Since: k.Since, InProgress: k.InProgress, Tiles: k.Tiles}
	for i := range a.Tiles {
		if a.Tiles[i].Weeks == nil {
			a.Tiles[i].Weeks = []analytics.WeekFigure{}
		}
	}
	return a
}

// Measures are the names of what tiles measure.
func Measures() []analytics.Measure {
	return []analytics.Measure{
		analytics.CSAT, analytics.NPS, analytics.RetentionRate, analytics.FirstResponse, analytics.FirstResponseP90,
		analytics.Resolution, analytics.ResolutionP90, analytics.CallWait, analytics.CallResolved, analytics.Revenue,
		analytics.Orders, analytics.AverageBasket, analytics.RepeatPurchase, analytics.PurchaseInterval,
		analytics.ActiveCustomers, analytics.NewCustomers, analytics.Reactivation,
	}
}

// Targets reads what is aimed at: "csat:0.8", one a measure.
func Targets(list []string) (map[analytics.Measure]float64, error) {
	targets := make(map[analytics.Measure]float64, len(list))
	for _, one := range list {
		name, text, _ := strings.Cut(one, ":")
		if !slices.Contains(Measures(), analytics.Measure(name)) {
			return nil, fmt.Errorf("there is no measure %.40q; there are %s", name, measureNames())
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil || value != value || value > 1e15 || value < -1e15 {
			return nil, fmt.Errorf("%.60q gives no number; write %s:0.8, in the unit of the measure", one, name)
		}
		targets[analytics.Measure(name)] = value
	}
	return targets, nil
}

func measureNames() string {
	var all []string
	for _, m := range Measures() {
		all = append(all, string(m))
	}
	return strings.Join(all, ", ")
}

// TrendAnswer is one measure week by week, and what it may do next.
type TrendAnswer struct {
	Basis
	Tile     analytics.Tile     `json:"tile" doc:"the measure, its weeks the earliest first"`
	Forecast analytics.Forecast `json:"forecast" doc:"the weeks to come by the method that erred least on weeks held out, beside the plain ones"`
}

// Trend puts a tile and its forecast into an answer; false if there is no such tile.
func Trend(b Basis, k *analytics.KPIs, m analytics.Measure, currency string, season, ahead int) (*TrendAnswer, bool) {
	place := slices.IndexFunc(k.Tiles, func(t analytics.Tile) bool {
		return t.Measure == m && (t.Currency == currency || currency == "")
	})
	if place < 0 {
		return nil, false
	}
	a := &TrendAnswer{Basis: b, Tile: k.Tiles[place]}
	a.Forecast, _ = k.Forecast(m, a.Tile.Currency, season, ahead)
	a.Forecast.Ahead, a.Forecast.Methods = listed(a.Forecast.Ahead), listed(a.Forecast.Methods)
	a.Tile.Weeks = listed(a.Tile.Weeks)
	if a.rests(k.Customers, customers); a.Enough {
		a.Enough, a.Why = a.Forecast.Enough, a.Forecast.Why
	}
	return a, true
}

// listed is a list that is never null in JSON.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
