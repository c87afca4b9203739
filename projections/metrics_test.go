package projections_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/projections"
)

// TestMetrics: a scrape tells of the live generation and, while there is one, of the rebuild.
func TestMetrics(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	registry := prometheus.NewPedanticRegistry()
	must(t, registry.Register(h.gens))
	if got := scrape(t, registry); len(got) != 7 || got["c360_generations live"] != 0 || got["c360_projection_writer"] != 0 {
		t.Errorf("before the start: %v", got)
	}
	must(t, h.gens.Start(t.Context()))
	all := poisoned()
	must(t, h.gens.Live().Await(t.Context(), h.add(t, all...)))
	got := scrape(t, registry)
	for name, want := range map[string]float64{
		"c360_projection_position live": 60, "c360_projection_lag_events live": 0, "c360_projection_lag_seconds live": 0,
		"c360_projection_parked live": 7, "c360_projection_parked_total live": 7, "c360_projection_events_total live": 60,
		"c360_projection_gaps live": 0, "c360_projection_stopped live": 0, "c360_projection_writer": 1,
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s is %v (%v), want %v", name, v, ok, want)
		}
	}
	during := map[string]float64{}
	_, err := h.gens.Rebuild(t.Context(), func(p projections.Progress) {
		if p.Phase == projections.PhaseReady {
			during = scrape(t, registry)
		}
	})
	must(t, err)
	if during["c360_projection_position rebuild"] != 60 || during["c360_projection_position live"] != 60 || during["c360_generations ready"] != 1 {
		t.Errorf("during the rebuild: %v", during)
	}
}

func scrape(t testing.TB, g prometheus.Gatherer) map[string]float64 {
	t.Helper()
	families, err := g.Gather()
	must(t, err)
	found := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := []string{f.GetName()}
			for _, l := range m.GetLabel() {
				name = append(name, l.GetValue())
			}
			found[strings.Join(name, " ")] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return found
}
