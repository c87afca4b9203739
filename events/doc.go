// Package events is the vocabulary of c360 and its contract: what a touchpoint is, who it is about, what types of
// it there are, and what a log of them promises. Every other package speaks in its words; it knows none of them.
//
// It is not a store and not a service. It opens no file and no connection, reads no clock, keeps no state: all of
// it is values, pure functions and interfaces. (The drivers of [Log] are packages below it.)
//
// # The tour
//
// This comment is also the tour of the house, bottom up. Follow one touchpoint (a customer pays at a till, and an
// agent sees it) through the files in the order in which they touch it; that is about an hour. DESIGN.md, if you have
// it, is the contract behind all this; the laws about who may import whom are a test, cmd/c360/imports_test.go.
//
//	shop POS   web/app SDK   call center   file import
//	     └──────────┴─────────────┴────────────┘
//	                services/ingest      authenticate · decode strictly · normalise · validate · stamp
//	                        │ append (durable before the reply)
//	                        ▼
//	                events.Log           pebblelog (embedded)
//	                        │ pages in position order + wake-up hints (no separate "live mode")
//	                        ▼
//	                projections.Engine   fold a batch on fragments and the identity graph → re-derive the touched customers
//	                        │ rows + checkpoint in ONE transaction
//	                        ▼
//	                read store           sqlitestore (embedded)
//	                        │
//	                services/query       one view, one answer
//	                        │
//	                services/console     the browser, live over server-sent events
//
// Five ideas carry everything. The log is the truth, and whatever else is stored can be deleted and folded again. A
// touchpoint belongs for ever to a fragment, and a customer is a set of fragments, so linking and unlinking people loses
// nothing. A read store, the rules it was folded under and a position are a generation; a rebuild makes another one
// beside it. Folds never read a clock. And deciding is one thing, acting another.
//
// # 1. The words
//
// Begin in this package. events/event.go has [Event], with the names of CloudEvents, and [Recorded], an event that a log
// holds; an event is (Source, ID) for ever. events/identifier.go has [Identifier]: a kind, a value, and a [Grade] that
// says how far it can be believed, which decides whether it ties people together ([Identifier.Links]).
// events/fragment.go makes the fragment of an event out of its strongest identifier, without asking anybody: a till
// that is offline computes the same one.
//
// What people type is not what they mean. events/normalise.go brings identifiers into one form: every way to write a
// phone number becomes E.164 (events/normalise_phone.go), mail addresses and Hangul in any Unicode form become equal
// (events/normalise_email.go, events/normalise_text.go), and what only looks alike stays apart. events/search.go is the
// other half: which terms a read model keeps, so that 서연, 김서ㅇ, ㄱㅅㅇ or the last four digits of a phone find their
// customer (events/search_hangul.go, events/search_number.go).
//
// events/catalogue.go knows the types: titles in two languages, JSON Schemas with a mark for personal data and a
// retention on every field (events/schemas/order.json is a good one to read), and [Type.Validate], which refuses only what
// nobody could read. events/segment.go gives the events of Segment's SDKs these names. events/body.go decodes the fields that
// read models use, once per event, and events/money.go keeps money exact. events/upcast.go brings old forms of a type up
// to date when they are read, since what is in the log is never rewritten.
//
// # 2. In at the edge
//
// services/ingest/doc.go shows the way of a request. In short: services/ingest/routes.go finds the route,
// services/ingest/request.go reads the body under limits and lets services/auth say which source the key belongs to. Then
// one pass over the bytes decides whether they are JSON that everybody reads alike ([CheckJSON], [CheckBatch];
// events/strict_check.go is the walk): no key twice, none in two cases, nothing bottomless. A fault inside one message
// of a batch is that message's own.
//
// Each message becomes an event: services/ingest/message.go for Segment and RudderStack, services/ingest/cloudevent.go for
// CloudEvents, services/ingest/native.go and services/ingest/csvrow.go for files. services/ingest/identify.go gives the
// identifiers the grade of their source, services/ingest/when.go decides when it happened if the sender's clock is wrong.
// services/ingest/batch.go checks each event and services/ingest/append.go appends them. The reply goes out after that,
// because an SDK forgets what has been acknowledged.
//
// # 3. Into the log
//
// events/log.go is the contract, and worth reading slowly: what Append promises, why a repeat is a duplicate, why a
// reader never sees position n+1 before n. events/record.go is the form in which an event is stored: a binary header, then
// the JSON as it came. events/pebblelog/doc.go draws the way through the embedded engine: many callers, one sequencer, one
// fsync for a whole group, a hash chain over all of it, and a high-water mark outside, so that a lost tail or a flipped bit
// is noticed and not served. events/keys is where things lie in a store that stands on Pebble, events/latchfs what such a
// store sees of a disk that fails, events/idfilter how it knows without a look that an event is new.
//
// The log can also be somebody else's server: events/natslog and events/esdblog are thin over an engine, and
// events/logindex, beside them, gives its events the dense positions the contract asks for. How a log lives, fails,
// closes and wakes whoever waits is the same for all: events/life. events/logcopy takes a log from one engine to another.
// events/memlog is the contract in memory, in a few lines; events/logtest is the suite that every driver must pass.
//
// # 4. Through the folds
//
// projections/engine.go runs three stages at once. projections/engine_read.go takes pages of the log and decodes them;
// projections/engine_fold.go folds a batch through all rooms; projections/engine_commit.go writes rows and checkpoint
// in one transaction, so that no event is ever half counted. projections/room.go says what a room is: a pure fold with
// tables of its own, whose result does not depend on the order of events. An event that cannot be folded waits
// with the later ones of its fragment (projections/engine_parked.go), and nobody else does.
//
// Each room begins with its doc.go. Three keep what happened: projections/identity says which fragments are one customer, and
// why. projections/profile keeps, per fragment, what can be merged: counts, sums, days, orders, consents, cases.
// projections/timeline keeps a slim row for each event. projections/roomtest checks what all of them promise: shuffled,
// repeated and split differently, the same events give the same rows.
//
// projections/store.go is what a read store must do, projections/sqlitestore does it in one file, and
// projections/storetest is its suite. projections/rebuild.go folds the log into a new generation while the old one
// answers; projections/swap.go puts it in its place in one step.
//
// # 5. Judged
//
// The other rooms judge. projections/history keeps the touchpoints of each fragment once more, made small; merged, they are
// the History of a customer, and every rule and model is a pure function of that and a time, which
// is why a rule can be proved on the past before it is switched on. projections/standing/judge.go defines in sixty lines
// what entering and leaving means; projections/standing/settle.go keeps it up to date for whoever a batch touched, and
// projections/standing/sweep.go for everybody when a rule is new and for those who are due when the clock ticks
// (services/clock). projections/segment is the language of segments, projections/churn that of policies. What is computed
// when somebody asks lies beside them: projections/value (what a customer is worth), projections/affinity (what goes
// together, what next), projections/analytics (figures of all).
//
// # 6. Out to people
//
// services/query/routes.go is the table of everything that can be asked; the OpenAPI document is made from it.
// services/query/search.go turns what was typed into look-ups, services/query/customer.go puts a customer together from
// one view of the store, services/query/timeline.go merges the rows of its fragments, and services/query/headline says them
// in Korean and English. services/query/scan.go looks at all customers at once, for previews, backtests and figures.
// services/query/brief answers the question this was built for: what happened before this call?
// services/query/stream.go tells browsers what changed. services/console serves the app that shows it;
// its source is under services/console/web.
//
// # 7. The one binary
//
// cmd/c360/serve.go draws the running system above the code that starts it, and is the only place that names
// drivers. cmd/c360/demo makes up a company with customers worth looking at: begin there if you would rather see it
// first (make run).
package events
