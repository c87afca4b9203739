package query

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

// route is one call of the API: what it is called, what it takes and gives, and the function that serves it. The
// table of routes is the one place from which both the mux and the OpenAPI document are made.
type route struct {
	openapi.Operation
	serve func(w http.ResponseWriter, r *http.Request) error
	// open routes tell nothing about anybody and pass no guard.
	open bool
}

// none are the parameters of a call that takes none.
type none struct{}

// waiting is part of the parameters of every call that can wait for a position.
type waiting struct {
	Wait events.Position `query:"wait" doc:"answer only once the event at this position is folded (C360-Position of an ingest answer); 503 after 5 s"`
}

func (w waiting) awaited() events.Position { return w.Wait }

// get describes a read: P holds its parameters, A is its answer.
func get[P, A any](s *Service, path, id, tag, summary string, read func(context.Context, *P) (*A, error)) route {
	params := newReader(reflect.TypeFor[P]())
	rt := route{Operation: openapi.Operation{
		Method: http.MethodGet, Path: path, ID: id, Tag: tag, Summary: summary,
		Params: reflect.TypeFor[P](), Answer: reflect.TypeFor[A](), Status: http.StatusOK, Problems: problemsOf[P](path),
	}}
	rt.serve = func(w http.ResponseWriter, r *http.Request) error {
		var p P
		if err := params.read(r, reflect.ValueOf(&p).Elem()); err != nil {
			return err
		}
		if err := s.awaitAsked(r.Context(), p); err != nil {
			return err
		}
		a, err := read(r.Context(), &p)
		if err != nil {
			return err
		}
		return s.write(w, http.StatusOK, a)
	}
	return rt
}

// awaitAsked waits for the position that the parameters of a call ask for, if they do.
func (s *Service) awaitAsked(ctx context.Context, params any) error {
	at, ok := params.(interface{ awaited() events.Position })
	if !ok || at.awaited() == 0 {
		return nil
	}
	return s.await(ctx, "wait", at.awaited())
}

// post describes a change: B is the JSON body.
func post[P, B, A any](s *Service, path, id, tag, summary string, do func(context.Context, *P, *B) (*A, error)) route {
	return withBody(s, http.StatusAccepted, path, id, tag, summary, do)
}

// ask describes a read whose question is a JSON body.
func ask[P, B, A any](s *Service, path, id, tag, summary string, read func(context.Context, *P, *B) (*A, error)) route {
	rt := withBody(s, http.StatusOK, path, id, tag, summary, read)
	rt.Problems = append(rt.Problems, http.StatusUnprocessableEntity)
	return rt
}

func withBody[P, B, A any](s *Service, status int, path, id, tag, summary string, do func(context.Context, *P, *B) (*A, error)) route {
	params := newReader(reflect.TypeFor[P]())
	rt := route{Operation: openapi.Operation{
		Method: http.MethodPost, Path: path, ID: id, Tag: tag, Summary: summary, Params: reflect.TypeFor[P](),
		Body: bodyType[B](), Answer: reflect.TypeFor[A](), Status: status,
		Problems: []int{400, 403, 404, 409, 413, 415, 500, 503},
	}}
	rt.serve = func(w http.ResponseWriter, r *http.Request) error {
		var p P
		var b B
		if err := params.read(r, reflect.ValueOf(&p).Elem()); err != nil {
			return err
		}
		if err := s.readBody(r, rt.Body, &b); err != nil {
			return err
		}
		if err := s.awaitAsked(r.Context(), p); err != nil {
			return err
		}
		a, err := do(r.Context(), &p, &b)
		if err != nil {
			return err
		}
		return s.write(w, status, a)
	}
	return rt
}

func bodyType[B any]() reflect.Type {
	if t := reflect.TypeFor[B](); t != reflect.TypeFor[none]() {
		return t
	}
	return nil
}

// problemsOf lists the statuses a read can refuse with.
func problemsOf[P any](path string) []int {
	all := []int{http.StatusBadRequest, http.StatusForbidden, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if len(path) > 0 && path[len(path)-1] == '}' || reflect.TypeFor[P]().NumField() > 0 {
		all = append(all, http.StatusNotFound)
	}
	if _, ok := any(*new(P)).(interface{ past() }); ok {
		all = append(all, http.StatusConflict, http.StatusUnprocessableEntity)
	}
	return all
}

// about returns the route with a longer description.
func (rt route) about(doc string) route {
	rt.Doc = doc
	return rt
}

// by returns the route with another method. What it takes and gives stays.
func (rt route) by(method string) route {
	rt.Method = method
	return rt
}

// toAnybody returns the route without the guard before it.
func (rt route) toAnybody() route {
	rt.open = true
	return rt
}

// unknownRoute answers what no other route of /v1 does.
func unknownRoute() *route {
	return &route{
		Operation: openapi.Operation{ID: "unknown"},
		serve: func(http.ResponseWriter, *http.Request) error {
			return web.Wrong(http.StatusNotFound, "there is no such call, or not with this method; /docs lists what there is")
		},
	}
}

// problem turns any error into what is answered: a problem as it is, a caller that went away into nothing, and
// everything else into a 500 that says no more than that, because its text may hold personal data.
func problem(err error) *web.Problem {
	var p *web.Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.Canceled):
		return web.Wrong(statusGone, "the caller went away before the answer was ready")
	case errors.Is(err, context.DeadlineExceeded):
		return web.Wrong(http.StatusServiceUnavailable, "the answer took too long; try again").After(1)
	case errors.Is(err, events.ErrFull):
		return web.Wrong(http.StatusServiceUnavailable, "the disk of the log is full, nothing was written; free some space and try again").After(10)
	case errors.Is(err, projections.ErrReading):
		return web.Wrong(http.StatusConflict, "this process reads what another one folds; ask one with the role project")
	case errors.Is(err, projections.ErrHeld): // not a 409: what stands in front asks the next process when one is not available
		return web.Wrong(http.StatusServiceUnavailable, "this process stands by and another one folds; that one does it").After(1)
	case stopped(err):
		return web.Wrong(http.StatusServiceUnavailable, "the read models cannot be read now; the log of c360 says why and what to run").After(30)
	case errors.Is(err, events.ErrClosed), errors.Is(err, events.ErrFailed):
		return web.Wrong(http.StatusServiceUnavailable, "the log is not accepting; try again when c360 has restarted").After(5)
	}
	return web.Wrong(http.StatusInternalServerError, "something went wrong here; the log of c360 says more under this route")
}

// statusGone is what is counted when the caller left; nobody reads it.
const statusGone = 499
