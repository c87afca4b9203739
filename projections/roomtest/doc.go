// Package roomtest is what tests of rooms share: a read store in memory, a way to fold events through rooms without
// an engine, golden cases kept as files, and a seeded generator of events as real people leave them.
//
// It knows no room. It is not a driver: nothing here survives the process, and nothing is fast.
package roomtest
