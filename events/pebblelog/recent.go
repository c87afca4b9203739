package pebblelog

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// recentMax is how many ids a half of recent holds: far more than are in flight at any moment.
const recentMax = 1 << 15

// recent remembers the ids of the last groups. An appender looks its ids up in the store before it gets in line; what was
// sequenced after that look-up is found here, so the sequencer itself needs no look-up.
type recent struct {
	young, old         map[keys.ID]events.Position
	youngFrom, oldFrom uint64 // the first group that each half, with those younger, knows completely
}

func newRecent() *recent {
	return &recent{young: map[keys.ID]events.Position{}, old: map[keys.ID]events.Position{}}
}

// covers reports whether every id of the groups after seen is remembered.
func (r *recent) covers(seen uint64) bool { return seen+1 >= r.oldFrom }

func (r *recent) find(id keys.ID) events.Position {
	if p, ok := r.young[id]; ok {
		return p
	}
	return r.old[id]
}

// add remembers an id of a group. Groups come in ascending order.
func (r *recent) add(id keys.ID, p events.Position, group uint64) {
	if len(r.young) >= recentMax {
		r.old, r.young = r.young, r.old
		clear(r.young)
		r.oldFrom, r.youngFrom = r.youngFrom, group+1 // of this group a part is in old
	}
	r.young[id] = p
}
