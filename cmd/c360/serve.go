package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/console"
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay/pace"
	"github.com/c360hq/c360/services/web"
)

const serveHelp = `
c360 serve takes touchpoints in, folds them and shows them. Nothing else has to run.

Point any Segment, RudderStack or CloudEvents SDK at its address with a write key, or send files with c360 import.
Open the address in a browser for the console; /docs describes the API.

It grows onto engines that several processes share, by flag: --log nats://… or esdb://…, --store postgres://…. Then its
roles can be processes of their own, each on a data folder of its own, as many of each as you like:

  c360 serve --roles ingest        takes touchpoints in
  c360 serve --roles project       folds them; one process at a time, the others stand by and take over
  c360 serve --roles query,console answers reads and serves the browser app

Behind one address, send /v1/generations and /v1/parked to project, what SDKs send to ingest, and the rest to
query,console. /healthz says whether a process lives, /readyz which part of it is not ready and why.`

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
//
// On shared engines each role may be processes of its own (roles.go): then 3 and 4 are apart, and the generations of a
// process without the role project follow those of the process that has it.
type app struct {
	config    *config
	roles     roles
	registry  *prometheus.Registry
	ready     *readiness
	gated     string // what a process that only ingests has to say about the lag
	house     *house
	nats      *natsWays
	traces    *traces
	catalogue *events.Catalogue
	ingest    *ingest.Service
	query     *query.Service
	replay    *pace.Service
	server    *http.Server
	listener  net.Listener
	logger    *slog.Logger
	works     []func(context.Context)
	grace     time.Duration // for requests under way when c360 stops
}

const grace = 10 * time.Second

// gcPercent is how much garbage may gather beside what is in use, and memoryLimit what the Go heap may grow to before the
// collector works harder than that. With the page caches and the program itself, which lie outside the heap, c360 stays at about
// 400 MB. The limit leaves room for a backlog: with 208 MiB, at 5 M events and 300,000 of them behind, 180 MB were in use and the
// collector ran fifteen times a second.
const (
	gcPercent   = 100
	memoryLimit = 256 << 20
)

// spareThreads is how many more goroutines may run at once than there are cores, those of the container where it has a limit.
// Go takes a core away from a goroutine only after 10 ms, and looks for requests on the network when it has nothing else to run;
// folding is long stretches of work. With so many more threads than there is such work, one is always free to take a request,
// and the kernel shares the cores in finer slices: on two cores, at 10 k events/s, a page's p99 was 9 ms with 6 more, 13 ms with
// 2 more and 80 ms with none.
const spareThreads = 6

// tuneRuntime sets what the operator has not set.
func tuneRuntime(e env) {
	if e.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if e.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if e.getenv("GOMAXPROCS") == "" {
		moreThreads()
	}
}

// moreThreads adds the spare threads to those Go starts with.
func moreThreads() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + spareThreads) }

