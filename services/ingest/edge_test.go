package ingest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/c360hq/c360/services/ingest"
)

const track = `{"event":"E","userId":"u1","messageId":"m1"}`

func TestKeys(t *testing.T) {
	t.Parallel()
	const withKey = `{"event":"E","userId":"u1","writeKey":"WEBKEY"}`
	basic := func(s string) map[string]string { return map[string]string{"Authorization": s} }
	for name, c := range map[string]struct {
		call
		status int
		source string
	}{
		"basic":                    {call{key: webKey, body: track}, 200, "web"},
		"basic without colon":      {call{header: basic("Basic " + base64.StdEncoding.EncodeToString([]byte(webKey))), body: track}, 200, "web"},
		"bearer":                   {call{header: basic("Bearer " + webKey), body: track}, 200, "web"},
		"body":                     {call{body: withKey}, 200, "web"},
		"query":                    {call{path: "/v1/track?writeKey=" + posKey, body: track}, 200, "pos"},
		"header before body":       {call{key: posKey, body: withKey}, 200, "pos"},
		"body before query":        {call{path: "/v1/track?writeKey=" + posKey, body: withKey}, 200, "web"},
		"a bad header is final":    {call{key: "WRONG", body: withKey}, 401, ""},
		"an unreadable header too": {call{header: basic("Basic ???"), body: withKey}, 401, ""},
		"another scheme too":       {call{header: basic("Digest x"), body: withKey}, 401, ""},
		"none":                     {call{body: track}, 401, ""},
		"unknown in body":          {call{body: `{"event":"E","userId":"u1","writeKey":"WRONG"}`}, 401, ""},
		"disabled":                 {call{key: oldKey, body: track}, 404, ""},
		"origin not allowed":       {call{key: "SHOPKEY", body: track, header: map[string]string{"Origin": "https://evil.example"}}, 403, ""},
		"origin allowed":           {call{key: "SHOPKEY", body: track, header: map[string]string{"Origin": "https://shop.example"}}, 200, "shop"},
		"no origin":                {call{key: "SHOPKEY", body: track}, 200, "shop"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			if c.path == "" {
				c.path = "/v1/track"
			}
			a := e.do(c.call)
			if a.StatusCode != c.status {
				t.Fatalf("%d %s, want %d", a.StatusCode, a.body, c.status)
			}
			if c.source == "" {
				if a.json(t)["error"] == "" || len(e.all()) != 0 || bytes.Contains(a.body, []byte("WRONG")) {
					t.Errorf("%s, %d stored", a.body, len(e.all()))
				}
				return
			}
			if list := e.all(); len(list) != 1 || list[0].Source != c.source {
				t.Errorf("stored %+v", list)
			}
		})
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	const origin = "https://shop.example"
	for _, path := range []string{
		"/v1/batch", "/v1/t", "/v1/events", "/v1/import", "/beacon/v1/batch", "/sourceConfig/", "/v1/projects/K/settings", "/analytics-next/bundles/x.js",
	} {
		a := e.do(call{method: http.MethodOptions, path: path, header: map[string]string{
			"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "anonymousid,authorization,content-type,sentat",
		}})
		h := a.Header
		if a.StatusCode != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != origin || h.Get("Access-Control-Max-Age") != "900" ||
			h.Get("Access-Control-Allow-Headers") != "anonymousid,authorization,content-type,sentat" || !strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") {
			t.Errorf("%s: %d %v", path, a.StatusCode, h)
		}
	}
	for name, c := range map[string]call{
		"200": {path: "/v1/t", key: webKey, body: track},
		"400": {path: "/v1/t", key: webKey, body: "{"},
		"401": {path: "/v1/t", key: "WRONG", body: track},
		"404": {path: "/analytics-next/bundles/x.js", method: http.MethodGet},
		"405": {path: "/v1/t", method: http.MethodGet},
		"413": {path: "/v1/t", key: webKey, body: strings.Repeat(" ", 5<<20)},
	} {
		if c.header = map[string]string{"Origin": origin}; strconv.Itoa(e.do(c).StatusCode) != name {
			t.Errorf("%s: got %d", name, e.do(c).StatusCode)
		}
		if h := e.do(c).Header; h.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "Retry-After") ||
			h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", name, h)
		}
	}
	if h := e.do(call{method: http.MethodGet, path: "/v1/rejects", header: map[string]string{"Origin": origin}}).Header; h.Get("Access-Control-Allow-Origin") != "" {
		t.Error("pages of other origins may read rejects")
	}
}

