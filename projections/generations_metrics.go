package projections

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// generationMetrics are about the generations themselves.
type generationMetrics struct {
	states, seconds, open, writer *prometheus.Desc
}

func newGenerationMetrics() generationMetrics {
	return generationMetrics{
		states: prometheus.NewDesc("c360_generations", "Generations by state: live, ready, loading, failed.", []string{"state"}, nil),
		seconds: prometheus.NewDesc("c360_generation_build_seconds",
			"How long the last build took that was finished since the start, in seconds.", nil, nil),
		open: prometheus.NewDesc("c360_generations_open", "Generations that are open beside the live one.", nil, nil),
		writer: prometheus.NewDesc("c360_projection_writer",
			"1 if this process folds, 0 if it reads what another one folds or stands by.", nil, nil),
	}
}

func (m generationMetrics) describe(ch chan<- *prometheus.Desc) {
	ch <- m.states
	ch <- m.seconds
	ch <- m.open
	ch <- m.writer
}

// collect tells how many generations there are of each state. What cannot be listed is left out.
func (m generationMetrics) collect(ctx context.Context, g *Generations, ch chan<- prometheus.Metric) {
	writes := 0.0
	if g.Post().Writes {
		writes = 1
	}
	ch <- prometheus.MustNewConstMetric(m.writer, prometheus.GaugeValue, writes)
	all, err := g.opts.Factory.List(ctx)
	if err != nil {
		return
	}
	count := map[string]int{"live": 0, GenerationReady: 0, GenerationLoading: 0, GenerationFailed: 0}
	for i := range all {
		state := all[i].State
		if all[i].Live {
			state = "live"
		}
		count[state]++
	}
	for state, n := range count {
		ch <- prometheus.MustNewConstMetric(m.states, prometheus.GaugeValue, float64(n), state)
	}
	g.mu.Lock()
	took := g.took
	g.mu.Unlock()
	ch <- prometheus.MustNewConstMetric(m.seconds, prometheus.GaugeValue, took.Seconds())
	ch <- prometheus.MustNewConstMetric(m.open, prometheus.GaugeValue, float64(g.shelf.size()))
}

// tookFor remembers how long a build took.
func (g *Generations) tookFor(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.took = d
}

func (s *shelf) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}
