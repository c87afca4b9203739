// Package numbers is what the calls about numbers say: the answers of /v1/analytics and of a customer's value, and the
// accumulators that only those calls need.
//
// It is not where anything is counted: tiles, retention, funnels and the like are counted by projections/analytics, values
// are fitted by projections/value. Here it is put into answers that say what they rest on ([Basis]), which currency a
// company sells in is found ([ByCurrency]), and what customers are measured by is gathered ([Yardstick]).
//
// How data moves through it:
//
//	a scan of services/query ──► [First] ──► currency, fifths, thresholds ──┐
//	                         ──► [Second] ──► fitted model, hold-out ───────┴──► [Yardstick] ──► [Yardstick.Measure] one customer
//	                         ──► [Life], [Corner], analytics.KPI, … ──► answers
//
// Everything is a pure function of histories, an instant and parameters; it knows no HTTP, no store and no clock.
package numbers
