package query

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/services/web"
)

// meters are the numbers that operators see on /metrics.
type meters struct {
	seconds     *prometheus.HistogramVec
	refusals    *prometheus.CounterVec
	subscribers prometheus.Gauge
	resets      prometheus.Counter
}

func newMeters(r prometheus.Registerer) (*meters, error) {
	m := &meters{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "c360_query_seconds", Help: "Time to answer a read, by route.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .25, 1, 5},
		}, []string{"route"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "c360_query_refusals_total", Help: "Requests that were not answered with what they asked for, by route and status.",
		}, []string{"route", "status"}),
		subscribers: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "c360_query_stream_subscribers", Help: "Open event streams.",
		}),
		resets: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "c360_query_stream_resets_total", Help: "Streams that were too far behind and were told to load anew.",
		}),
	}
	for _, c := range []prometheus.Collector{m.seconds, m.refusals, m.subscribers, m.resets} {
		if err := r.Register(c); err != nil {
			return nil, err //nolint:wrapcheck // says which metric already exists
		}
	}
	return m, nil
}

// handler serves a route: headers, guard, measure, one log line. The line names the route and never the path, which
// holds ids, nor the query, which holds what people are looking for.
func (s *Service) handler(rt *route) http.Handler {
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.now()
		secure(w.Header())
		sw := web.NewStatus(w)
		err := s.sameSite(r)
		if err == nil {
			err = rt.serve(sw, r)
		}
		if err != nil {
			problem(err).Write(sw)
		}
		s.note(r, rt, sw.Code, s.now().Sub(began), err)
	})
	if rt.open {
		return serve
	}
	return s.guard(serve)
}

// secure sets the headers every answer has: it is data, not a page, and nobody may frame, sniff or keep it.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// slow is how long an answer may take before it is worth a line of its own.
const slow = time.Second

func (s *Service) note(r *http.Request, rt *route, status int, took time.Duration, err error) {
	if rt.ID == streamID && status == http.StatusOK {
		return // it stays open for hours: it has a gauge instead
	}
	s.meters.seconds.WithLabelValues(rt.ID).Observe(took.Seconds())
	attrs := []slog.Attr{slog.String("route", rt.ID), slog.Int("status", status), slog.Duration("took", took)}
	level := slog.LevelDebug
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
		attrs = append(attrs, slog.Any("error", err))
	case took > slow, rt.Method != http.MethodGet:
		level = slog.LevelInfo
	}
	if status >= http.StatusBadRequest {
		s.meters.refusals.WithLabelValues(rt.ID, strconv.Itoa(status)).Inc()
	}
	s.logger.LogAttrs(r.Context(), level, "query", attrs...)
}
