package projections

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Generations is a prometheus.Collector: register it and a scrape tells how far the live generation is and, while
// there is one, the rebuild.
var _ prometheus.Collector = (*Generations)(nil)

// scrapePatience is how long a scrape waits for the log.
const scrapePatience = time.Second

// metric is one figure of a Status.
type metric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(Status) float64
}

func describe(name, help string, kind prometheus.ValueType, of func(Status) float64) metric {
	return metric{prometheus.NewDesc("c360_projection_"+name, help, []string{"projection"}, nil), kind, of}
}

// metrics are the same for the live generation and a rebuild; label values are "live" and "rebuild".
func metrics() []metric {
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	return []metric{
		describe("position", "Position of the last event folded and committed.", gauge, func(s Status) float64 { return float64(s.Position) }),
		describe("lag_events", "Events in the log that are not folded yet.", gauge, func(s Status) float64 { return float64(s.LagEvents) }),
		describe("lag_seconds", "How long the oldest event that is not folded has been in the log.", gauge, func(s Status) float64 { return s.LagSeconds }),
		describe("rate", "Events folded a second, lately.", gauge, func(s Status) float64 { return s.Rate }),
		describe("gaps", "Positions the log left out; anything but 0 is damage.", gauge, func(s Status) float64 { return float64(s.Gaps) }),
		describe("parked", "Events that are parked now.", gauge, func(s Status) float64 { return float64(s.Parked) }),
		describe("parked_oldest_seconds", "How long the oldest parked event has been in the log.", gauge, func(s Status) float64 { return s.ParkedSeconds }),
		describe("parked_total", "Events parked since the engine began.", counter, func(s Status) float64 { return float64(s.ParkedTotal) }),
		describe("events_total", "Events folded since the engine began.", counter, func(s Status) float64 { return float64(s.Folded) }),
		describe("batches_total", "Batches committed since the engine began.", counter, func(s Status) float64 { return float64(s.Batches) }),
		describe("interruptions_total", "Times folding was interrupted, by a store or log that was away, and tried again.", counter,
			func(s Status) float64 { return float64(s.Interruptions) }),
		describe("stopped", "1 if the engine has stopped and needs an operator.", gauge, stopped),
	}
}

func stopped(s Status) float64 {
	if s.Err != nil {
		return 1
	}
	return 0
}

// Describe implements prometheus.Collector.
func (g *Generations) Describe(ch chan<- *prometheus.Desc) {
	for _, m := range metrics() {
		ch <- m.desc
	}
	newGenerationMetrics().describe(ch)
}

// Collect implements prometheus.Collector.
func (g *Generations) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	if s, err := g.live.Status(ctx); err == nil {
		collect(ch, "live", s)
	}
	newGenerationMetrics().collect(ctx, g, ch)
	if p := g.Progress(); p != nil {
		collect(ch, "rebuild", Status{Position: p.Position, Head: p.Head, LagEvents: uint64(p.Head - min(p.Head, p.Position)), Rate: p.Rate, Parked: p.Parked})
	}
}

func collect(ch chan<- prometheus.Metric, name string, s Status) {
	for _, m := range metrics() {
		ch <- prometheus.MustNewConstMetric(m.desc, m.kind, m.of(s), name)
	}
}
