// Package ingest is the edge: it takes touchpoints from whoever sends them, in the form they already speak, and
// answers only when they are durable.
//
// It speaks Segment and RudderStack (batches, single calls, beacons, pixels, the start-up documents of their browser
// SDKs), CloudEvents 1.0 (structured, batched, binary), PostHog batches, and files (NDJSON and CSV streams). It is
// not a store, it folds nothing, and it knows no customer: whose event is whose follows from identifiers, later.
//
// How a request moves through it:
//
//	dispatch   path, CORS, method                             routes.go
//	read       gate, key, origin, gzip, limits, memory budget request.go, budget.go
//	check      one strict pass over the body                  strict.go
//	take       each message → one event: type, identifiers    message.go, identify.go, cloudevent.go, native.go, csv.go
//	           with the grade of their source, time, channel, when.go, channel.go, data.go
//	           data under the names of the catalogue
//	admit      what every event must pass                     batch.go
//	commit     append to the log; keep the rejects            request.go, append.go, rejects.go
//	answer     200, 202 or a problem that says what to do     segment.go, cloudevents.go, import_http.go
//
// What a broker carries takes the same way from "take" on (carried.go); services/ingest/inlet is the one for NATS. If
// there is somebody to look at them, a request and its append leave spans, and the events are marked with the trace
// they came in (traces.go).
//
// # What becomes of what was sent
//
// Everything in a request that has a valid key and a legal size ends as accepted, as a duplicate, or rejected with a
// place and a reason; rejects are on disk before the reply and can be read at GET /v1/rejects. One bad event takes
// nothing away from its neighbours: a batch with something good in it is answered with 200, because SDKs answer for
// the whole request and would throw the rest away. 400 is for what can never succeed, 413 for what is too large, 401
// for a bad key; 429 and 503 carry Retry-After and mean that nothing is lost if the request comes again. There is
// no redirect and no 500.
//
// # Whose word counts
//
// An identifier gets the grade of its source and kind (services/auth). A browser key only claims, so what it says of
// user ids, e-mail addresses and phones never ties its event to somebody else's. Identifiers are taken from userId
// and anonymousId, from the traits of customer.identified (email, phone, loyalty_id), from context.externalIds, and from the
// data of types that speak of their own customer (order, checkout, payment, inquiry, lead, appointment, loyalty).
//
// # Sources
//
// The source of an event is the name its write key was given. A key that is asserted or better may also speak for
// sub-sources, "pos/store-12" with the key of pos; a CloudEvents source that is foreign to an asserted key becomes
// such a sub-source, and goes into the id of the event if the key is only claimed.
package ingest
