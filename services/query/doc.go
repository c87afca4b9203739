// Package query answers what people and programs ask: who is this, what is their story, what happens right now. It
// serves the reading half of the HTTP API and the two decisions about identity, over HTTP and as server-sent events.
//
// It is not a place where anything is derived from the log: what it says was folded by the rooms of package
// projections, and is read through their typed reads from one snapshot a request, so that all of an answer
// is true at one position. It writes no read model; a decision goes to the log like everything else and shows when it
// has been folded.
//
//	GET /v1/customers?q=        classify (search.go) ──► look-ups, exact first, proven before claimed ──► hits
//	GET /v1/customers/{id}      one view ──► identity, profile, newest rows ──► ribbon, rhythm, brief ──► one answer
//	GET …/timeline              one view ──► rows of all fragments by (time, position) ──► runs ──► headlines
//	  …?as_of= known_at=   candidates of today ──► island of fragments ──► their streams up to the instant, folded ──► the same
//	  …?generation=        the view of that generation ──► the same
//	GET /v1/analytics/…         two views of one position ──► histories of everybody, or of a segment ──► numbers (scan.go)
//	GET …/{id}/value            one view ──► history ──► what everybody measures up to, kept and made anew in the background
//	PUT /v1/segments/{name}     read, typed, held against all others ──► log, with the expected version of stream "segment-name"
//	POST …/segments/preview     fragments of a stretch ──► customers they stand for ──► counts, scaled, with an interval
//	GET …/{id}/segments         one view ──► history, and the definitions its moment knows ──► why, with the events behind it
//	GET /v1/stream              engine commits ──► hub (hub.go) ──► subscribers, at most 4 messages a second
//	GET …/{id}/diff             two views ──► rows that differ ──► fragments ──► customers of both sides, before and after
//	POST /v1/identity/links     check ──► log, with the expected version of stream "identity" ──► position
//
// [Service.Routes] puts a table of routes on a mux (routes.go). The same table, and the Go types in it, make the
// OpenAPI document and the page /docs: what is not described is not served.
//
// What may be said aloud: answers hold personal data, logs and metrics hold none. A log line names the route, the
// status and the duration, never the path or the query.
package query
