// Package value says what customers are worth: when they will buy again and for how much, whether they are still customers
// at all, where they stand in their life as one, and in which tier.
//
// It is a library without tables: everything is a pure function of histories, a time and parameters. It fits no model on
// its own account; what was fitted is kept in the log as an event, so that a replay uses the same parameters.
//
// How data moves through it:
//
//	history.History ──► [Bought] one purchase a day ──► [Summary] (x, tx, T) ──► [Sample] ──► [Fit] ──► [Fitted] ──► JSON
//	                         │                              │    weighted cells                   │
//	                         │                              └────────► [Law], [Fitted.Forecast] ◄─┘
//	                         ├──► [Holdout]     fitted up to a day, judged by the days after, beside plain forecasts
//	                         ├──► [RFM]         fifths by rank, the 5×5 grid
//	                         └──► [Rhythm] ──► [Thresholds] classes of life;  [Tiers] and the way to the next
//
// Collectors have Add, Merge and a result. None depends on the order in which customers are added, to the last bit: they
// keep counts, and sums over counts are made in order.
//
// # The models
//
// BG/NBD, MBG/NBD and Pareto/NBD read when somebody bought and how often; Gamma-Gamma reads what a purchase cost. They are
// fitted by maximum likelihood over the logarithms of their parameters. A fit carries its standard errors, how it did on a
// part of the past that it had not seen ([Report]), and a [Verdict] whether the data tells drop-out from rarity at all: in
// many shops it does not, and then P(alive) is a number without a meaning.
//
// In ranking who is leaving the models do no better than plain recency; what they are good for is totals. BG/NBD takes
// everybody who bought once to be alive for certain, so who ranks drop-out must take one of the others.
package value
