package ingest

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
)

// metrics of the edge. Every label has a small, fixed set of values.
type metrics struct {
	accepted, duplicate, rejected prometheus.Counter
	reasons                       map[string]prometheus.Counter
	pushedBack                    *prometheus.CounterVec
	append                        prometheus.Histogram
	appendFailures                *prometheus.CounterVec
}

// What the log said when it did not take events.
const (
	failureFull   = "full"   // there is no room
	failureFailed = "failed" // it needs a restart
	failureAway   = "away"   // it is not to be reached, or too slow
)

func failureOf(err error) string {
	switch {
	case errors.Is(err, events.ErrFull):
		return failureFull
	case errors.Is(err, events.ErrFailed), errors.Is(err, events.ErrClosed):
		return failureFailed
	}
	return failureAway
}

func newMetrics(registry prometheus.Registerer) *metrics {
	outcomes := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "c360_edge_events_total", Help: "Events received, by what became of them.",
	}, []string{"outcome"})
	rejects := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "c360_edge_rejects_total", Help: "Events refused for good, by reason.",
	}, []string{"reason"})
	m := &metrics{
		accepted: outcomes.WithLabelValues("accepted"), duplicate: outcomes.WithLabelValues("duplicate"),
		rejected: outcomes.WithLabelValues("rejected"), reasons: map[string]prometheus.Counter{},
		pushedBack: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "c360_edge_pushed_back_total", Help: "Requests answered with 429 or 503 and Retry-After.",
		}, []string{"status"}),
		append: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "c360_log_append_seconds", Help: "Time until appended events are durable.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5},
		}),
		appendFailures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "c360_log_append_failures_total", Help: "Appends that stored nothing, by what the log said: full, failed, away.",
		}, []string{"reason"}),
	}
	for _, reason := range []string{failureFull, failureFailed, failureAway} {
		m.appendFailures.WithLabelValues(reason)
	}
	for _, status := range []string{"429", "503"} { // shown from the start: an alert sees the first one too
		m.pushedBack.WithLabelValues(status)
	}
	for _, status := range []string{"429", "503"} {
		m.pushedBack.WithLabelValues(status)
	}
	for _, reason := range reasons {
		m.reasons[reason] = rejects.WithLabelValues(reason)
	}
	if registry != nil {
		registry.MustRegister(outcomes, rejects, m.pushedBack, m.append, m.appendFailures)
	}
	return m
}
