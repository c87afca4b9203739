// Package churn says who is slipping away, since when and why.
//
// It is neither a forecast of one person's mind nor a model that is trusted unseen: a [Policy] is a plain rule, one of three
// kinds, and is always shown with what it was measured to be worth beside plain recency ([Measured]).
//
//	rhythm   silent for longer than factor × the customer's own usual gap between visits
//	decline  fewer visits or purchases lately than the customer's own before, more than chance explains
//	model    probability of still being a customer, by Pareto/NBD or MBG/NBD, below a threshold
//
// BG/NBD is not offered: its probability of being alive is 1 for everybody who bought once, so it ranks churn worse than
// chance does.
//
// How data moves through it:
//
//	JSON ──► [Parse] ──► [Policy] ──► [Compile] ──► [Program] ──► At: flagged or not, and when that may change (standing.Judge)
//	                                                    │         Score: risk 0…100, reasons that add up to it, touchpoints behind it
//	                                                    │         Trend, Outcome
//	                              one scan over all ──► ├──► [Winbacks]     what became of the flags that were raised
//	                              histories             ├──► [Backtest]     flags of past days against what then happened
//	                                                    └──► [Calibration]  the policy of a fresh install, with its measure
//
// # What is promised
//
// Everything is a pure function of (History, time, Policy) and looks at nothing that happened later. A flag is raised by time
// or by a touchpoint; it is lowered only by a touchpoint that counts (or by until_days, after which somebody is gone rather
// than slipping). That is no stored state: a flag is up if its condition has held on any day since the last touchpoint that
// counts, and the first such day is computed directly. So somebody idle is looked at once, on that day, and not every day.
//
// The condition is a ratio, 1 at the threshold. Score is 100·ratio/(1+ratio): 50 is the threshold, whatever the kind. A
// policy scaled by a ratio ([Policy.Scaled]) flags exactly those who had more than that ratio, which is how a threshold that
// was picked in a backtest becomes a policy.
//
// # The JSON of a policy
//
// Members left out are as below, where a value is given; one of rhythm, decline and model must be there, empty if need be.
//
//	{"version": 1,
//	 "counts": {"of": "visits" | "purchases", "types": [type, …], "channels": [channel, …]},     visits; all; all
//	 "rhythm": {"factor": 2.5, "gap": "median" | "mean", "gaps": 24, "prior_days": 0, "prior_gaps": 0,
//	            "min_visits": 5, "floor_days": 14, "ceiling_days": 180},
//	 "decline": {"window_days": 56, "windows": 6, "min_windows": 2, "fall": 0.5, "significance": 0.05},
//	 "model": {"name": "pareto_nbd" | "mbg_nbd", "parameters": {"r": …, "alpha": …, "s" or "a": …, "beta" or "b": …},
//	           "threshold": 0.5, "within_weeks": 0, "min_days": 1},
//	 "until_days": 0,
//	 "signals": {"days": 90, "complaint": 0, "refund": 0, "unsubscribe": 0, "trouble": 0},
//	 "measured": {…}, "note": {"ko": …, "en": …}}
//
// # Decisions
//
// What counts is what a customer does: what is sent to them, or done to their order, never does. Visits are counted by day,
// so that ten pages read in one evening are one visit. Days are those of history.Zone for everybody: a rhythm in days does not
// care where its days begin, and a fold must not depend on a time zone database.
//
// What a flag is measured by needs care. "Nothing within 60 days" is true of most customers who come twice a year, so any rule that
// flags those who come rarely looks right, and plain recency, or the purchases a model expects, looks best of all, though nobody
// is slipping. A calibration therefore judges only those who would come three times within the horizon at their usual gap, and counts flags of all
// others against the budget. On the demo company, whose truth is known, what is picked so is right several times as often as what
// would be picked without.
//
// Backtests keep counts by score, not customers, so memory does not grow with the data, halves merge exactly, and no order of
// scanning changes a number.
package churn
