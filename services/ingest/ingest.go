package ingest

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

// Config is what a Service is made of. Log, Sources, Catalogue, Now and Rejects are needed, the rest has defaults.
type Config struct {
	Log       events.Log
	Sources   *auth.Sources
	Catalogue *events.Catalogue
	// Normaliser is the one the whole house uses.
	Normaliser events.Normaliser
	Now        func() time.Time
	// Rejects is the folder for events that were refused for good; RejectBytes bounds it (64 MiB).
	Rejects     string
	RejectBytes int64
	// Logger and Registry may be nil.
	Logger   *slog.Logger
	Registry prometheus.Registerer
	// Traces takes the spans of requests and appends; nil makes none.
	Traces trace.TracerProvider
	// Gate pushes back when readers of the log fall behind; nil never does.
	Gate Gate
	// Operator says who may read rejects; nil is everybody who speaks to this machine as localhost or 127.0.0.1.
	Operator func(*http.Request) bool
	// PublicURL is where browsers reach this server; nil is "where this browser just reached it".
	PublicURL *url.URL
	// Limits of a request body (web.DefaultLimits), and of all bodies being read at the same time (64 MiB).
	Limits        web.Limits
	InFlightBytes int64
	// Patience is how long senders may take ([web.DefaultPatience]).
	Patience web.Patience
}

const (
	defaultInFlight    = 64 << 20
	defaultRejectBytes = 64 << 20
)

// Service takes events in. Make it with [New], serve its [Service.Handler], and Close it when no request runs.
type Service struct {
	log        events.Log
	sources    *auth.Sources
	catalogue  *events.Catalogue
	normaliser events.Normaliser
	now        func() time.Time
	started    time.Time
	logger     *slog.Logger
	gate       Gate
	operator   func(*http.Request) bool
	publicURL  *url.URL
	limits     web.Limits
	patience   web.Patience

	routes  map[string]route
	metrics *metrics
	tracing tracing
	rejects *shelf
	budget  *budget
	bodies  web.Bodies
	batches sync.Pool
}

// New returns a service, or says what is missing.
func New(c Config) (*Service, error) {
	if c.Log == nil || c.Sources == nil || c.Catalogue == nil || c.Now == nil || c.Rejects == "" {
		return nil, errors.New("ingest: Config needs Log, Sources, Catalogue, Now and Rejects")
	}
	c = c.withDefaults()
	rejects, err := openShelf(c.Rejects, c.RejectBytes, c.Now)
	if err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	return &Service{
		log: c.Log, sources: c.Sources, catalogue: c.Catalogue, normaliser: c.Normaliser,
		now: c.Now, started: c.Now(), logger: c.Logger, gate: c.Gate, operator: c.Operator, publicURL: c.PublicURL,
		limits: c.Limits, patience: c.Patience,
		routes: table(), metrics: newMetrics(c.Registry), tracing: newTracing(c.Traces), rejects: rejects, budget: newBudget(c.InFlightBytes),
	}, nil
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Gate == nil {
		c.Gate = openGate{}
	}
	if c.Operator == nil {
		c.Operator = fromHere
	}
	if c.Limits == (web.Limits{}) {
		c.Limits = web.DefaultLimits
	}
	c.Patience = or(c.Patience, web.DefaultPatience)
	c.InFlightBytes = or(c.InFlightBytes, defaultInFlight)
	c.RejectBytes = or(c.RejectBytes, defaultRejectBytes)
	return c
}

func or[T comparable](given, otherwise T) T {
	var zero T
	if given == zero {
		return otherwise
	}
	return given
}

// Close releases the file of rejected events. The log belongs to the caller.
func (s *Service) Close() error { return s.rejects.close() }

func (s *Service) batch(a arrival) *batch {
	b, ok := s.batches.Get().(*batch)
	if !ok {
		b = new(batch)
	}
	b.reset(a)
	return b
}

// done gives a batch back for the next request, unless it has grown too large to keep.
func (s *Service) done(b *batch) {
	if cap(b.room) <= keepable && cap(b.entries) <= keptEntries {
		s.batches.Put(b)
	}
}

const keptEntries = 4096
