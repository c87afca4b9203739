package query

import (
	"context"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

// behindAtMost is the lag in seconds up to which reads count as ready.
const behindAtMost = 60

func (s *Service) status(ctx context.Context) (projections.Status, error) {
	st, err := s.live.Status(ctx)
	if err != nil {
		return st, fmt.Errorf("ask how far the projection is: %w", err)
	}
	return st, nil
}

// healthz says that the process lives; it asks nobody.
func (s *Service) healthz(context.Context, *none) (*HealthAnswer, error) {
	return &HealthAnswer{Status: "ok"}, nil
}

// readyz says whether reads are worth asking for: the projection runs and is not far behind.
func (s *Service) readyz(ctx context.Context, _ *none) (*HealthAnswer, error) {
	st, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case st.Err != nil:
		return nil, web.Wrong(http.StatusServiceUnavailable, "the projection has stopped; the log of c360 says why and what to run").After(30)
	case st.LagSeconds > behindAtMost:
		return nil, web.Wrong(http.StatusServiceUnavailable, fmt.Sprintf("the projection is %d events behind; it is catching up", st.LagEvents)).After(5)
	}
	return &HealthAnswer{Status: "ok", Position: st.Position, Head: st.Head, LagEvents: st.LagEvents}, nil
}

func (s *Service) statusMessage(ctx context.Context) (*StatusMessage, error) {
	st, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	return &StatusMessage{Position: st.Position, Head: st.Head, LagEvents: st.LagEvents, LagSeconds: st.LagSeconds}, nil
}

// metricsRoute shows the registry in the text form of Prometheus.
func (s *Service) metricsRoute() route {
	h := promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})
	return route{
		Operation: openapi.Operation{
			Method: http.MethodGet, Path: "/metrics", ID: "metrics", Tag: "operations", Summary: "numbers for Prometheus",
			Status: http.StatusOK, Media: "text/plain; version=0.0.4; charset=utf-8",
		},
		serve: func(w http.ResponseWriter, r *http.Request) error {
			h.ServeHTTP(w, r)
			return nil
		},
	}
}
