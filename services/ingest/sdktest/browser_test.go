package sdktest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// chromium is the browser to drive.
func chromium(t *testing.T) string {
	t.Helper()
	path := os.Getenv("C360_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		t.Fatalf("no Chromium at %s: set C360_CHROMIUM, or%s", path, mendable[1:])
	}
	return found
}

// visit opens a page, served from another origin than the edge, in a real browser.
func (e *edge) visit(page string, query url.Values, env ...string) string {
	e.t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("pages")))
	for name, file := range map[string]string{
		"/sdk/segment.js": "node_modules/@segment/analytics-next/dist/umd/index.js",
		"/sdk/rudder.js":  "node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
	} {
		mux.HandleFunc(name, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	}
	shop := httptest.NewServer(mux)
	defer shop.Close()
	query.Set("key", webKey)
	query.Set("edge", e.URL)
	return e.run("browser.js", append(env, "C360_CHROMIUM="+chromium(e.t), "PAGE_URL="+shop.URL+"/"+page+"?"+query.Encode())...)
}

// segmentVisit is what the Segment page does. The alias names the person it already is.
var segmentVisit = []string{
	"page.viewed web anonymous_id:*/claimed",
	"product.viewed web anonymous_id:*/claimed",
	"customer.identified web user_id:u1/claimed anonymous_id:*/claimed email:kim@example.com/claimed",
	"custom.song_played web user_id:u1/claimed anonymous_id:*/claimed",
	"customer.grouped web user_id:u1/claimed anonymous_id:*/claimed",
	"screen.viewed app user_id:u1/claimed anonymous_id:*/claimed",
}

func TestSegmentBrowser(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]url.Values{"single": {}, "batching": {"batching": {"1"}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t, nil)
			out := e.visit("segment.html", query, "LEAVE=1")
			t.Log(out)
			list := e.expect(append(segmentVisit, "customer.aliased web user_id:u1/claimed anonymous_id:*/claimed")...)
			first := list[0].Stream
			for _, r := range list {
				if r.Source != "web" || r.Stream != first {
					t.Errorf("%s from %s lies in %s, the first in %s", r.Type, r.Source, r.Stream, first)
				}
			}
		})
	}
}

func TestSegmentBrowserRetries(t *testing.T) {
	t.Parallel()
	for name, statuses := range map[string][]int{"503": {503, 503}, "429": {429}, "lost acknowledgement": {0, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			between, posts := moody(statuses...)
			e := newEdge(t, between)
			out := e.visit("segment.html", url.Values{})
			types := map[string]int{} // the SDK resends an early event with the user it has learnt since
			for _, r := range e.stored(len(segmentVisit) + 1) {
				types[r.Type]++
			}
			for _, want := range append(segmentVisit, "customer.aliased ") {
				if typ, _, _ := strings.Cut(want, " "); types[typ] != 1 {
					t.Errorf("%s is there %d times", typ, types[typ])
				}
			}
			if posts() <= len(segmentVisit)+1 {
				t.Errorf("the SDK sent %d requests; it did not try again\n%s", posts(), out)
			}
		})
	}
}

func TestRudderBrowser(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]url.Values{"single": {}, "batching": {"batching": {"1"}}, "beacon": {"beacon": {"1"}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t, nil)
			t.Log(e.visit("rudder.html", query))
			e.expect(
				"page.viewed web anonymous_id:*/claimed",
				"customer.identified web user_id:u1/claimed anonymous_id:*/claimed email:kim@example.com/claimed",
				"product.viewed web user_id:u1/claimed anonymous_id:*/claimed",
				"custom.song_played web user_id:u1/claimed anonymous_id:*/claimed",
				"customer.grouped web user_id:u1/claimed anonymous_id:*/claimed",
				"customer.aliased web user_id:u2/claimed anonymous_id:*/claimed user_id:u1/claimed",
			)
		})
	}
}
