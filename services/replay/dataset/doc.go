// Package dataset is history as tables: what an analyst sees when c360 is exported. A [Dataset] has a name, columns
// with types and units, one sentence about each of them, and a way to make its rows.
//
// It is not a format (package format writes the rows down) and not a read model: the stores hold blobs that only their
// rooms can read, a dataset holds plain values. It keeps nothing and writes nothing.
//
//	events.Log ──► events, order_items          read and decoded a page ahead, in log order
//	projections.View ──► customers, fragments, identifiers, links, orders, cases, consents
//	                     through the typed reads of the rooms, in the order of their keys
//
// Everything comes from one view, so all tables of an export are true at one position; events are those up to it. Rows
// go by in [Batch]es of about a thousand, so an export of any length takes the memory of a few batches. A column, what
// it means and how it is made stand on one line, and the data dictionary ([Dictionary], [Markdown]) is made of the same lines.
//
// Exports hold personal data on purpose. Nothing in here logs.
package dataset
