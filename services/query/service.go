package query

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/projections/value"
	"github.com/c360hq/c360/services/query/headline"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

// Config is what a Service needs. Live, the rooms, Log, Catalogue, Now and Registry are required.
type Config struct {
	// Live is the generation that serves.
	Live Live
	// Generations offers rebuild and swap; nil if there are none to offer.
	Generations Generations
	// Past shows what was so as of an instant; nil refuses as_of and known_at.
	Past Past
	// Identity, Profile and Timeline are the rooms that folded what Live shows.
	Identity *identity.Room
	Profile  *profile.Room
	Timeline *timeline.Room
	// History, Segment and Churn are what segments, flags and numbers are made of; nil refuses those calls.
	History        *history.Room
	Segment, Churn *standing.Room
	// Tiers are the steps that customers climb by what they buy; nil if the company has none.
	Tiers *value.Tiers
	// Log is read for whole events and takes decisions about identity.
	Log events.Log
	// Catalogue names the types of events.
	Catalogue *events.Catalogue
	// Now is the clock: for durations, the time of decisions, and what "today" is on the ribbon.
	Now func() time.Time
	// Logger takes one line a request; nil discards them.
	Logger *slog.Logger
	// Registry takes the metrics and is what /metrics shows.
	Registry *prometheus.Registry
	// Normaliser brings what people type into the form that is stored.
	Normaliser events.Normaliser
	// Guard lets through who may read, before anything is served but health and the description. Nil is [OnlyLoopback],
	// for a listener that nobody else can reach.
	Guard func(http.Handler) http.Handler
	// Actor names who makes a decision; nil says "operator".
	Actor func(ctx context.Context) string
	// Scratch is the folder for what a comparison of generations writes down while it is kept; empty is the system's.
	Scratch string
	// Version of c360, for the OpenAPI document.
	Version string
	// Rehearse returns the log as it was at a position, to grow again from there at a speed ("10x"), for a sandbox; nil if
	// sandboxes can only stand still.
	Rehearse func(ctx context.Context, after events.Position, speed string) (Rehearsal, error)
	// Operations is a service for operators only: of the calls it serves those about generations, parked events and
	// how far things are, and it counts nothing for the others.
	Operations bool
	// Also are calls that other services serve at the same address; the document describes them beside our own.
	Also []openapi.Operation
}

// Service answers reads. It is safe for many requests at once.
type Service struct {
	writer
	live        Live
	generations Generations
	past        Past
	log         events.Log
	now         func() time.Time
	logger      *slog.Logger
	registry    *prometheus.Registry
	normaliser  events.Normaliser
	guard       func(http.Handler) http.Handler
	actor       func(ctx context.Context) string
	meters      *meters
	bodies      web.Bodies
	crossOrigin *http.CrossOriginProtection
	decisions   decisions
	changes     changes
	comparisons comparisons
	rehearsals  rehearsals
	places      places
	calibration calibration
	desk        *segmentDesk
	catalogue   *events.Catalogue
	flights     flights
	shopkeeper  *shopkeeper
	yardsticks  yardsticks
	tiers       *value.Tiers
	rehearse    func(ctx context.Context, after events.Position, speed string) (Rehearsal, error)
	book        *headline.Book
	identities  *identity.Room
	profiles    *profile.Room
	timelines   *timeline.Room
	histories   *history.Room
	segments    *standing.Room
	churns      *standing.Room
	hub         *hub
	docs        *docs
	routes      []route
	operations  bool
}

// New returns a service. Close it to end its streams.
func New(c Config) (*Service, error) {
	if c.Live == nil || c.Log == nil || c.Now == nil || c.Registry == nil || c.Catalogue == nil ||
		c.Identity == nil || c.Profile == nil || c.Timeline == nil {
		return nil, errors.New("query: Live, Identity, Profile, Timeline, Log, Catalogue, Now and Registry are required")
	}
	s := &Service{
		live: c.Live, generations: c.Generations, past: c.Past, log: c.Log, now: c.Now, logger: c.Logger, registry: c.Registry,
		normaliser: c.Normaliser, guard: c.Guard, actor: c.Actor, crossOrigin: http.NewCrossOriginProtection(),
		book: headline.NewBook(c.Catalogue), identities: c.Identity, profiles: c.Profile, timelines: c.Timeline, decisions: decisions{pairs: map[pairKey]verdict{}},
		histories: c.History, segments: c.Segment, churns: c.Churn, places: newPlaces(), desk: newSegmentDesk(), catalogue: c.Catalogue, tiers: c.Tiers,
	}
	s.defaults()
	s.rehearse, s.operations = c.Rehearse, c.Operations
	s.comparisons.now, s.comparisons.scratch = c.Now, c.Scratch
	var err error
	if s.meters, err = newMeters(c.Registry); err != nil {
		return nil, fmt.Errorf("query: register metrics: %w", err)
	}
	s.hub, s.shopkeeper = newHub(s), newShopkeeper(s)
	s.routes = s.table()
	info := openapi.Info{
		Title: "c360", Version: c.Version,
		Description: "Customers, their timelines and their identity, as folded from the log. Times are RFC 3339 in UTC. " +
			"Every answer says the position of the log it is true at. A refusal is an RFC 9457 problem that names the place and the remedy; " +
			"the pointer ?name names a parameter, /name a member of the body.",
	}
	if s.docs, err = newDocs(info, s.routes, c.Also); err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	if s.histories != nil && !s.operations {
		s.shopkeeper.start()
	}
	return s, nil
}

func (s *Service) defaults() {
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.guard == nil {
		s.guard = OnlyLoopback
	}
	if s.actor == nil {
		s.actor = func(context.Context) string { return "operator" }
	}
}

// operationsTag marks the calls that are for operators.
const operationsTag = "operations"

// Routes puts every route of the service on mux.
func (s *Service) Routes(mux *http.ServeMux) {
	for i := range s.routes {
		rt := &s.routes[i]
		if s.operations && rt.Tag != operationsTag {
			continue
		}
		mux.Handle(rt.Method+" "+rt.Path, s.handler(rt))
	}
	mux.Handle("/v1/", s.handler(unknownRoute()))
}

// Close ends every open stream and a rebuild under way, and waits for them. Call it when the HTTP server begins to
// shut down (http.Server.RegisterOnShutdown), or the server waits for the browsers.
func (s *Service) Close() {
	s.hub.close()
	s.shopkeeper.close()
	s.comparisons.close()
	s.changes.close()
	s.rehearsals.close()
	s.yardsticks.close()
	s.flights.close()
}

// Document returns the OpenAPI document.
func (s *Service) Document() *openapi.Document { return s.docs.document }

// sameSite refuses a change that a page of another site sends through somebody's browser.
func (s *Service) sameSite(r *http.Request) error {
	if err := s.crossOrigin.Check(r); err != nil {
		return web.Wrong(http.StatusForbidden, "this came from a page of another site; use the console of c360, or a program")
	}
	return nil
}
