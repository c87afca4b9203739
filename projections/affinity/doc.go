// Package affinity knows what goes together and what a customer is likely to want next.
//
// It is a library in memory that is fed with histories, not a room: it has no tables, reads no clock and asks nobody. It
// does not decide whether something may be sent to somebody; it says what would fit and why.
//
// How data moves through it:
//
//	*history.History ──► [Of] ──► [Purchases] ──► [Model.Put] ──► counts: products, pairs in one basket, pairs by one buyer,
//	 orders as of a time           one customer     [Model.Merge]          days, gaps, prices, categories
//	                                   │                                      │
//	                                   │                 ┌────────────────────┤
//	                                   ▼                 ▼                    ▼
//	             [Model.Recommend] [Model.Interests] [Model.Due] [WhoCares.Match]   [Model.BoughtTogether] [Model.Rules]
//	              answers about one customer, with reasons and evidence             [Model.UpSell] [Model.Popular] [Model.Timing]
//
// # What is promised
//
// All counts are whole numbers and a customer is counted once, as the latest Purchases told, so neither the order of
// feeding nor repetition changes a number; [Model.Remove] leaves what would be there had the customer never been fed, and
// [Model.Merge] what would be there had one model been fed with all. Where numbers are equal, article numbers decide.
//
// Nothing looks at what happened after the time of the Purchases.
//
// # Decisions
//
// Raw lift ranks worse than plain popularity (it loves what was bought twice), so it is shown and never ranked by. Pairs are
// ranked by Jaccard's coefficient: of all who bought one of two products, how many bought both. What to recommend is the sum
// of that over what the customer owns, what was bought lately counting more, times how well a product sells now compared
// with how it usually does (see [Settings]). A product that is no more frequent with something owned than without does not
// follow from it. Significance is Fisher's exact test, one-sided, corrected for the number of pairs that were looked at
// (Benjamini and Hochberg, 1995).
//
// On Online Retail, trained before 2011-09-01 and asked for September, that makes nDCG@10 .1065 where last-30-day popularity
// makes .048, cosine .0876, Jaccard .0985 and EASE, which solves a system as large as the range, .1034. See the tests, which
// work the baselines out again.
//
// What a customer bought of a pair is evidence in the form of [history.Ref]; how often others did is a count, never a name.
//
// # Size
//
// Products are numbers of 32 bits and counts of pairs are sparse until a list is smaller: 105,000 baskets of 30,000 customers
// over 5,000 products take 116 MB and 1.7 s of one processor, all pairs of each product included; Online Retail, where the
// 3,400 products almost all meet, takes 78 MB. One more order costs a tenth of a millisecond.
//
// What is told of a product is kept as long as somebody's history tells it, some hundred bytes for each way in which it is
// told: prices of orders as they were, so never more of them than lines of orders; prices of looks to three digits, however
// often a shop changes them.
//
// A Model may be asked by many at once while nobody changes it.
package affinity
