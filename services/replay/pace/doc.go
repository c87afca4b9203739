// Package pace tells history again, as fast or as slowly as somebody wants to watch it: the events of the log between
// two positions, filtered, with the silences between them divided by a speed. It also follows the end of the log, and
// shows a log that grows at that pace to an engine ([Log]), for a sandbox in which people are trained.
//
// It is not a fold and not an export: it keeps nothing, and what it tells is what the log holds. It is not a sender
// either: it imports nothing that dials, so a replay cannot reach anybody outside; only who asks for one is told.
//
//	events.Log ──► page ──► [Filter] ──► pause ──► tell                    [Run]
//	                                       │         ├─► a line of the CLI
//	                                       │         └─► one server-sent event  ([Service], GET /v1/replay)
//	                                       └─► released ──► Read, Head, Wait of a [Log] ──► projections.Engine
//
// # Which clock
//
// Silences are those between the recorded times of events ([Recorded]), because they never go backwards: the replay
// shows the company as c360 saw it, and a file of old orders that was imported in a minute passes in a minute. By the
// occurred times ([Occurred]) it passes as it happened; an event that came late follows the one before it at once.
// A silence never lasts longer than [Options].MaxGap for who watches, and one who is slow to take an event is not
// hurried afterwards by more than a second.
package pace
