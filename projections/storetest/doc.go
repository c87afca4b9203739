// Package storetest is the conformance suite of [projections.Store]: what every driver of the read store has to
// do, in the same words for all. A driver's own tests call [Run] with a function that opens it.
//
// It compares a driver with a model that is too simple to be wrong (a sorted slice), over random rows, ranges and
// batches, and then checks what a model cannot: snapshots while commits go on, all or nothing, what survives
// closing, what a bulk load leaves behind, and that calls end when their context does.
//
// It is not a benchmark and knows no rooms.
package storetest
