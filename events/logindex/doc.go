// Package logindex gives events dense positions on engines whose own places are not dense.
//
// A NATS stream numbers messages that hold many events, and EventStoreDB numbers the bytes of its log; the contract of
// events.Log wants 1, 2, 3, … on every engine. So a driver of such an engine follows it in order and keeps beside it
// what the engine cannot tell cheaply, in a Pebble store of its own:
//
//	position         → place in the engine, chain hash, recorded time
//	stream, position → the engine's number of the event in its stream, if it has one
//	(source, id)     → position
//	end              → how far the engine was followed
//
// Whoever follows the same engine in the same order comes to the same positions, so every process has an index of its own
// and all agree. There are two ways to fill one: Add judges what the engine holds (a repeat that the engine stored twice
// gets no position), Append takes events whose position is already decided. Either writes all it was given, and the new
// end, in one step.
//
// It is not a log: the events themselves stay in the engine. It is derived: nothing is synced to the disk, after a crash
// it holds some prefix of what it held, and the driver goes on from its End. An index that is damaged is made anew; so is
// one whose directory somebody deleted. An index of another log is refused (ErrForeign).
package logindex
