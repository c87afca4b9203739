package console_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/c360hq/c360/services/console"
)

// built is a console like the one the build makes.
func built() fs.FS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		".keep":               file(""),
		"index.html":          file("<!doctype html><title>c360</title>"),
		"index.html.gz":       file("gzip of index"),
		"assets/app-a1.js":    file("app()"),
		"assets/app-a1.js.br": file("brotli of app"),
		"assets/app-a1.js.gz": file("gzip of app"),
		"assets/han-b2.woff2": file("font"),
	}
}

func open(t *testing.T, dist fs.FS) *console.Console {
	t.Helper()
	c, err := console.New(dist)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type answer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, c *console.Console, method, path string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.Code, w.Result().Header, string(body)}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	c := open(t, built())
	const index, script = "<!doctype html><title>c360</title>", "app()"
	for _, tt := range []struct {
		method, path string
		status       int
		kind, body   string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", index},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", index},
		{"GET", "/customers/0b8f?ch=call", 200, "text/html; charset=utf-8", index},
		{"GET", "/customers/a.b", 200, "text/html; charset=utf-8", index},
		{"GET", "/assets/app-a1.js", 200, "text/javascript; charset=utf-8", script},
		{"HEAD", "/assets/app-a1.js", 200, "text/javascript; charset=utf-8", ""},
		{"GET", "/assets/han-b2.woff2", 200, "font/woff2", "font"},
		{"GET", "/assets/gone-c3.js", 404, "application/problem+json", ""},
		{"GET", "/assets/app-a1.js.br", 404, "application/problem+json", ""},
		{"GET", "/v1/nothing", 404, "application/problem+json", ""},
		{"GET", "/v1", 404, "application/problem+json", ""},
		{"GET", "/healthz/x", 404, "application/problem+json", ""},
		{"GET", "/sourceConfig/", 404, "application/problem+json", ""},
		{"POST", "/", 405, "application/problem+json", ""},
		{"POST", "/customers/1", 405, "application/problem+json", ""},
		{"GET", "/.keep", 200, "text/html; charset=utf-8", index},
		{"GET", "/../console.go", 200, "text/html; charset=utf-8", index},
		{"GET", "/v1x", 200, "text/html; charset=utf-8", index},
	} {
		got := ask(t, c, tt.method, tt.path)
		if got.status != tt.status || got.header.Get("Content-Type") != tt.kind {
			t.Errorf("%s %s: %d %s, want %d %s", tt.method, tt.path, got.status, got.header.Get("Content-Type"), tt.status, tt.kind)
		}
		if tt.status == 200 && got.body != tt.body {
			t.Errorf("%s %s: body %q, want %q", tt.method, tt.path, got.body, tt.body)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	c := open(t, built())
	for _, tt := range []struct{ path, accept, encoding, body string }{
		{"/assets/app-a1.js", "gzip, deflate, br, zstd", "br", "brotli of app"},
		{"/assets/app-a1.js", "gzip", "gzip", "gzip of app"},
		{"/assets/app-a1.js", "GZIP;q=0.5", "gzip", "gzip of app"},
		{"/assets/app-a1.js", "br;q=0, gzip;q=1.0", "gzip", "gzip of app"},
		{"/assets/app-a1.js", "br;q=0.0,gzip;q=0", "", "app()"},
		{"/assets/app-a1.js", "identity", "", "app()"},
		{"/assets/app-a1.js", "", "", "app()"},
		{"/", "br, gzip", "gzip", "gzip of index"},
		{"/assets/han-b2.woff2", "br, gzip", "", "font"},
	} {
		got := ask(t, c, http.MethodGet, tt.path, "Accept-Encoding", tt.accept)
		if got.header.Get("Content-Encoding") != tt.encoding || got.body != tt.body {
			t.Errorf("%s, accepting %q: %q %q, want %q %q", tt.path, tt.accept, got.header.Get("Content-Encoding"), got.body, tt.encoding, tt.body)
		}
	}
}

func TestCaching(t *testing.T) {
	t.Parallel()
	c := open(t, built())
	asset := ask(t, c, http.MethodGet, "/assets/app-a1.js", "Accept-Encoding", "br")
	if got := asset.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("an asset is cached with %q", got)
	}
	if got := asset.header.Get("Vary"); got != "Accept-Encoding" {
		t.Errorf("an asset varies by %q", got)
	}
	if plain := ask(t, c, http.MethodGet, "/assets/app-a1.js"); plain.header.Get("Etag") == asset.header.Get("Etag") {
		t.Error("two encodings share a tag")
	}
	if again := ask(t, c, http.MethodGet, "/assets/app-a1.js", "Accept-Encoding", "br", "If-None-Match", asset.header.Get("Etag")); again.status != http.StatusNotModified {
		t.Errorf("the same asset again: %d, want 304", again.status)
	}
	if got := ask(t, c, http.MethodGet, "/customers/1").header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("the page is cached with %q", got)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	for name, dist := range map[string]fs.FS{"built": built(), "not built": fstest.MapFS{".keep": &fstest.MapFile{}}} {
		c := open(t, dist)
		for _, path := range []string{"/", "/assets/app-a1.js", "/assets/none.js", "/v1/none"} {
			h := ask(t, c, http.MethodGet, path).header
			for _, directive := range []string{
				"default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
				"frame-ancestors 'none'", "require-trusted-types-for 'script'",
			} {
				if !strings.Contains(h.Get("Content-Security-Policy"), directive) {
					t.Errorf("%s, %s: the policy lacks %s", name, path, directive)
				}
			}
			if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
				t.Errorf("%s, %s: the policy allows something unsafe", name, path)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") == "" {
				t.Errorf("%s, %s: headers are missing: %v", name, path, h)
			}
		}
	}
}

func TestWithoutTheApp(t *testing.T) {
	t.Parallel()
	c := open(t, fstest.MapFS{".keep": &fstest.MapFile{}})
	if c.Built() {
		t.Fatal("an empty folder counts as built")
	}
	got := ask(t, c, http.MethodGet, "/customers/1")
	if got.status != http.StatusOK || !strings.Contains(got.body, "make web") {
		t.Errorf("%d, and the page does not say how to build the console: %q", got.status, got.body)
	}
	if got := ask(t, c, http.MethodGet, "/v1/none"); got.status != http.StatusNotFound {
		t.Errorf("an API path: %d, want 404", got.status)
	}
}

func TestWhatIsEmbeddedOpens(t *testing.T) {
	t.Parallel()
	open(t, console.Dist())
}

func TestAnUnknownKindOfFileIsRefused(t *testing.T) {
	t.Parallel()
	_, err := console.New(fstest.MapFS{"index.html": &fstest.MapFile{}, "assets/x.exe": &fstest.MapFile{}})
	if err == nil || !strings.Contains(err.Error(), "x.exe") || !strings.Contains(err.Error(), "make web") {
		t.Errorf("got %v, want an error that names the file and the remedy", err)
	}
}
