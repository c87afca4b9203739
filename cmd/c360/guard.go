package main

import (
	"net"
	"net/http"

	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/web"
)

// guard lets through who may read: whoever sits at this machine, or, if the operator says that something in front of the
// address decides, everybody who gets this far.
func (c *config) guard() func(http.Handler) http.Handler {
	switch {
	case c.openReads:
		return func(next http.Handler) http.Handler { return next }
	case c.beyondLoopback():
		return func(http.Handler) http.Handler { return http.HandlerFunc(closed) }
	}
	return query.OnlyLoopback
}

// closed refuses reads at an address that others can reach. A name in the request proves nothing there.
func closed(w http.ResponseWriter, _ *http.Request) {
	web.Wrong(http.StatusForbidden, "this address can be reached by others, so nothing is read here; listen on 127.0.0.1, "+
		"or put something in front that decides who may read and start c360 with --open-reads").Write(w)
}

// operator says who may read what was rejected, which is what people sent; nil is the rule of ingest, for loopback.
func (c *config) operator() func(*http.Request) bool {
	if c.openReads || c.beyondLoopback() {
		return func(*http.Request) bool { return c.openReads }
	}
	return nil
}

// beyondLoopback reports whether others than this machine can reach the address.
func (c *config) beyondLoopback() bool {
	host, _, err := net.SplitHostPort(c.listen)
	return err == nil && !loopback(host)
}
