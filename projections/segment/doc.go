// Package segment is the language of segment rules: a closed JSON tree that says, of any customer and any time, whether
// they are in.
//
// It is one evaluator for live membership, preview, backtest and list, and holds no scripts and no SQL. It is neither the
// list of segments nor their members: who entered and left when is the business of projections/standing, to which a compiled
// rule is a Judge.
//
//	JSON ──► [Parse] (strict, typed, bounded) ──► [Rule] ──► [Compile] (other segments put in) ──► [Program]
//	                                                                                              │
//	 live membership (standing) ◄── At(history, time) ◄───────────────────────────────────────────┤
//	 why, why not                ◄── [Program.Explain]  ◄─────────────────────────────────────────┤
//	 before it is saved          ◄── [Preview], [Backtest], fed by a scan of all histories ◄──────┘
//
// A rule is a pure function of a customer's history and a time: it looks at nothing that happened later, so what it would
// have said on 3 May can be asked today.
//
// # The language
//
// A condition is an object. The first key below says which one it is; there are no other keys.
//
//	{"all": [condition, …]}   {"any": [condition, …]}   {"not": condition}
//
//	{"trait": "tier", TEST}                what was said of the person, as the profile has it
//	{"trait": "age", RANGE}                whole years since birth_date
//
//	{"event": TYPE, "where": [FIELD, …], "count": {RANGE}, "within": LENGTH}
//	{"event": TYPE, "where": [FIELD, …], "sum": "amount", "currency": "KRW", RANGE, "within": LENGTH}
//	{"last":  TYPE, "where": [FIELD, …], "ago": {RANGE of LENGTH}}
//	{"first": TYPE, "where": [FIELD, …], "ago": {RANGE of LENGTH}}
//	{"sequence": [{"event": TYPE, "where": […]}, {"event": TYPE, "absent": true}], "same": field,
//	 "within": LENGTH, "ago": {RANGE of LENGTH}}
//
//	{"segment": "vip"}                     is in that segment, by its rule at the time of Compile
//	{"identifier": "email", "grade": "asserted"}   is known by such an identifier, proven so well or better
//	{"consent": "marketing", "medium": "sms"}      the latest word on it is yes; "*": on any medium
//	{"birthday": {"within": "7d"}}         is today or in the next 7 days
//	{"anniversary": {"of": "joined_on", "within": "7d"}}
//
//	TEST    one of "is": v, "is_not": v, "in": [v, …], "not_in": [v, …], "contains": v, "exists": true or false; or RANGE
//	RANGE   one or two of "<", "<=", ">", ">=", or "is"
//	FIELD   {"field": "category", TEST}
//	TYPE    an event type of the catalogue, or one the log holds; beside it "custom": true for one that is yet to come
//	LENGTH  a whole number and m, h, d, w or y: "30d". A day has 24 hours, a year 365 days; at most 5 years
//
// "where" holds if all its tests do. Beside the fields of history.Fields there are channel, amount, item.sku and
// item.category; a test of items holds if one item passes it, and is_not and not_in if all do. Without "count" and "sum" an
// event counts at least once. "sum" adds amounts in one currency (KRW if none is said) or a number field.
//
// What is not known passes is_not, not_in and "exists": false and no other test. Texts are compared as they are. A list
// contains its elements, a text its parts. Numbers have up to four decimal places. Days are compared as days: {"trait":
// "joined_on", ">=": "2026-01-01"}.
//
// # Windows
//
// "within" is the half-open window (at-within, at]: what happened exactly that long ago is out. Without it all time counts,
// including what a history no longer keeps apart, unless there is a "where": of that only numbers and sums by type are
// left. Of what is no longer kept apart nothing is known before all of it had happened.
//
// Orders: for "order.completed", an order counts once however often it was told, when it was placed, with what is left of
// its total after cancellations and refunds known by then, and not at all if it was cancelled as a whole. The tests of
// "where" see its items, channel and net amount; other fields are those of the event that tells of it.
//
// "last" and "first" are false if there was no such event, whatever the comparison.
//
// Sequences: each step is the earliest event after the step before, at a later time; all lie in (t, t+within] of the
// first one, at t. "absent", on the last step only, is its not coming: with "within" the sequence holds from t+within on,
// without, at once and until it comes. Events are taken as they happened; an order that was cancelled later was placed all
// the same. With "same" all steps share a field: {"sequence": [{"event": "inquiry.opened"}, {"event": "inquiry.answered",
// "absent": true}], "same": "inquiry_id", "within": "2h"}. Any event may begin a sequence, so it goes on holding; "ago"
// says how long ago it may have begun.
//
// # Days
//
// Days begin at midnight in the zone of the trait time_zone (an IANA name, by the time zone database of the machine), or in
// history.Zone if there is none. A birthday is birth_date (YYYY-MM-DD); it is a day of the Korean lunar calendar if
// birth_lunar is true, and of a leap month if birth_leap is. One rule holds for days that a year lacks: they are kept on the
// month's last day. So 29 February is kept on 28 February in common years, and a lunar 30th on the 29th. Whoever was born
// in a leap month keeps it in that leap month if the year has it, else in the ordinary month of its number. Lunar birthdays
// are known up to the lunar year 2050. An age grows on the birthday. An anniversary is first kept a year after its day.
//
// # Bounds
//
// A rule has at most 16 levels, 200 conditions, tests and steps, 64 KiB; a value 256 bytes, a list 100 values, "where" 10
// tests, a sequence 5 steps. JSON itself may be 32 levels deep, of which a level of all or any takes two.
package segment
