// Package analytics counts what histories say about all customers together: tiles of figures, retention by joining month,
// funnels and paths, what groups of customers are worth, whether who returns something buys again, how long customers stay.
//
// It is not a room: it keeps no rows and knows no store, no clock and no API. It judges no single customer either; that is
// what segments and churn policies do.
//
// How data moves through it:
//
//	history.Room.Scan ──► Add(*history.History), once a customer ──► Merge of several halves ──► Result()
//	                      [KPI] [Retention] [Funnel] [Paths]         of the same options         JSON-ready, (ko, en)
//	                      [Values] [Returns] [Survival]                                            │
//	                                                                 weekly series ──► [Predict] ◄─┘
//
// What sets one group of customers apart from the rest, and who else is like it, is in analytics/lookalike.
//
// # What is promised
//
// Every figure is as of an instant and looks at nothing that happened later. Sums are integers, what is sampled is sampled
// by customer id, and lists are sorted before they are read, so a result depends on the set of histories only: not on
// their order, not on how they were split among accumulators that were merged. Add must see each customer once.
//
// Days, weeks (from Monday) and months are those of the company, [history.Zone]: the figures of a company are cut by one
// calendar. Who is not added does not count: figures of a segment are those of an accumulator that only its members were
// added to. A figure that rests on too little says so ([Figure].Enough) instead of looking like the others.
package analytics