func TestNothingIsRedirected(t *testing.T) {
	t.Parallel()
	service, _, _ := newService(t)
	mux := http.NewServeMux()
	teapot := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }
	mux.HandleFunc("/", teapot)
	mux.HandleFunc("/v1/", teapot)
	mux.HandleFunc("GET /v1/customers", teapot)
	mux.HandleFunc("POST /v1/generations/{id}/swap", teapot)
	for path, want := range map[string]int{
		"/v1/batch": 401, "//v1/batch": 401, "/v1/batch//": 401, "/v1//batch/": 401,
		"/v2/batch": 418, "/": 418, "//x": 404, "/x//": 404,
		"/v1/./track": 404, "/v1/../v1/batch": 404, "/v1/generations/../swap": 404, "/v1/track/.": 404, "/x/..": 404, "/v1/%2e/track": 404,
		"/v1": 404, "/v1/": 404, "/v1/bacth": 404, "/v1/customers": 404, "/v1/generations/7/swap": 418,
	} {
		r, err := http.NewRequest(http.MethodPost, "http://c360.example"+path, strings.NewReader(`{"batch":[{}]}`))
		if err != nil {
			t.Fatal(err)
		}
		w := newRecorder()
		if service.Over(mux).ServeHTTP(w, r); w.Code != want {
			t.Errorf("POST %s: %d, want %d", path, w.Code, want)
		}
	}
}

