// Package churns makes the answers about customers who slip away: what package query serves under /v1/churn and on the
// page of a customer.
//
// What it is: the types of the answers, and pure functions that make them of a compiled policy and a history. What it is
// not: it judges nobody itself (projections/churn does), it reads no store and serves no HTTP; evidence is given to it as
// positions, found by the caller.
//
// How data moves through it:
//
//	history + standing.Schedule ──► [Of] ──► flag, score, trend, past flags with what became of them ──► [CustomerFlag], [ChurnBrief]
//	members, their histories    ──► [Score] ──► [Rank]: by risk or by since ──► a page of [Flag]
//	trial + scan                ──► churn.Backtest ──► [BacktestOf]
//	all histories, now and then ──► [Calibrator] ──► the policy "default", appended to the log like everybody's
//
// Times are RFC 3339 in UTC; risk is 0…100, where 50 is the threshold of the policy; shares are 0…1.
package churns
