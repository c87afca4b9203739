// Package timeline is the room that lists what happened, newest first.
//
// It appends one slim row for every event that names somebody: whose, when, what, through which channel, the few
// fields a person reads in a list, and the position, by which the log gives the rest. It never reads a row
// while folding, so it costs an insert and nothing else. Beside the rows it keeps the order, inquiry and case
// numbers that events mention, for search, and counts what each source has sent, for operators.
//
// Rows belong to fragments for ever. The timeline of a customer is the merge of its fragments' rows when somebody looks
// ([Room.Page]), so linking and unlinking move nothing.
//
// Rows are in the order of (time, position). Two events of one microsecond are thus in the order in which the log
// took them, the same in every rebuild of one log, though not in a log that was told them the other way round.
package timeline
