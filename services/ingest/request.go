package ingest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

// request is one request whose body has been read: the bytes, and, once known, who sent it.
type request struct {
	*taken
	received time.Time
	source   *auth.Source
}

func (q *request) body() []byte { return q.buf.Bytes() }

// read pushes back if it must, refuses a bad key before it reads anything, and takes the body in. An SDK that keeps
// its key in the body gets its source later, from keyed.
func (s *Service) read(r *http.Request) (*request, error) {
	if pause := s.gate.Producers(); pause > 0 {
		return nil, web.Wrong(http.StatusTooManyRequests, "events come in faster than they can be worked off").After(seconds(pause))
	}
	q := &request{received: s.now()}
	if key, present := auth.KeyFrom(r); present {
		if err := s.known(q, r, key); err != nil {
			return nil, err
		}
	}
	body, err := s.bodies.Open(r, s.limits)
	if err != nil {
		return nil, err //nolint:wrapcheck // a *web.Problem that says everything
	}
	defer body.Close()
	q.taken, err = s.budget.read(r.Context(), body)
	return q, err
}

// keyed finds the source by the key in the body, and then in the query, if no header brought one.
func (s *Service) keyed(q *request, r *http.Request, inBody string) error {
	if q.source != nil {
		return nil
	}
	if inBody == "" {
		inBody = r.URL.Query().Get("writeKey")
	}
	if inBody == "" {
		return errNoKey
	}
	return s.known(q, r, inBody)
}

// errNoKey is what a request gets that brought no key in any place.
var errNoKey = web.Wrong(http.StatusUnauthorized, auth.ErrNoKey.Error())

func (s *Service) known(q *request, r *http.Request, key string) error {
	source, err := s.sources.Find(key)
	switch {
	case errors.Is(err, auth.ErrDisabled):
		return web.Wrong(http.StatusNotFound, err.Error())
	case err != nil:
		return web.Wrong(http.StatusUnauthorized, err.Error())
	case !source.AllowsOrigin(r.Header.Get("Origin")):
		return web.Wrong(http.StatusForbidden, "pages of this origin may not use this write key; add origin=… to its entry in C360_SOURCES")
	}
	q.source = source
	return nil
}

func (s *Service) arrival(q *request, r *http.Request) arrival {
	return arrival{source: q.source, received: q.received, trace: traceOf(r.Context(), r.Header), request: uuid.NewString()}
}

// Outcome is what became of the events of a request.
type Outcome struct {
	Accepted int `json:"accepted"`
	// Duplicates were in the log already; they are as safe as the accepted ones.
	Duplicates int `json:"duplicates"`
	// Rejected events can never be stored; GET /v1/rejects says why.
	Rejected int `json:"rejected"`
	// Position is that of the last event of the request, accepted or duplicate.
	Position events.Position `json:"position"`
}

func (o Outcome) total() int { return o.Accepted + o.Duplicates + o.Rejected }

func (o *Outcome) plus(x Outcome) {
	o.Accepted += x.Accepted
	o.Duplicates += x.Duplicates
	o.Rejected += x.Rejected
	o.Position = max(o.Position, x.Position)
}

// commit makes a batch durable: its events in the log, its rejects in their file. Only then may a reply go out.
func (s *Service) commit(ctx context.Context, b *batch) (Outcome, error) {
	o, err := s.append(ctx, b)
	if err != nil {
		return o, err
	}
	if err := s.rejects.keep(b.rejects); err != nil {
		s.logger.ErrorContext(ctx, "rejected events could not be kept", "source", b.source.Name, "error", err)
		return o, web.Wrong(http.StatusServiceUnavailable, "refused events could not be written down; send the request again").After(5)
	}
	s.count(ctx, b, &o)
	return o, nil
}

func (s *Service) count(ctx context.Context, b *batch, o *Outcome) {
	o.Rejected = len(b.rejects)
	o.tell(spanOf(ctx))
	s.metrics.accepted.Add(float64(o.Accepted))
	s.metrics.duplicate.Add(float64(o.Duplicates))
	if o.Rejected == 0 {
		return
	}
	s.metrics.rejected.Add(float64(o.Rejected))
	for i := range b.rejects {
		s.metrics.reasons[b.rejects[i].Reason].Inc()
	}
	s.logger.WarnContext(ctx, "events rejected", "source", b.source.Name, "request", b.request,
		"rejected", o.Rejected, "accepted", o.Accepted, "reason", b.rejects[0].Reason)
}

func setPosition(w http.ResponseWriter, p events.Position) {
	if p > 0 {
		w.Header().Set("C360-Position", strconv.FormatUint(uint64(p), 10))
	}
}

// fail answers with a problem, and counts it if it pushes the client back.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p *web.Problem
	if !errors.As(err, &p) {
		s.logger.ErrorContext(r.Context(), "request failed", "error", err)
		p = web.Wrong(http.StatusServiceUnavailable, "this did not work; send it again").After(5)
	}
	if p.RetryAfter > 0 {
		s.metrics.pushedBack.WithLabelValues(strconv.Itoa(p.Status)).Inc()
	}
	p.Write(w)
}