// runServe runs c360 until it is told to stop.
func runServe(ctx context.Context, e env, args []string) error {
	var c config
	fs := newFlags(e, "serve", serveHelp)
	c.serveFlags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if c.listen == "" {
		return usageError{errors.New("--listen is empty, which is every address of this machine: give host:port, for example 127.0.0.1:3600")}
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

// newApp returns an app in which nothing is open yet.
func newApp(c *config, logger *slog.Logger) (*app, error) {
	r, err := parseRoles(c.roles)
	a := &app{config: c, roles: r, registry: prometheus.NewRegistry(), house: &house{}, logger: logger, grace: grace}
	a.ready = &readiness{app: a, now: time.Now}
	return a, err
}

// openApp starts everything, in the order of the drawing; on return it answers requests once run is called.
func openApp(ctx context.Context, c *config, e env) (*app, error) {
	tuneRuntime(e)
	a, err := newApp(c, newLogger(e.stderr))
	if err != nil {
		return nil, err
	}
	if a.nats, err = c.openWays(ctx, a.roles, a.logger); err != nil {
		return nil, err
	}
	if a.traces, err = openTraces(ctx, e.getenv, a.roles, a.logger); err == nil {
		err = a.openEngines(ctx)
	}
	if err == nil {
		err = a.openServices(ctx, e.stdout)
	}
	if err != nil {
		return nil, errors.Join(err, a.close()) //nolint:contextcheck // closing is not cut short
	}
	return a, nil
}

// openEngines opens what the roles need of log and read store, and starts to fold or to follow.
func (a *app) openEngines(ctx context.Context) (err error) {
	switch {
	case a.roles.reads():
		a.house, err = openHouse(ctx, a.config, a.logger, wires{hints: a.nats.news(), tracer: a.traces.tracer()})
	case a.roles.appends():
		a.house, err = openLogOnly(ctx, a.config, a.logger)
	}
	if err := opened(&a.house, err); err != nil {
		return err
	}
	a.show()
	if !a.roles.reads() {
		return nil
	}
	// The engines outlive ctx: requests that are still being answered when the process is told to stop may wait for them.
	ctx = context.WithoutCancel(ctx)
	if a.roles.project {
		return a.house.generations.Start(ctx)
	}
	return a.house.generations.Follow(ctx)
}

// opened makes a house that could not be opened one in which nothing is.
func opened(h **house, err error) error {
	if err != nil {
		*h = &house{}
	}
	return err
}

func (a *app) openServices(ctx context.Context, out io.Writer) (err error) {
	if a.catalogue, err = events.NewCatalogue(); err != nil {
		return err
	}
	mux := http.NewServeMux()
	if a.roles.reads() {
		if err := a.openReads(mux); err != nil { //nolint:contextcheck // what it starts ends with Close
			return err
		}
	}
	if err := a.openConsole(mux); err != nil {
		return err
	}
	var handler http.Handler = mux
	if a.roles.ingest {
		if err := a.openIngest(out); err != nil {
			return err
		}
		if err := a.openInlet(ctx); err != nil {
			return err
		}
		handler = a.ingest.Over(mux)
	}
	return a.listen(ctx, a.config, a.ready.over(handler))
}

// openReads opens the services that read, and puts them on mux.
func (a *app) openReads(mux *http.ServeMux) error {
	if err := a.openQuery(a.config, a.registry); err != nil {
		return err
	}
	a.query.Routes(mux)
	if !a.roles.query {
		return nil
	}
	exports, err := a.openExport()
	if err != nil {
		return err
	}
	if err := a.openReplay(time.Now); err != nil {
		return err
	}
	a.replay.Routes(mux)
	exports.Routes(mux)
	return nil
}

// openConsole puts the browser app on mux, or says that it is somewhere else.
func (a *app) openConsole(mux *http.ServeMux) error {
	if !a.roles.console {
		mux.HandleFunc("/", a.elsewhere)
		return nil
	}
	pages, err := console.New(console.Dist())
	if err == nil {
		mux.Handle("/", pages)
	}
	return err
}

// elsewhere answers what is for a process with other roles.
func (a *app) elsewhere(w http.ResponseWriter, _ *http.Request) {
	web.Wrong(http.StatusNotFound, "there is nothing here; this c360 has the roles "+strings.Join(a.roles.names(), ", ")+" only").Write(w)
}

func (a *app) openIngest(out io.Writer) error {
	c := a.config
	sources, err := openSources(c, out)
	if err != nil {
		return err
	}
	a.ingest, err = ingest.New(ingest.Config{
		Log: a.house.log, Sources: sources, Catalogue: a.catalogue, Normaliser: events.Normaliser{Region: c.region},
		Now: time.Now, Rejects: c.rejectsDir(), Logger: a.logger, Registry: a.registry, Operator: c.operator(),
		Gate: a.gate(), Traces: a.traces.provider(),
	})
	return err
}

// openInlet takes touchpoints from NATS too, if --nats says so.
func (a *app) openInlet(ctx context.Context) error {
	if a.config.nats == "" {
		return nil
	}
	a.beside(a.nats.take)
	return a.nats.openInlet(ctx, a.ingest, a.registry)
}

// gate pushes senders back when the read store is far behind, if this process can see it.
func (a *app) gate() ingest.Gate {
	gate := a.lagOf()
	if gate != nil {
		showGate(a.registry, gate)
	}
	return gate
}

// lagOf returns the gate that looks at the lag, nil if this process cannot see it.
func (a *app) lagOf() ingest.Gate {
	if a.house.generations != nil {
		return lagGate{log: a.house.log, live: a.house.generations.Live()}
	}
	if a.config.storeKind() == engineSQLite && a.config.viewsDir() == filepath.Join(a.config.data, "views") {
		a.gated = "senders are not slowed down when the read store is behind, because --store does not say where that is"
		a.logger.Warn("there is no gate", slog.String("why", a.gated))
		return nil
	}
	late := &lateGate{}
	a.beside(func(ctx context.Context) { a.watchLag(ctx, a.config, late) })
	return late
}

// beside has work done until the app stops.
func (a *app) beside(work func(context.Context)) { a.works = append(a.works, work) }

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
		Guard: c.guard(), Operations: !a.roles.query,
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
	a.server.RegisterOnShutdown(a.endStreams)
	return nil
}

// endStreams ends what would keep the server from closing.
func (a *app) endStreams() {
	if a.query != nil {
		a.query.Close()
	}
	if a.replay != nil {
		a.replay.Close()
	}
}

func (a *app) url() string { return "http://" + a.listener.Addr().String() }

// run answers requests until ctx ends, the log fails, or folding stops for good; then it stops everything.
func (a *app) run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(a.listener) }()
	if a.roles.project {
		a.beside(func(ctx context.Context) { a.house.whileWriting(ctx, a.ticker().Run) })
		a.beside(func(ctx context.Context) { a.house.whileWriting(ctx, a.query.KeepCalibrated) })
		a.beside(func(ctx context.Context) { a.nats.tell(ctx, a.house.generations.Live(), a.house.writes) })
	}
	working, still := context.WithCancel(context.WithoutCancel(ctx))
	var beside sync.WaitGroup
	for _, work := range a.works {
		beside.Go(func() { work(working) })
	}
	reason := a.until(ctx, served)
	still()
	beside.Wait()
	return errors.Join(reason, a.stop()) //nolint:contextcheck // ctx has ended; stopping has its own ten seconds
}

// until returns when c360 is to stop, and why if nobody told it to. Told to stop it says on /readyz that it is not
// ready, and goes on for as long as --drain says, so that whoever sends requests here finds another place first.
func (a *app) until(ctx context.Context, served <-chan error) error {
	var logFailed <-chan struct{}
	var foldingFailed <-chan error
	if a.house.log != nil {
		logFailed = a.house.log.Failed()
	}
	if a.house.generations != nil {
		foldingFailed = a.house.generations.Failed()
	}
	told := ctx.Done()
	var drained <-chan time.Time
	for {
		select {
		case <-told:
			a.ready.draining.Store(true)
			told, drained = nil, time.After(a.config.drain)
		case <-drained:
			return nil
		case err := <-served:
			return err
		case <-logFailed:
			return events.ErrFailed
		case err := <-foldingFailed:
			return err
		}
	}
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
	return errors.Join(err, a.close())
}

// close closes what is open, in the opposite order of the drawing.
func (a *app) close() error {
	err := errors.Join(a.closeServices(), a.house.close())
	a.nats.close()
	a.traces.close()
	return err
}

func (a *app) closeServices() error {
	a.endStreams()
	if a.ingest != nil {
		return a.ingest.Close()
	}
	return nil
}
