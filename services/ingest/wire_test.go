package ingest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/services/ingest"
)

// TestEveryDocumentedRouteIsServed asks every route without a key: it must know the path and the method, and, if it
// takes or shows events, refuse.
func TestEveryDocumentedRouteIsServed(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	ids := map[string]bool{}
	for _, route := range ingest.Routes() {
		a := e.do(call{method: route.Method, path: strings.ReplaceAll(route.Path, "{key}", webKey)})
		want := http.StatusUnauthorized
		switch {
		case strings.HasSuffix(route.Path, "/settings"), strings.HasPrefix(route.Path, "/pixel/"), route.Path == "/v1/rejects":
			want = http.StatusOK
		case route.Method == http.MethodPost && route.Answer != nil:
			want = http.StatusBadRequest // there is no body either, and that is what it says first
		}
		if a.StatusCode != want {
			t.Errorf("%s %s: %d, want %d", route.Method, route.Path, a.StatusCode, want)
		}
		if ids[route.ID] || route.Summary == "" || route.Status == 0 {
			t.Errorf("%s is described as %+v", route.Path, route)
		}
		ids[route.ID] = true
		wrong := e.do(call{method: http.MethodDelete, path: strings.ReplaceAll(route.Path, "{key}", webKey)})
		if wrong.StatusCode != http.StatusMethodNotAllowed || wrong.Header.Get("Allow") == "" {
			t.Errorf("DELETE %s: %d", route.Path, wrong.StatusCode)
		}
	}
	if len(ids) < 25 {
		t.Errorf("%d routes are documented", len(ids))
	}
}

// TestRejectsOfAStrangeName: a page whose own name was made to point at this machine may not read rejects.
func TestRejectsOfAStrangeName(t *testing.T) {
	t.Parallel()
	service, _, _ := newService(t)
	for host, want := range map[string]int{
		"localhost": 200, "localhost:3600": 200, "127.0.0.1:3600": 200, "[::1]:3600": 200, "[::1]": 200,
		"evil.example": 403, "localhost.evil.example:3600": 403, "10.0.0.1": 403, "": 403,
	} {
		r, err := http.NewRequest(http.MethodGet, "http://x.example/v1/rejects", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		w := newRecorder()
		if service.Handler().ServeHTTP(w, r); w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
}
