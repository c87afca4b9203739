// Package memstore is a driver of [projections.Store] in memory, for generations of a few hundred to some ten thousand
// rows that are made for one answer and thrown away: what a customer was like as of an instant, a training sandbox.
//
// It is not a place to keep anything: Close forgets the rows, and every row takes several times the memory that it
// takes in a file. For a generation of everybody there is sqlitestore.
//
// How a row moves through it: Commit checks the rows of all tables against their columns, then puts them in a map per
// table, by key. An index is sorted when somebody first scans it, and forgotten when its table changes. A view is the
// maps as they were: a commit that finds them in use by a view works on a copy.
package memstore
