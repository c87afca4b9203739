package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/c360hq/c360/services/web"
)

func TestProblem(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	web.Wrong(http.StatusTooManyRequests, "slow down").At("/batch/3").After(7).Write(w)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "about:blank", "title": "Too Many Requests", "status": 429.0, "detail": "slow down", "error": "slow down", "pointer": "/batch/3",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
	if w.Code != 429 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Retry-After") != "7" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	web.JSON(w, http.StatusCreated, map[string]int{"n": 1})
	if w.Code != 201 || w.Body.String() != "{\"n\":1}\n" || w.Header().Get("Content-Length") != "8" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	broken := httptest.NewRecorder()
	if web.JSON(broken, http.StatusOK, math.NaN()); broken.Code != 500 {
		t.Errorf("what cannot be encoded: %d", broken.Code)
	}
}

func zip(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func TestBody(t *testing.T) {
	t.Parallel()
	zeros := make([]byte, 1<<20)
	limits := web.Limits{Bytes: 2 << 20, Ratio: 50, RatioFrom: 64 << 10}
	for name, c := range map[string]struct {
		body     []byte
		encoding string
		want     int // bytes read if there is no status
		status   int
	}{
		"plain":          {[]byte("hello"), "", 5, 0},
		"identity":       {[]byte("hello"), "identity", 5, 0},
		"gzip":           {zip([]byte("hello")), "gzip", 5, 0},
		"x-gzip":         {zip([]byte("hello")), " X-GZIP", 5, 0},
		"empty":          {nil, "", 0, 0},
		"small and flat": {zip(zeros[:60<<10]), "gzip", 60 << 10, 0},
		"bomb":           {zip(zeros), "gzip", 0, 413},
		"too large":      {make([]byte, 3<<20), "", 0, 413},
		"just right":     {make([]byte, 2<<20), "", 2 << 20, 0},
		"not gzip":       {[]byte("hello, this is no gzip"), "gzip", 0, 400},
		"empty gzip":     {nil, "gzip", 0, 400},
		"cut gzip":       {zip([]byte("hello"))[:15], "gzip", 0, 400},
		"bad checksum":   {append(zip([]byte("hello"))[:20], 1, 2, 3, 4, 5, 6, 7, 8), "gzip", 0, 400},
		"deflate":        {[]byte("hello"), "deflate", 0, 415},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, chunked := range []bool{false, true} {
				n, err := readBody(c.body, c.encoding, chunked, limits)
				var p *web.Problem
				switch {
				case c.status == 0 && (err != nil || n != c.want):
					t.Errorf("read %d bytes, %v; want %d", n, err, c.want)
				case c.status != 0 && (!errors.As(err, &p) || p.Status != c.status || p.Detail == ""):
					t.Errorf("got %v, want %d", err, c.status)
				}
			}
		})
	}
}

func readBody(body []byte, encoding string, chunked bool, limits web.Limits) (int, error) {
	var bodies web.Bodies
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Encoding", encoding)
	if chunked {
		r.ContentLength = -1
	}
	in, err := bodies.Open(r, limits)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	// io.CopyN drops an error that comes with the last of its bytes, so a body has to repeat it.
	n := 0
	for {
		got, err := io.CopyN(io.Discard, in, 1024)
		n += int(got)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	for want, cause := range map[int]error{
		http.StatusBadRequest: errors.New("connection reset"), http.StatusRequestTimeout: os.ErrDeadlineExceeded,
	} {
		var bodies web.Bodies
		r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("half"), brokenReader{cause}))
		in, err := bodies.Open(r, web.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		var p *web.Problem
		if read, err := io.ReadAll(in); string(read) != "half" || !errors.As(err, &p) || p.Status != want {
			t.Errorf("read %q, %v", read, err)
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	served := 0
	h := web.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served++
		w.WriteHeader(http.StatusTeapot)
	}))
	r := httptest.NewRequest(http.MethodOptions, "/", nil)
	r.Header.Set("Origin", "https://shop.example")
	r.Header.Set("Access-Control-Request-Headers", "authorization,x-retry-count")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 204 || served != 0 || w.Header().Get("Access-Control-Allow-Headers") != "authorization,x-retry-count" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
	r.Method, w = http.MethodPost, httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 418 || w.Header().Get("Access-Control-Allow-Origin") != "https://shop.example" || w.Header().Get("Vary") != "Origin" {
		t.Errorf("post: %d %v", w.Code, w.Header())
	}
}
