package query

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/c360hq/c360/services/web"
)

// OnlyLoopback lets through requests that call this machine by a name only it has: localhost, 127.0.0.1, [::1].
// Reads are open to whoever sits at the machine, and a page on the web must not become that somebody by pointing a
// name of its own at the loopback address (DNS rebinding).
func OnlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			web.Wrong(http.StatusForbidden,
				"reads are open to this machine only; call it localhost or 127.0.0.1, or set up operators").Write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		host = host[1 : n-1]
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
