package ingest

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"

	"github.com/c360hq/c360/services/web"
)

// fromHere reports whether a request was addressed to this machine by a name that only means this machine. It is
// the default for Config.Operator: c360 without operators listens on loopback only, and a page that had its own name
// resolved to 127.0.0.1 must not read what people sent.
func fromHere(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// serveRejects answers GET /v1/rejects?source=&request=&reason= with the kept rejects as NDJSON, oldest first. They
// hold what people sent, so this is for operators.
func (s *Service) serveRejects(w http.ResponseWriter, r *http.Request) {
	if !s.operator(r) {
		web.Wrong(http.StatusForbidden, "rejected events hold personal data: only operators may read them").Write(w)
		return
	}
	q := r.URL.Query()
	h := w.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Content-Disposition", `attachment; filename="rejects.ndjson"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	out := json.NewEncoder(w)
	err := s.rejects.each(r.Context(), func(x Reject) bool {
		if !asked(q.Get("request"), x.Request) || !asked(q.Get("reason"), x.Reason) || !askedSource(q.Get("source"), x.Source) {
			return true
		}
		return out.Encode(&x) == nil
	})
	if err != nil && r.Context().Err() == nil {
		s.logger.ErrorContext(r.Context(), "rejected events could not be read", "error", err)
		panic(http.ErrAbortHandler) // half a list must not look like a whole one
	}
}

func asked(want, is string) bool { return want == "" || want == is }

func askedSource(want, is string) bool { return asked(want, is) || strings.HasPrefix(is, want+"/") }
