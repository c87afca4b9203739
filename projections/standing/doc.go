// Package standing keeps who stands under which rule since when: it is what the rooms segment and churn are made of.
//
// What it is: one definition of entering and leaving ([Changes]), the schedule of a rule's versions ([Schedule]), and a
// room that keeps the answer for everybody up to date ([Room]). What it is not: it knows no rule language. What a rule says
// about a history is a [Judge]; segments and churn policies bring theirs.
//
// How data moves through it:
//
//	segment.defined ──► Fold ──► rules ─┐
//	clock.ticked    ──► Fold ──► clock ─┤
//	                                    ▼
//	touched customers ──► Settle: replay from what is new ──► where they stand, members, when something is due next
//	everybody, the due ──► Sweep: the same, a part at a time
//
// # What is promised
//
// What a customer entered and left is a function of the events of their fragments, the versions of the rule, and how far
// the clock has come: the same however the events arrived, and the same in a rebuild, which judges everybody once, at
// the end. A late event, a link or an unlink restates it. Only when somebody is to be looked at next depends on the past
// ([Room.NextDue]): a due time is kept while it is early enough, so that an event that changes nothing writes nothing.
//
// A tick costs what is due, not what there is: the clock is an event, written when something is due, so a replay
// sees the same ticks.
//
// Entries and exits are not written down but for the last: they are what [Schedule.Changes] makes of a history, of one
// customer at once, of all in a scan. Writing them cost ten times what everything else here does.
package standing