// TestMisspeltRoute: a page that sends to a path that does not exist is told so, and not something about origins.
func TestMisspeltRoute(t *testing.T) {
	t.Parallel()
	service, _, _ := newService(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	const origin = "https://shop.example"
	for _, path := range []string{"/v1/bacth", "/v1/./batch"} {
		for method, want := range map[string]int{http.MethodPost: http.StatusNotFound, http.MethodOptions: http.StatusNoContent} {
			for name, handler := range map[string]http.Handler{"alone": service.Handler(), "over a mux": service.Over(mux)} {
				r, err := http.NewRequest(method, "http://c360.example"+path, strings.NewReader(track))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Origin", origin)
				r.Header.Set("Access-Control-Request-Method", http.MethodPost)
				w := newRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != want || w.Header().Get("Access-Control-Allow-Origin") != origin || want == http.StatusNotFound && !strings.Contains(w.Body.String(), "/v1/batch") {
					t.Errorf("%s %s, %s: %d %v %s", method, path, name, w.Code, w.Header(), w.Body)
				}
			}
		}
	}
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	good := `{"batch":[` + track + `]}`
	for name, c := range map[string]struct {
		call
		status  int
		pointer string
	}{
		"empty":              {call{body: ""}, 400, ""},
		"half":               {call{body: good[:20]}, 400, "/batch/0"},
		"trailing":           {call{body: good + "x"}, 400, ""},
		"two documents":      {call{body: good + good}, 400, ""},
		"no batch":           {call{body: `{}`}, 400, ""},
		"batch no array":     {call{body: `{"batch":{}}`}, 400, "/batch"},
		"array":              {call{body: `[]`}, 400, ""},
		"two batches":        {call{body: `{"batch":[],"batch":[` + track + `]}`}, 400, "/batch"},
		"two cases of batch": {call{body: `{"batch":[],"Batch":[` + track + `]}`}, 400, "/Batch"},
		"UTF-16":             {call{body: "\xff\xfe{\x00}\x00"}, 400, ""},
		"deep outside":       {call{body: `{"x":` + deep(60) + `,"batch":[]}`}, 400, "/x"},
		"all bad":            {call{body: `{"batch":[{"type":"track"},{"type":"track","event":"x"}]}`}, 400, "/event"},
		"EUC-KR":             {call{body: "{\"batch\":[{\"type\":\"track\",\"event\":\"\xb1\xe8\",\"userId\":\"u\"}]}"}, 400, "/event"},
		"deep":               {call{body: `{"batch":[{"type":"track","event":"E","userId":"u","properties":` + deep(40) + `}]}`}, 400, "/properties"},
		"too many":           {call{body: `{"batch":[` + strings.Repeat("{},", 5000) + `{}]}`}, 400, "/batch"},
		"too large":          {call{body: `{"batch":["` + strings.Repeat("x", 4<<20) + `"]}`}, 413, ""},
		"bomb":               {call{body: strings.Repeat("\x00", 100<<20), gzip: true}, 413, ""},
		"small bomb":         {call{body: strings.Repeat(" ", 3<<20), gzip: true}, 413, ""},
		"not gzip":           {call{body: good, header: map[string]string{"Content-Encoding": "gzip"}}, 400, ""},
		"half gzip":          {call{body: string(zip(good)[:30]), header: map[string]string{"Content-Encoding": "gzip"}}, 400, ""},
		"gzip of gzip":       {call{body: string(zip(good)), gzip: true}, 400, ""},
		"brotli":             {call{body: good, header: map[string]string{"Content-Encoding": "br"}}, 415, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			c.path, c.key = "/v1/batch", posKey
			a := e.do(c.call)
			if a.StatusCode != c.status || len(e.all()) != 0 {
				t.Fatalf("%d %.300s, %d stored", a.StatusCode, a.body, len(e.all()))
			}
			m := a.json(t)
			if m["detail"] == "" || m["error"] != m["detail"] || !strings.HasPrefix(fmt.Sprint(m["pointer"]), c.pointer) && c.pointer != "" {
				t.Errorf("answered %s, want pointer %s", a.body, c.pointer)
			}
		})
	}
}

