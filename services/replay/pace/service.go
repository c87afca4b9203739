package pace

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/web"
)

// Config is what a Service needs. Log, Guard, Fragments, Now and Zone are required.
type Config struct {
	Log events.Log
	// Guard lets through who may read; a replay tells whole events.
	Guard func(http.Handler) http.Handler
	// Fragments returns the fragments of the customer that a fragment belongs to; none if there is no such fragment.
	Fragments func(ctx context.Context, id uuid.UUID) ([]uuid.UUID, error)
	// Members returns the fragments of everybody who is in a segment, or ErrNoSegment. It may be nil: there are no segments.
	Members func(ctx context.Context, segment string) (map[uuid.UUID]bool, error)
	// Now is the clock that pauses are measured with. Sleep is as in Options.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// Zone is where days that are given without a clock begin and end.
	Zone *time.Location
	// AtOnce is how many replays may run at once; 0 is 8.
	AtOnce int
	// Logger takes one line a replay; nil discards them.
	Logger *slog.Logger
}

// Service tells replays as server-sent events. Each has a goroutine of its own, which waits for its reader; so one who
// reads slowly slows nobody else.
type Service struct {
	Config
	places chan struct{} // one for every replay that runs
	open   sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex // orders open.Add and Close
}

const defaultAtOnce = 8

// New returns a service. Close ends its replays.
func New(c Config) (*Service, error) {
	if c.Log == nil || c.Guard == nil || c.Fragments == nil || c.Now == nil || c.Zone == nil {
		return nil, errors.New("pace: Log, Guard, Fragments, Now and Zone are required")
	}
	if c.AtOnce == 0 {
		c.AtOnce = defaultAtOnce
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Sleep == nil {
		c.Sleep = Sleep
	}
	s := &Service{Config: c, places: make(chan struct{}, c.AtOnce)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Routes puts the route of the service on mux.
func (s *Service) Routes(mux *http.ServeMux) {
	mux.Handle(Call.Method+" "+Call.Path, s.Guard(http.HandlerFunc(s.serve)))
}

// Close ends every replay and waits for them. Call it when the HTTP server begins to shut down.
func (s *Service) Close() {
	s.mu.Lock()
	s.cancel()
	s.mu.Unlock()
	s.open.Wait()
}

// enter takes a place for a replay; leave gives it back. It returns nil if there is none.
func (s *Service) enter() (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return nil
	}
	select {
	case s.places <- struct{}{}:
	default:
		return nil
	}
	s.open.Add(1)
	return func() {
		<-s.places
		s.open.Done()
	}
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if err := s.replay(w, r); err != nil {
		s.problem(r.Context(), err).Write(w)
	}
}

// problem turns an error into what is answered; what is no mistake of the caller is told to the log alone.
func (s *Service) problem(ctx context.Context, err error) *web.Problem {
	var p *web.Problem
	if errors.As(err, &p) {
		return p
	}
	if ctx.Err() == nil {
		s.Logger.ErrorContext(ctx, "a replay could not begin", slog.Any("error", err))
	}
	return web.Wrong(http.StatusServiceUnavailable, "the log cannot be read now; try again").After(5)
}

// replay serves one replay. An error means that nothing was answered yet.
func (s *Service) replay(w http.ResponseWriter, r *http.Request) error {
	o, err := s.options(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		return nil // nobody would hear it
	}
	leave := s.enter()
	if leave == nil {
		return web.Wrong(http.StatusServiceUnavailable, "as many replays run already as may at once; end one, or try again").After(5)
	}
	defer leave()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)() //nolint:contextcheck // it ends with the service too
	out := newWriter(w, s.Now)
	o.Sleep = out.sleeper(s.Sleep)
	o.Idle = out.flush
	out.comment("c360")
	end, err := Run(ctx, lively{s.Log, out}, o, out.touchpoint)
	if err == nil {
		err = out.end(end)
	}
	s.Logger.InfoContext(r.Context(), "a replay ended", slog.Uint64("events", end.Count),
		slog.Uint64("position", uint64(end.Position)), slog.Bool("whole", err == nil))
	return nil
}
