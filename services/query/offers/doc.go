// Package offers is what the API says about products: what goes together, what a customer may want next and why.
//
// It is not where anything is counted: that is projections/affinity. It reads no store, takes no request and decides
// nothing about who may be written to; package query reads and serves.
//
//	all histories ──► [Counting] (two halves) ──┐
//	                                            ├──► [Shop]: one affinity.Model, what it is true at, names of products
//	customers touched since ──► [Turn] ─────────┘        │
//	                                                     ▼
//	                  [Shop.Together] [Shop.Rules] [Shop.Products] [Shop.Next] [Shop.Basket] [Shop.Brief] ──► answers
//	                  [Survey] (over a scan: who cares about a category) ──► answer
//
// The Shop counts everything that was told of a customer, whenever it happened or claims to have happened. Its counts are so
// a function of the position of the log alone, whether they were made in one go or kept up. Of more than [CountedAtMost]
// customers a fair sample is counted, and every answer says how large; kept up, it is the same sample until it is too large.
package offers
