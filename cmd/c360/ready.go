package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/c360hq/c360/services/query"
)

// The states that /readyz knows. A process that stands by is ready: it takes over when the other one ends, and a rolling
// restart may go on.
const (
	statusOK       = "ok"
	statusStandby  = "standing by"
	statusDraining = "draining"
	statusNotReady = "not ready"
)

// behindAtMost is the lag in seconds up to which reads count as ready.
const behindAtMost = 60

// readiness answers /healthz, /readyz and, unless reads have a guard of their own, /metrics, whatever the roles are.
type readiness struct {
	app      *app
	now      func() time.Time
	draining atomic.Bool
	log      sign
	store    sign
}

// over answers for health and hands every other request to next.
func (r *readiness) over(next http.Handler) http.Handler {
	metrics := promhttp.HandlerFor(r.app.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		reads := req.Method == http.MethodGet || req.Method == http.MethodHead
		switch {
		case reads && req.URL.Path == "/healthz":
			tell(w, http.StatusOK, &query.HealthAnswer{Status: statusOK})
		case reads && req.URL.Path == "/readyz":
			a, status := r.look(req.Context())
			tell(w, status, a)
		case reads && req.URL.Path == "/metrics" && !r.app.roles.query:
			metrics.ServeHTTP(w, req)
		default:
			next.ServeHTTP(w, req)
		}
	})
}

func tell(w http.ResponseWriter, status int, a *query.HealthAnswer) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if status != http.StatusOK {
		h.Set("Retry-After", "5")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a) // the caller has gone; there is nobody left to tell
}

// look asks every part how it is.
func (r *readiness) look(ctx context.Context) (*query.HealthAnswer, int) {
	a := &query.HealthAnswer{Status: statusOK, Roles: r.app.roles.names()}
	if r.app.roles.ingest {
		part := query.HealthPart{Part: roleIngest, Ready: true, Why: r.app.gated}
		if err := r.log.of(ctx, r.now, r.askLog); err != nil {
			part.Ready, part.Why = false, "touchpoints cannot be appended: "+err.Error()
		}
		a.Parts = append(a.Parts, part)
	}
	if r.app.roles.reads() {
		r.readStore(ctx, a)
	}
	for _, p := range a.Parts {
		if !p.Ready {
			a.Status = statusNotReady
		}
	}
	if r.draining.Load() {
		a.Status = statusDraining
	}
	if a.Status == statusNotReady || a.Status == statusDraining {
		return a, http.StatusServiceUnavailable
	}
	return a, http.StatusOK
}

// readStore tells of the roles that need the read store.
func (r *readiness) readStore(ctx context.Context, a *query.HealthAnswer) {
	asking, cancel := context.WithTimeout(ctx, signWithin)
	defer cancel()
	s, err := r.app.house.generations.Live().Status(asking)
	a.Position, a.Head, a.LagEvents = s.Position, s.Head, s.LagEvents
	post := r.app.house.generations.Post()
	why := ""
	switch {
	case post.Trouble != nil:
		why = post.Trouble.Error()
	case err != nil:
		why = err.Error()
	case s.Err != nil:
		why = "the projection has stopped: " + s.Err.Error()
	default:
		if err := r.store.of(ctx, r.now, r.askStore); err != nil {
			why = "the read store does not answer: " + err.Error()
		}
	}
	if r.app.roles.project {
		part := query.HealthPart{Part: roleProject, Ready: why == "", Why: why}
		if post.Waits && why == "" {
			a.Status, part.Why = statusStandby, "another process folds; this one takes over when it ends"
		}
		a.Parts = append(a.Parts, part)
	}
	if r.app.roles.query {
		if why == "" && s.LagSeconds > behindAtMost {
			why = fmt.Sprintf("the projection is %d events behind; it is catching up", s.LagEvents)
		}
		a.Parts = append(a.Parts, query.HealthPart{Part: roleQuery, Ready: why == "", Why: why})
	}
}
