package analytics_test

import (
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

// BenchmarkAdd measures what taking in one customer costs: 4,592 histories of 8 touchpoints on average, orders made before.
func BenchmarkAdd(b *testing.B) {
	all := scan(b, roomtest.Generate(1, roomtest.Options{People: 600, Events: 40_000, Shared: 5}))
	touchpoints, last := 0, int64(0)
	for _, h := range all {
		h.Orders()
		touchpoints += len(h.Touchpoints)
		last = max(last, h.Touchpoints[len(h.Touchpoints)-1].At)
	}
	b.Logf("%d histories of %d touchpoints on average", len(all), touchpoints/len(all))
	year := analytics.Period{From: last - 365*analytics.Day, To: last}
	order, view := analytics.Step{Type: history.OrderCompleted}, analytics.Step{Type: "page.viewed"}
	groups := func(*history.History) []string { return []string{"all"} }
	values, err := analytics.NewValues(analytics.ValueOptions{At: last, Period: year, Costs: map[string]events.Money{"call.ended": 1}}, groups)
	if err != nil {
		b.Fatal(err)
	}
	for name, add := range map[string]func(*history.History){
		"kpi":       made(b, analytics.NewKPI, analytics.KPIOptions{At: last, Period: year})().Add,
		"retention": made(b, analytics.NewRetention, analytics.RetentionOptions{At: last})().Add,
		"funnel":    made(b, analytics.NewFunnel, analytics.FunnelOptions{At: last, Period: year, Steps: []analytics.Step{view, order}})().Add,
		"paths":     made(b, analytics.NewPaths, analytics.PathOptions{At: last, Period: year, Goal: order})().Add,
		"returns":   made(b, analytics.NewReturns, analytics.ReturnOptions{At: last, Period: year})().Add,
		"survival":  made(b, analytics.NewSurvival, analytics.SurvivalOptions{At: last})().Add,
		"values":    values.Add,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				add(all[i%len(all)])
				i++
			}
		})
	}
}
