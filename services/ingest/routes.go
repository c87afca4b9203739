package ingest

import (
	"net/http"
	"path"
	"strings"

	"github.com/c360hq/c360/services/web"
)

// route is one path of the wire. It is looked up by hand and not by http.ServeMux, because a mux answers an
// unclean path with a redirect, and an SDK follows a redirect as GET and then believes its events delivered.
type route struct {
	serve  func(*Service, http.ResponseWriter, *http.Request)
	method string
	// pattern is the path with what is different every time left out; it names spans.
	pattern string
	// private routes are for operators: no page on another origin may call them.
	private bool
}

func post(serve func(*Service, http.ResponseWriter, *http.Request)) route {
	return route{serve: serve, method: http.MethodPost}
}

func get(serve func(*Service, http.ResponseWriter, *http.Request)) route {
	return route{serve: serve, method: http.MethodGet}
}

func (r route) named(pattern string) route {
	r.pattern = pattern
	return r
}

func single(kind string) route {
	return post(func(s *Service, w http.ResponseWriter, r *http.Request) { s.serveMessage(w, r, kind) })
}

// table holds the routes whose path is fixed.
func table() map[string]route {
	return map[string]route{
		"/v1/batch": post((*Service).serveBatch), "/v1/b": post((*Service).serveBatch),
		"/beacon/v1/batch": post((*Service).serveBatch),
		"/v1/import":       post((*Service).serveImport),
		"/v1/track":        single("track"), "/v1/t": single("track"),
		"/v1/identify": single("identify"), "/v1/i": single("identify"),
		"/v1/page": single("page"), "/v1/p": single("page"),
		"/v1/screen": single("screen"), "/v1/s": single("screen"),
		"/v1/group": single("group"), "/v1/g": single("group"),
		"/v1/alias": single("alias"), "/v1/a": single("alias"),
		"/v1/merge":       post((*Service).serveMerge),
		"/v1/events":      post((*Service).serveCloudEvents),
		"/v1/cloudevents": post((*Service).serveCloudEvents),
		"/batch":          post((*Service).servePostHog),
		"/pixel/v1/track": get((*Service).servePixel), "/pixel/v1/page": get((*Service).servePixel),
		"/sourceConfig": get((*Service).serveSourceConfig),
		"/v1/rejects":   {serve: (*Service).serveRejects, method: http.MethodGet, private: true},
	}
}

// find returns the route of a path.
func (s *Service) find(path string) (route, bool) {
	path = clean(path)
	if found, ok := s.routes[path]; ok {
		found.pattern = path
		return found, true
	}
	switch {
	case strings.HasPrefix(path, "/v1/projects/") && strings.HasSuffix(path, "/settings"):
		return get((*Service).serveSettings).named("/v1/projects/{key}/settings"), true
	case strings.HasPrefix(path, "/analytics-next/"), strings.HasPrefix(path, "/analytics.js/"):
		return get((*Service).serveNoBundle).named("/analytics-next/"), true
	}
	return route{}, false
}

// clean takes trailing and doubled slashes out of a path: SDKs put "/v1/batch" behind a host that ends in "/".
func clean(p string) string {
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	if len(p) > 1 {
		p = strings.TrimRight(p, "/")
	}
	return p
}

// Handler serves the routes of this service and answers everything else with 404.
func (s *Service) Handler() http.Handler { return s.Over(http.HandlerFunc(nothing)) }

// Over serves the routes of this service and hands every other request to next. What next would not take as the POST
// of an event or a decision goes nowhere, and is told so in a way that the page it came from may read; see astray.
func (s *Service) Over(next http.Handler) http.Handler {
	return s.patience.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, ok := s.find(r.URL.Path)
		switch {
		case ok:
			s.dispatch(w, r, found)
		case posts(r) && astray(next, r):
			nothing(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	}))
}

// posts reports whether a request is a POST, or the question of a browser whether it may send one.
func posts(r *http.Request) bool {
	return r.Method == http.MethodPost ||
		r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") == http.MethodPost
}

// astray reports whether a POST can only be a mistake. One whose path is not clean would be redirected by a mux, and a
// redirected POST is a lost event. One to a path below /v1 that next has no POST for is a misspelt route: the refusal
// that next has for pages of other sites would look as if the fault were the origin and not the path.
func astray(next http.Handler, r *http.Request) bool {
	if path.Clean(r.URL.Path) != r.URL.Path {
		return true
	}
	mux, ok := next.(*http.ServeMux)
	if !ok || r.URL.Path != "/v1" && !strings.HasPrefix(r.URL.Path, "/v1/") {
		return false
	}
	asked := r.WithContext(r.Context())
	asked.Method = http.MethodPost
	_, pattern := mux.Handler(asked)
	return !strings.HasPrefix(pattern, http.MethodPost+" ")
}

func (s *Service) dispatch(w http.ResponseWriter, r *http.Request, found route) {
	if !found.private && !web.AllowOrigin(w, r) {
		return
	}
	if r.Method != found.method && (found.method != http.MethodGet || r.Method != http.MethodHead) {
		w.Header().Set("Allow", found.method+", OPTIONS")
		web.Wrong(http.StatusMethodNotAllowed, "use "+found.method+" here").Write(w)
		return
	}
	s.tracing.serve(w, r, found.pattern, func(w http.ResponseWriter, r *http.Request) { found.serve(s, w, r) })
}

// nothing answers what is no route, to pages of any origin.
func nothing(w http.ResponseWriter, r *http.Request) {
	if web.AllowOrigin(w, r) {
		web.Wrong(http.StatusNotFound, "there is nothing here; events go to /v1/batch, /v1/events or /v1/import").Write(w)
	}
}
