package replay

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
	"github.com/c360hq/c360/services/web"
)

// Live is the generation that serves; *projections.Live is one.
type Live interface {
	View(ctx context.Context) (projections.View, error)
}

// Config is what a Service needs; all of it but Logger.
type Config struct {
	Live     Live
	Log      events.Log
	Identity *identity.Room
	Profile  *profile.Room
	// Guard lets through who may read: exports hold personal data.
	Guard func(http.Handler) http.Handler
	// Now is the clock that slow readers are cut off by.
	Now func() time.Time
	// Logger takes one line a request, without what was asked for; nil discards it.
	Logger *slog.Logger
}

// Service streams tables of the generation that serves. It is safe for many requests, of which two are answered at once.
type Service struct {
	Config
	places chan struct{}
}

const (
	// exportsAtOnce bounds the views that exports hold: while one is open the read store cannot tidy up behind it.
	exportsAtOnce = 2
	// stalled is how long a reader may take for a piece of so many bytes.
	stalled = 30 * time.Second
	piece   = 64 << 10
)

// New returns a service.
func New(c Config) (*Service, error) {
	if c.Live == nil || c.Log == nil || c.Identity == nil || c.Profile == nil || c.Guard == nil || c.Now == nil {
		return nil, errors.New("replay: Live, Log, Identity, Profile, Guard and Now are required")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: c, places: make(chan struct{}, exportsAtOnce)}, nil
}

// Call describes a call of the service, for the API document.
type Call struct {
	Method, Path, ID, Summary, Doc string
	Params                         reflect.Type
	Status                         int
	Media                          string
	Problems                       []int
}

const exportPath = "/v1/export/{dataset}"

// Calls describes all calls of a Service.
func Calls() []Call {
	return []Call{{
		Method: http.MethodGet, Path: exportPath, ID: "export", Summary: "one table as NDJSON, CSV or Parquet",
		Doc: "Streams a table of what is true now; C360-Position says at which position. from, to, type and channel select among events and " +
			"order_items. Holds personal data. Whole exports with a manifest, and tables as of an instant, are made by `c360 export` and `c360 replay`.",
		Params: reflect.TypeFor[exportParams](), Status: http.StatusOK, Media: "application/octet-stream",
		Problems: []int{400, 403, 404, 500, 503},
	}}
}

// Routes puts the calls on mux, behind the guard.
func (s *Service) Routes(mux *http.ServeMux) {
	mux.Handle(http.MethodGet+" "+exportPath, s.Guard(http.HandlerFunc(s.export)))
}

// export answers with a table, or with why not.
func (s *Service) export(w http.ResponseWriter, r *http.Request) {
	began := s.Now()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	ask, err := readExport(r)
	if err == nil {
		err = s.stream(w, r, ask)
	}
	var p *web.Problem
	switch {
	case err == nil:
	case errors.As(err, &p):
		p.Write(w)
	default:
		s.Logger.ErrorContext(r.Context(), "export", slog.Any("error", err))
		web.Wrong(http.StatusInternalServerError, "something went wrong here; the log of c360 says more under export").Write(w)
	}
	s.Logger.InfoContext(r.Context(), "export", slog.Duration("took", s.Now().Sub(began)), slog.Bool("whole", err == nil))
}

// stream writes the table. Once the first row is on its way there is no status left to say that something failed: the
// connection is cut, so that nobody takes a part for the whole.
func (s *Service) stream(w http.ResponseWriter, r *http.Request, ask *asked) error {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		return web.Wrong(http.StatusServiceUnavailable, "other exports are under way; try again when they are done, or use `c360 export`").After(30)
	}
	v, err := s.Live.View(r.Context())
	if err != nil {
		return err
	}
	defer v.Close()
	src := &dataset.Source{View: v, Log: s.Log, Identity: s.Identity, Profile: s.Profile}
	h := w.Header()
	h.Set("Content-Type", ask.format.Media)
	h.Set("Content-Disposition", `attachment; filename="`+ask.dataset.Name+ask.format.Ending+`"`)
	h.Set("C360-Position", strconv.FormatUint(uint64(src.Until()), 10))
	if r.Method == http.MethodHead { // who asks for the position only does not have the table made
		return nil
	}
	if err := s.rows(w, r, src, ask); err != nil {
		s.Logger.WarnContext(r.Context(), "export cut off", slog.Any("error", err))
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (s *Service) rows(w http.ResponseWriter, r *http.Request, src *dataset.Source, ask *asked) error {
	out := &patient{w: w, control: http.NewResponseController(w), now: s.Now}
	to, err := ask.format.New(out, ask.dataset.Columns)
	if err != nil {
		return err
	}
	if err := ask.dataset.Rows(r.Context(), src, ask.query, to.Write); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	return out.end()
}

// patient gives a reader its time for every piece, however long it took to find the rows and however many come at once.
type patient struct {
	w       http.ResponseWriter
	control *http.ResponseController
	now     func() time.Time
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (written int, err error) {
	for err == nil && written < len(b) {
		if err = p.wait(); err != nil {
			break
		}
		var n int
		n, err = p.w.Write(b[written:min(written+piece, len(b))])
		written += n
	}
	return written, err
}

func (p *patient) wait() error { return p.control.SetWriteDeadline(p.now().Add(stalled)) }

// end sends what is left. The connection may serve others then.
func (p *patient) end() error {
	if err := p.wait(); err != nil {
		return err
	}
	if err := p.control.Flush(); err != nil {
		return err
	}
	return p.control.SetWriteDeadline(time.Time{})
}

// asked is what an export was asked for.
type asked struct {
	dataset *dataset.Dataset
	format  format.Format
	query   dataset.Query
}
