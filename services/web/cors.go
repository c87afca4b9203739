package web

import "net/http"

// CORS lets pages on any origin call next: it reflects the origin and the headers the browser asks for, on
// errors too, because a client that may not read a 429 cannot obey it. No cookies are allowed along, so what a
// page can reach this way is what anybody can reach without a browser. OPTIONS is answered here, without a key.
func CORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if AllowOrigin(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// AllowOrigin writes the CORS headers of [CORS] and answers a preflight; it reports whether the request is still
// to be served.
func AllowOrigin(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	origin := r.Header.Get("Origin")
	if origin == "" {
		origin = "*"
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "C360-Position, Retry-After")
	h.Add("Vary", "Origin")
	if r.Method != http.MethodOptions {
		return true
	}
	h.Add("Vary", "Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Access-Control-Max-Age", "900")
	w.WriteHeader(http.StatusNoContent)
	return false
}
