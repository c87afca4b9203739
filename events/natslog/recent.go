package natslog

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// recentMax is how many ids a half of recent holds: far more than are on their way at any moment.
const recentMax = 1 << 15

// recent remembers the ids of the last events. An appender looks its ids up in the index before it gets in line; what was
// sequenced after that look-up is found here, so the sequencer itself needs no look-up.
type recent struct {
	young, old         map[keys.ID]events.Position
	youngFrom, oldFrom events.Position // each half, with those younger, knows every event after that
}

func newRecent(from events.Position) *recent {
	return &recent{young: map[keys.ID]events.Position{}, youngFrom: from, oldFrom: from}
}

// covers reports whether every event after seen is remembered.
func (r *recent) covers(seen events.Position) bool { return seen >= r.oldFrom }

func (r *recent) find(id keys.ID) events.Position {
	if p, ok := r.young[id]; ok {
		return p
	}
	return r.old[id]
}

// add remembers the id of an event. Positions come in ascending order.
func (r *recent) add(id keys.ID, p events.Position) {
	if len(r.young) >= recentMax {
		r.old, r.young = r.young, map[keys.ID]events.Position{}
		r.oldFrom, r.youngFrom = r.youngFrom, p-1
	}
	r.young[id] = p
}
