package ingest

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

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
	patient := watch(w, body)
	defer patient.stop()
	report, err := s.Import(r.Context(), Import{Source: q.source, Format: format, Body: patient})
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

// patientReader gives an import up when nothing comes any more, however long it is. The clock runs only while it
// waits for the sender, not while the log or the gate makes the sender wait.
type patientReader struct {
	r     io.Reader
	timer *time.Timer
}

func watch(w http.ResponseWriter, r io.Reader) *patientReader {
	return &patientReader{r: r, timer: cutOff(w, silence)}
}

// Read implements io.Reader.
func (p *patientReader) Read(b []byte) (int, error) {
	p.timer.Reset(silence)
	defer p.timer.Stop()
	return p.r.Read(b) //nolint:wrapcheck // a reader passes on what it read
}

func (p *patientReader) stop() { p.timer.Stop() }
