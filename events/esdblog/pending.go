package esdblog

import "github.com/c360hq/c360/events/logindex"

// body in waiting: seen in the engine, not yet named by a commit.
type waiting struct {
	place  logindex.Place
	record []byte
}

// slot names a body: its stream without the prefix, and its revision there.
type slot struct {
	stream   string
	revision uint64
}

// pending keeps the bodies that were seen until a commit names them, the oldest ones only as long as there is room: a body
// that was dropped, or came before the reading began, is asked for when it is needed. One goroutine uses it.
type pending struct {
	room   int // bytes
	bytes  int
	bodies map[slot]waiting
	order  []slot // as they came; some may be gone
}

func newPending(room int) *pending { return &pending{room: room, bodies: map[slot]waiting{}} }

func (p *pending) add(s slot, w waiting) {
	if _, ok := p.bodies[s]; ok {
		return
	}
	p.bodies[s] = w
	p.order = append(p.order, s)
	p.bytes += len(w.record)
	for p.bytes > p.room && len(p.order) > 1 {
		oldest := p.order[0]
		p.order = p.order[1:]
		p.take(oldest)
	}
}

// take returns a body and forgets it.
func (p *pending) take(s slot) (waiting, bool) {
	w, ok := p.bodies[s]
	if ok {
		delete(p.bodies, s)
		p.bytes -= len(w.record)
	}
	if len(p.order) > 2*len(p.bodies)+tidyAt {
		p.tidy()
	}
	return w, ok
}

const tidyAt = 1024

// tidy forgets the order of what is gone.
func (p *pending) tidy() {
	kept := p.order[:0]
	for _, s := range p.order {
		if _, ok := p.bodies[s]; ok {
			kept = append(kept, s)
		}
	}
	p.order = kept
}
