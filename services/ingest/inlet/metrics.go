package inlet

import (
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics of the inlet. What became of the events is counted at the edge (c360_edge_events_total), like all others.
type metrics struct {
	stored, refused, returned prometheus.Counter
	redelivered, failures     prometheus.Counter
	interruptions             prometheus.Counter
	waiting, lag              prometheus.Gauge
}

func newMetrics(registry prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "c360_inlet_" + name, Help: help})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: "c360_inlet_" + name, Help: help})
	}
	messages := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "c360_inlet_messages_total", Help: "Messages from NATS, by what became of them: stored, refused, returned.",
	}, []string{"outcome"})
	m := &metrics{
		stored: messages.WithLabelValues("stored"), refused: messages.WithLabelValues("refused"), returned: messages.WithLabelValues("returned"),
		redelivered:   counter("redelivered_total", "Messages that NATS delivered before."),
		failures:      counter("store_failures_total", "Batches that could not be stored and were tried again."),
		interruptions: counter("interruptions_total", "Times that taking from NATS failed and was begun anew."),
		waiting:       gauge("waiting", "Messages in NATS that nobody has taken yet."),
		lag:           gauge("lag_seconds", "How old the last message was when it was stored."),
	}
	if registry != nil {
		registry.MustRegister(messages, m.redelivered, m.failures, m.interruptions, m.waiting, m.lag)
	}
	return m
}

func (m *metrics) delivered(meta *jetstream.MsgMetadata) {
	m.waiting.Set(float64(meta.NumPending))
	if meta.NumDelivered > 1 {
		m.redelivered.Inc()
	}
}

func (m *metrics) settled(all, refused, returned int) {
	m.stored.Add(float64(all - refused - returned))
	m.refused.Add(float64(refused))
	m.returned.Add(float64(returned))
}

// empty says that NATS had nothing for us.
func (m *metrics) empty() {
	m.waiting.Set(0)
	m.lag.Set(0)
}
