package query

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// Rehearsal is a log that grows again as it once did, while Run releases its events: what a sandbox follows, so that
// people can be trained on a day that has been. It takes nothing in. *pace.Log is one.
type Rehearsal interface {
	events.Log
	Run(ctx context.Context) error
}

// rehearsals are those that run, by the generation that follows them. They end with it, or with the service.
type rehearsals struct {
	mu      sync.Mutex
	running map[string]context.CancelFunc
	all     sync.WaitGroup
	closed  bool
}

// start runs a rehearsal until it is over or ctx ends.
func (r *rehearsals) start(ctx context.Context, id string, log Rehearsal, logger *slog.Logger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	if r.running == nil {
		r.running = map[string]context.CancelFunc{}
	}
	r.running[id] = cancel
	r.all.Go(func() {
		defer r.end(id)
		if err := log.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			logger.LogAttrs(ctx, slog.LevelWarn, "rehearsal ended", slog.String("generation", id), slog.Any("error", err))
		}
	})
}

func (r *rehearsals) end(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.running[id]; cancel != nil {
		cancel()
		delete(r.running, id)
	}
}

func (r *rehearsals) close() {
	r.mu.Lock()
	r.closed = true
	for _, cancel := range r.running {
		cancel()
	}
	r.mu.Unlock()
	r.all.Wait()
}

// rehearsalOf returns what a sandbox is to follow; nil if it is to stand still.
func (s *Service) rehearsalOf(ctx context.Context, q *GenerationRequest, plan *projections.Plan) (Rehearsal, error) {
	switch {
	case q.Speed == "":
		return nil, nil
	case q.Kind != projections.KindSandbox:
		return nil, web.Wrong(http.StatusBadRequest, "only a sandbox goes on at a speed; leave speed out, or build one of kind sandbox").At("/speed")
	case plan.At.Known == 0:
		return nil, web.Wrong(http.StatusBadRequest, "a sandbox that goes on at a speed begins at known_at; give a position or a time").At("/known_at")
	case !plan.At.Occurred.IsZero():
		return nil, web.Wrong(http.StatusBadRequest, "a sandbox that goes on at a speed goes by known_at alone; leave as_of out").At("/as_of")
	case s.rehearse == nil:
		return nil, web.Wrong(http.StatusBadRequest, "this c360 cannot replay into a sandbox; leave speed out").At("/speed")
	}
	log, err := s.rehearse(ctx, plan.At.Known, q.Speed)
	if err != nil {
		return nil, wrongInstant("/speed", err)
	}
	return log, nil
}
