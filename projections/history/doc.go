// Package history is the room that keeps what rules and models read: the touchpoints of every fragment, made small.
//
// It is neither the log nor the timeline. A touchpoint here has no position and no text for people; it has its time, its
// type, its channel, and the few fields that rules may ask about (see [Fields]), and nothing that names or reaches a
// person. A fragment is one row, so a whole customer is read with one look-up a fragment and every customer in one scan.
//
// How data moves through it:
//
//	event ──► Fold: one [Touchpoint] into the row of its fragment, in the order of (time, key)
//	          row  ──► [Fragment] ──► [Merge] of all fragments of a customer ──► [History]
//	                                                                              │
//	          segment rules, churn policies, value models, look-alikes, analytics ◄─┘  all pure functions of (History, time)
//
// It is the one room other rooms may import: they all judge the same history, so there is one definition of what an order
// is, which trait holds and what had happened by then.
//
// # What is promised
//
// A History is a function of the set of events of a customer's fragments: no order of arrival, no repetition and no detour of
// links and unlinks changes it. Everything it answers is asked as of a time and looks at nothing that happened later, so
// what a rule would have said on 3 May can be computed today.
//
// A fragment keeps its latest [MaxTouchpoints] of either sort, those that are about orders, traits and consent and the others,
// and up to a quarter more; of those before only counts and sums by type are left ([Older]).
package history
