package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/console"
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay/pace"
)

const serveHelp = `
c360 serve takes touchpoints in, folds them and shows them. Nothing else has to run.

Point any Segment, RudderStack or CloudEvents SDK at its address with a write key, or send files with c360 import.
Open the address in a browser for the console; /docs describes the API.`

// The running system. Boxes are numbered in the order they start; they stop in the opposite order.
//
//	SDKs, tills, files                                       browsers, programs
//	        │                                                        │
//	 ┌──────▼────────────────────── 5 http.Server ───────────────────▼──────┐
//	 │  services/ingest 3                services/query 4 · services/console │
//	 └──────┬──────────────────▲───────────────▲─────────────────────────────┘
//	        │ append           │ gate (lag)    │ views, commits
//	 ┌──────▼──────┐    ┌──────┴───────────────┴──────┐
//	 │ 1 pebblelog ├───►│ 2 generations: live engine   ├──► sqlitestore
//	 └─────────────┘    └──────────────────────────────┘
type app struct {
	house     *house
	catalogue *events.Catalogue
	ingest    *ingest.Service
	query     *query.Service
	replay    *pace.Service
	server    *http.Server
	listener  net.Listener
	logger    *slog.Logger
	grace     time.Duration // for requests under way when c360 stops
}

const grace = 10 * time.Second

// memoryLimit is what the Go heap may grow to before the collector works harder than gcPercent asks for. With the
// page caches, which lie outside the heap, c360 as a whole stays below 400 MB.
const (
	memoryLimit = 256 << 20
	gcPercent   = 200
)

// threadsPerCore is how many goroutines may run at once on a core. Go takes a core away from a goroutine only after
// 10 ms, and folding is long stretches of work; with more threads than cores the kernel shares the cores in finer
// slices, and a page does not wait for a batch: on two cores, at 10 k events/s, its p99 fell from 17 ms to 7 ms.
const threadsPerCore = 2

// tuneRuntime sets what the operator has not set.
func tuneRuntime(e env) {
	if e.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if e.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if e.getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(threadsPerCore * runtime.NumCPU())
	}
}

// runServe runs c360 until it is told to stop.
func runServe(ctx context.Context, e env, args []string) error {
	var c config
	fs := newFlags(e, "serve", serveHelp)
	c.serveFlags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	a, err := openApp(ctx, &c, e)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "c360 is ready: %s\n", a.url())
	return a.run(ctx)
}

// openApp starts everything, in the order of the drawing; on return it answers requests once run is called.
func openApp(ctx context.Context, c *config, e env) (*app, error) {
	tuneRuntime(e)
	logger := newLogger(e.stderr)
	h, err := openHouse(ctx, c, logger)
	if err != nil {
		return nil, err
	}
	// The engines outlive ctx: requests that are still being answered when the process is told to stop may wait for them.
	if err := h.generations.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	a := &app{house: h, logger: logger, grace: grace}
	if err := a.openServices(ctx, c, e.stdout); err != nil {
		return nil, errors.Join(err, a.closeServices(), h.close())
	}
	return a, nil
}

func (a *app) openServices(ctx context.Context, c *config, out io.Writer) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), a.house.generations)
	var err error
	if a.catalogue, err = events.NewCatalogue(); err != nil {
		return err
	}
	if err := a.openIngest(c, registry, out); err != nil {
		return err
	}
	if err := a.openQuery(c, registry); err != nil {
		return err
	}
	pages, err := console.New(console.Dist())
	if err != nil {
		return err
	}
	exports, err := a.openExport()
	if err != nil {
		return err
	}
	if err := a.openReplay(time.Now); err != nil {
		return err
	}
	mux := http.NewServeMux()
	a.query.Routes(mux)
	a.replay.Routes(mux)
	exports.Routes(mux)
	mux.Handle("/", pages)
	return a.listen(ctx, c, a.ingest.Over(mux))
}

func (a *app) openIngest(c *config, registry *prometheus.Registry, out io.Writer) error {
	sources, err := openSources(c, out)
	if err != nil {
		return err
	}
	a.ingest, err = ingest.New(ingest.Config{
		Log: a.house.log, Sources: sources, Catalogue: a.catalogue, Normaliser: events.Normaliser{Region: c.region},
		Now: time.Now, Rejects: c.rejectsDir(), Logger: a.logger, Registry: registry,
		Gate: lagGate{log: a.house.log, live: a.house.generations.Live()},
	})
	return err
}

func (a *app) openQuery(c *config, registry *prometheus.Registry) error {
	h := a.house
	tiers, err := parseTiers(c.tiers)
	if err != nil {
		return err
	}
	a.query, err = query.New(query.Config{
		Live: h.generations.Live(), Generations: h.generations, Past: h.past(), Log: h.log, Catalogue: a.catalogue,
		Identity: h.rooms.identity, Profile: h.rooms.profile, Timeline: h.rooms.timeline,
		History: h.rooms.history, Segment: h.rooms.segment, Churn: h.rooms.churn, Tiers: tiers,
		Now: time.Now, Logger: a.logger, Registry: registry, Normaliser: events.Normaliser{Region: c.region},
		Version: version, Scratch: c.data, Rehearse: h.rehearse(time.Now), Also: slices.Concat(ingestCalls(), exportCalls(), replayCalls()),
	})
	return err
}

func (a *app) listen(ctx context.Context, c *config, handler http.Handler) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.listen)
	if err != nil {
		return fmt.Errorf("%w; is another c360 running? --listen chooses another address", err)
	}
	a.listener = l
	a.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // of a request; imports lift it
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.logger.Handler(), slog.LevelWarn),
	}
	a.server.RegisterOnShutdown(a.query.Close)
	a.server.RegisterOnShutdown(a.replay.Close)
	return nil
}

func (a *app) url() string { return "http://" + a.listener.Addr().String() }

// run answers requests until ctx ends, the log fails, or folding stops for good; then it stops everything.
func (a *app) run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(a.listener) }()
	ticking, still := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { a.ticker().Run(ticking) })
	beside.Go(func() { a.query.KeepCalibrated(ticking) })
	var reason error
	select {
	case <-ctx.Done():
	case reason = <-served:
	case <-a.house.log.Failed():
		reason = events.ErrFailed
	case reason = <-a.house.generations.Failed():
	}
	still()
	beside.Wait()
	return errors.Join(reason, a.stop()) //nolint:contextcheck // ctx has ended; stopping has its own ten seconds
}

// stop ends what is running, in the opposite order of the drawing: no request is cut off within ten seconds. An export
// may take longer; it is cut off then, since its view of the read store would keep the store from closing.
func (a *app) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.grace)
	defer cancel()
	err := a.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		a.logger.WarnContext(ctx, "requests that were still under way are cut off", slog.Duration("after", a.grace))
		err = a.server.Close()
	}
	return errors.Join(err, a.closeServices(), a.house.close())
}

func (a *app) closeServices() error {
	if a.query != nil {
		a.query.Close()
	}
	if a.replay != nil {
		a.replay.Close()
	}
	if a.ingest != nil {
		return a.ingest.Close()
	}
	return nil
}