func TestRefusedBodiesAreKept(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[{"a":`})
	e.do(call{path: "/v1/track", body: `{"event":"E","userId":"u","userId":"v","writeKey":"WEBKEY"}`})
	e.do(call{path: "/v1/batch", key: "WRONG", body: `{"batch":[{"a":`})
	e.do(call{path: "/v1/batch", body: `{"batch":[{"a":`})
	list := e.rejects("")
	if len(list) != 2 || list[0].Source != "pos" || list[0].Raw != `{"batch":[{"a":` || list[1].Source != "web" || list[1].Pointer != "/userId" {
		t.Errorf("kept %+v", list)
	}
}

func TestStartUpDocuments(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	a := e.do(call{method: http.MethodGet, path: "/v1/projects/" + webKey + "/settings"})
	integration := a.json(t)["integrations"].(map[string]any)["Segment.io"].(map[string]any)
	if host := strings.TrimPrefix(e.URL, "http://") + "/v1"; a.StatusCode != http.StatusOK || integration["apiHost"] != host || integration["protocol"] != "http" || integration["apiKey"] != webKey {
		t.Errorf("settings: %s", a.body)
	}
	if a := e.do(call{method: http.MethodGet, path: "/v1/projects/WRONG/settings"}); a.StatusCode != http.StatusNotFound {
		t.Errorf("settings of nobody: %d", a.StatusCode)
	}
	https := e.do(call{method: http.MethodGet, path: "/v1/projects/" + webKey + "/settings/", header: map[string]string{"X-Forwarded-Proto": "https"}})
	if !bytes.Contains(https.body, []byte(`"protocol":"https"`)) {
		t.Errorf("behind a proxy: %s", https.body)
	}
	for _, c := range []call{
		{path: "/sourceConfig/?p=web&v=3", key: webKey},
		{path: "/sourceConfig?writeKey=" + webKey},
	} {
		c.method = http.MethodGet
		a := e.do(c)
		source := a.json(t)["source"].(map[string]any)
		if a.StatusCode != http.StatusOK || source["enabled"] != true || source["writeKey"] != webKey || source["workspaceId"] == "" {
			t.Errorf("sourceConfig: %s", a.body)
		}
	}
	if a := e.do(call{method: http.MethodGet, path: "/sourceConfig/", key: oldKey}); !bytes.Contains(a.body, []byte(`"enabled":false`)) {
		t.Errorf("a disabled source: %s", a.body)
	}
	if a := e.do(call{method: http.MethodGet, path: "/sourceConfig/", key: "WRONG"}); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("sourceConfig of nobody: %d", a.StatusCode)
	}
	public := newEdge(t, func(c *ingest.Config) { c.PublicURL = &url.URL{Scheme: "https", Host: "c360.example", Path: "/edge/"} })
	if a := public.do(call{method: http.MethodGet, path: "/v1/projects/" + webKey + "/settings"}); !bytes.Contains(a.body, []byte(`"apiHost":"c360.example/edge/v1"`)) {
		t.Errorf("public address: %s", a.body)
	}
}

func TestPixel(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	a := e.do(call{method: http.MethodGet, path: "/pixel/v1/track?writeKey=" + webKey + "&anonymousId=a1&event=Mail+Opened&messageId=p1&properties.campaign=spring&size=1"})
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/gif" || !bytes.HasPrefix(a.body, []byte("GIF89a")) {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	e.do(call{method: http.MethodGet, path: "/pixel/v1/page/?writeKey=" + webKey + "&anonymousId=a1&name=Home"})
	list := e.all()
	if len(list) != 2 || list[0].ID != "p1" || !bytes.Contains(list[0].Data, []byte(`"campaign":"spring","size":"1"`)) || list[1].Type != "page.viewed" {
		t.Errorf("stored %+v", list)
	}
	for _, query := range []string{"", "?writeKey=WRONG", "?writeKey=" + webKey, "?writeKey=" + oldKey + "&anonymousId=a"} {
		if a := e.do(call{method: http.MethodGet, path: "/pixel/v1/track" + query}); a.StatusCode != http.StatusOK || !bytes.HasPrefix(a.body, []byte("GIF89a")) {
			t.Errorf("%q: %d", query, a.StatusCode)
		}
	}
	if len(e.all()) != 2 {
		t.Error("a bad pixel was stored")
	}
}

func TestPostHog(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	a := e.do(call{path: "/batch/", body: `{"api_key":"POSKEY","batch":[
		{"type":"capture","event":"Song Played","distinct_id":"u1","timestamp":"2026-11-21T11:00:00Z","uuid":"p1","properties":{"a":1}},
		{"type":"capture","event":"$identify","distinct_id":"u1","properties":{"$set":{"email":"a@example.com"}}},
		{"type":"capture","event":"$create_alias","properties":{"distinct_id":"u1","alias":"u0"}},
		{"type":"capture","event":"$groupidentify","distinct_id":"u1","properties":{"$group_key":"g","$group_set":{"n":1}}},
		{"type":"capture","event":"$pageview","distinct_id":"u1"},
		{"type":"capture","event":"nobody"}]}`})
	if a.StatusCode != http.StatusOK || a.json(t)["accepted"] != 5.0 || a.json(t)["rejected"] != 1.0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	var got []string
	for _, r := range e.all() {
		got = append(got, r.Type+" "+idents(r))
	}
	want := []string{
		"customer.identified user_id:u1/asserted email:a@example.com/asserted", "customer.aliased user_id:u1/asserted user_id:u0/asserted",
		"customer.grouped user_id:u1/asserted", "page.viewed user_id:u1/asserted",
	}
	if strings.Join(got[1:], "\n") != strings.Join(want, "\n") || e.all()[0].ID != "p1" {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}

func TestWhen(t *testing.T) {
	t.Parallel()
	const received = "12:00:00" // on 21 November 2026
	for name, c := range map[string]struct{ fields, batch, path, want string }{
		"nothing":                  {``, ``, "", received},
		"timestamp":                {`,"timestamp":"2026-11-21T11:00:00Z"`, ``, "", "11:00:00"},
		"segment, right clock":     {`,"timestamp":"2026-11-21T11:59:50Z"`, `"2026-11-21T12:00:00Z"`, "", "11:59:50"},
		"segment, slow clock":      {`,"timestamp":"2026-11-21T10:59:50Z"`, `"2026-11-21T11:00:00Z"`, "", "11:59:50"},
		"segment, fast clock":      {`,"timestamp":"2027-11-21T10:59:50Z"`, `"2027-11-21T11:00:00Z"`, "", "11:59:50"},
		"message sentAt first":     {`,"timestamp":"2026-11-21T11:00:00Z","sentAt":"2026-11-21T11:00:30Z"`, `"2026-11-21T12:00:00Z"`, "", "11:59:30"},
		"rudder":                   {`,"originalTimestamp":"2026-11-21T10:59:50Z","sentAt":"2026-11-21T11:00:00Z"`, ``, "", "11:59:50"},
		"rudder, set by hand":      {`,"timestamp":"2026-11-20T08:00:00Z","originalTimestamp":"2026-11-21T10:59:50Z"`, `"2026-11-21T11:00:00Z"`, "", "08:00:00"},
		"nanoseconds and offset":   {`,"timestamp":"2026-11-21T20:00:00.123456789+09:00"`, ``, "", "11:00:00.123456789"},
		"after received":           {`,"timestamp":"2026-11-21T13:00:00Z"`, ``, "", received},
		"sent before original":     {`,"timestamp":"2026-11-21T11:59:00Z"`, `"2026-11-21T11:00:00Z"`, "", received},
		"garbage":                  {`,"timestamp":"yesterday","sentAt":"soon"`, `"x"`, "", received},
		"a number":                 {`,"timestamp":1763726400000`, `17`, "", received},
		"an object":                {`,"timestamp":{},"originalTimestamp":[]`, `{}`, "", received},
		"year 1":                   {`,"timestamp":"0001-01-01T00:00:00Z"`, `"2026-11-21T12:00:00Z"`, "", received},
		"year 9999":                {`,"timestamp":"9999-12-31T00:00:00Z"`, ``, "", received},
		"before 1990":              {`,"timestamp":"1970-01-01T00:00:00Z"`, ``, "", received},
		"import keeps":             {`,"timestamp":"2020-01-01T01:00:00Z"`, `"2026-11-21T11:00:00Z"`, "/v1/import", "01:00:00"},
		"skew of a batch is bound": {`,"timestamp":"2026-11-21T11:00:00Z"`, `"1971-01-01T00:00:00Z"`, "", received},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := ""
			if c.batch != "" {
				sent = `,"sentAt":` + c.batch
			}
			if c.path == "" {
				c.path = "/v1/batch"
			}
			got := newEdge(t).one(call{path: c.path, key: posKey, body: `{"batch":[{"type":"track","event":"E","userId":"u"` + c.fields + `}]` + sent + `}`})
			if got.Time.Format("15:04:05.999999999") != c.want || !got.Received.Equal(noon) {
				t.Errorf("happened %s, want %s", got.Time, c.want)
			}
		})
	}
}

func TestSendersClockIsKept(t *testing.T) {
	t.Parallel()
	got := newEdge(t).one(call{path: "/v1/batch", key: posKey, body: `{"batch":[{"type":"track","event":"E","userId":"u","timestamp":"2026-11-21T10:59:50Z"}],"sentAt":"2026-11-21T11:00:00Z"}`})
	if got.Original.Format("15:04:05") != "10:59:50" || got.Sent.Format("15:04:05") != "11:00:00" {
		t.Errorf("original %s, sent %s", got.Original, got.Sent)
	}
}
