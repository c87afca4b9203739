// Package segments is what the API says about segments: its answers, and what is worked out to give them.
//
// It is not where anybody is judged: that is projections/segment, by one evaluator for all; and it serves no request and
// reads no store: package query does, and hands over histories, passages and definitions.
//
//	definitions ──► [Book] (what every segment is, was and is called) ──► list, page of one, checks before one is put
//	histories   ──► [Sample] ──► segment.Preview ──► [Estimate] (scaled, with an interval)
//	explanation ──► [Why] (the events behind it found in the log) ──► answer
//	rule to be put ──► [Book.Check] ──► a refusal that points into the rule
package segments
