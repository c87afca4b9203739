package query

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

type differenceParams struct {
	ID     string `path:"id" maxlen:"64" doc:"id of the generation that is b, after"`
	With   string `query:"with" maxlen:"64" doc:"id of the generation that is a, before; the live one if left out"`
	Limit  int    `query:"limit" min:"1" max:"500" default:"50" doc:"customers in the answer"`
	Cursor string `query:"cursor" maxlen:"64" doc:"next of an answer: another page of that comparison, or the same one when it is done"`
}

const differenceDoc = "Compares two generations at one position: tables by row counts and hashes, and every customer whose rows differ, with what the " +
	"page says before and after. One that can go on is first folded up to where the other is; one that ends at an instant is taken as it " +
	"is. A comparison runs once and is kept for its pages; one that takes more than a moment is answered 202 and told of with the " +
	"same call until it is done. Nothing is changed by it."

// differenceSoon is how long a request waits for a comparison before it is told how far it is.
const differenceSoon = 2 * time.Second

func (s *Service) differenceRoute() route {
	t := reflect.TypeFor[differenceParams]()
	params := newReader(t)
	rt := route{Operation: openapi.Operation{
		Method: http.MethodGet, Path: "/v1/generations/{id}/diff", ID: "difference", Tag: "operations",
		Summary: "how two generations differ, and for whom", Doc: differenceDoc,
		Params: t, Answer: reflect.TypeFor[DifferenceAnswer](), Status: http.StatusOK, Later: http.StatusAccepted,
		Problems: []int{400, 403, 404, 409, 500, 503},
	}}
	rt.serve = func(w http.ResponseWriter, r *http.Request) error {
		var p differenceParams
		if err := params.read(r, reflect.ValueOf(&p).Elem()); err != nil {
			return err
		}
		a, err := s.difference(r.Context(), &p)
		if err != nil {
			return err
		}
		status := http.StatusOK
		if a.State == stateComparing {
			status = http.StatusAccepted
			w.Header().Set("Retry-After", "1")
		}
		return s.write(w, status, a)
	}
	return rt
}

// difference answers with a page of a comparison, which it begins if there is none, or with how far it is.
func (s *Service) difference(ctx context.Context, p *differenceParams) (*DifferenceAnswer, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	x, from, err := s.comparisonOf(ctx, p)
	if err != nil {
		return nil, err
	}
	soon := time.NewTimer(differenceSoon)
	defer soon.Stop()
	select {
	case <-x.done:
		return x.page(from, p.Limit)
	case <-soon.C:
		return x.pending(), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// comparisonOf finds the comparison that a cursor is of, one that is still true, or begins one.
func (s *Service) comparisonOf(ctx context.Context, p *differenceParams) (*compared, int64, error) {
	if p.Cursor != "" {
		number, from, err := parseDifferenceCursor(p.Cursor)
		if err != nil {
			return nil, 0, err
		}
		x, err := s.comparisons.numbered(number)
		return x, from, err
	}
	of, err := s.pairOf(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	x, err := s.comparisons.begin(ctx, of, func(ctx context.Context, x *compared) error { return s.compare(ctx, x) })
	return x, 0, err
}

// pairOf checks that the two generations are there.
func (s *Service) pairOf(ctx context.Context, p *differenceParams) (pairOfIDs, error) {
	of := pairOfIDs{before: p.With, after: p.ID}
	if of.before == "" {
		now, err := s.live.Generation()
		if err != nil {
			return of, err
		}
		of.before = now.ID
	}
	if of.before == of.after {
		return of, web.Wrong(http.StatusBadRequest, "a generation does not differ from itself; give another one with with=").At("?with")
	}
	all, err := s.allGenerations(ctx)
	if err != nil {
		return of, err
	}
	for i, id := range []string{of.before, of.after} {
		n := slices.IndexFunc(all, func(g projections.Generation) bool { return g.ID == id && g.State == projections.GenerationReady })
		if n < 0 {
			problem := web.Wrong(http.StatusNotFound, "there is no generation of that id that is ready; see GET /v1/generations")
			return of, problem.At([]string{"?with", "?id"}[i])
		}
	}
	return of, nil
}
