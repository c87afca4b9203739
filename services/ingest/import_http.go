package ingest

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

// serveImport answers POST /v1/import: without a format it is a historical batch as Segment's and RudderStack's
// are, with ?format=ndjson|csv it is a stream of any length.
func (s *Service) serveImport(w http.ResponseWriter, r *http.Request) {
	format := r.URL.Query().Get("format")
	if format == "" {
		s.serveMessages(w, r, true)
		return
	}
	q := &request{received: s.now()}
	key, present := auth.KeyFrom(r)
	if !present {
		key = r.URL.Query().Get("writeKey")
	}
	if err := s.known(q, r, key); err != nil {
		s.fail(w, r, err)
		return
	}
	web.Unhurried(r) // before Open, which reads the beginning of a gzip stream
	body, err := s.bodies.Open(r, web.Limits{Ratio: s.limits.Ratio, RatioFrom: 16 << 20})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer body.Close()
	share, err := s.budget.share(r.Context(), importShare)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer share.release()
	report, err := s.Import(r.Context(), Import{Source: q.source, Format: format, Body: body})
	setPosition(w, report.Position)
	if err != nil {
		s.failImport(w, r, report, err)
		return
	}
	web.JSON(w, http.StatusOK, report)
}

// failImport answers an import that stopped before its end with how far it came.
func (s *Service) failImport(w http.ResponseWriter, r *http.Request, report Report, err error) {
	var p *web.Problem
	if !errors.As(err, &p) {
		p = web.Wrong(http.StatusServiceUnavailable, "the import stopped").After(5)
	}
	so := *p
	so.Detail += "; everything up to line " + strconv.Itoa(report.Lines) + " is settled, the rest can be sent again"
	s.fail(w, r, &so)
}
