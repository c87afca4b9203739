package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealthSaysWhy: c360 health ends badly when c360 is not well, and says what is in the way.
func TestHealthSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer string
		status int
		want   string
	}{
		{`{"status":"not ready","parts":[{"part":"log","ready":false,"why":"it does not answer"},{"part":"store","ready":true,"why":"far away"}]}`, 503, "503 Service Unavailable: log: it does not answer"},
		{`{"status":"draining"}`, 503, "503 Service Unavailable: draining"},
		{`{"title":"Service Unavailable","status":503,"detail":"the projection has stopped"}`, 503, "the projection has stopped"},
		{`<html>somebody else</html>`, 200, "not like a c360 of this version"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/readyz" {
				t.Errorf("asked for %s", r.URL.Path)
			}
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.answer)
		}))
		out := &bytes.Buffer{}
		e := env{stdout: out, stderr: out, getenv: func(string) string { return "" }}
		err := runHealth(t.Context(), e, []string{"--ready", "--url", s.URL + "/"})
		s.Close()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "far away") {
			t.Errorf("%s: %v, want an error with %q", c.answer, err, c.want)
		}
	}
}
