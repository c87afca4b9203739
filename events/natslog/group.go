package natslog

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// part is a piece of a request: its items from from to to.
type part struct {
	req      *request
	from, to int
}

// group is a frame on its way, with whoever waits for it.
type group struct {
	frame     frame
	message   []byte
	placed    []logindex.Placed // the new events; Place.Major is not known yet
	parts     []part
	conflicts bool      // somebody's expectation does not hold
	last      time.Time // recorded time of the last event, or of the one before
	head      events.Head

	landed bool  // the stream holds it
	err    error // why it never will
	tip    tip   // the end of the log, for a frame that is given back
}

func (g *group) lastOf(stream *keys.Stream) events.Position {
	for i := len(g.placed) - 1; i >= 0; i-- {
		if g.placed[i].Stream == *stream {
			return g.placed[i].Position
		}
	}
	return 0
}

// build makes a frame of what waits, and of what comes while there is room.
func (s *sequence) build(ctx context.Context) *group {
	s.prune()
	s.gather()
	count, size := s.waiting()
	g := &group{frame: newFrame(s.head, count, size), placed: make([]logindex.Placed, 0, count)}
	for len(s.queue) > 0 && s.take(ctx, g) {
		if len(s.queue) == 0 {
			s.gather()
		}
	}
	return s.seal(g)
}

// gather takes whatever has come.
func (s *sequence) gather() {
	for {
		select {
		case req := <-s.log.requests:
			s.enqueue(req)
		default:
			return
		}
	}
}

// waiting returns how many events of the queue the next frame is likely to take, and how large that makes it.
func (s *sequence) waiting() (count, size int) {
	for _, p := range s.queue {
		for i := p.from; i < p.to; i++ {
			it := &p.req.items[i]
			if it.known != 0 { // a repeat
				continue
			}
			if size += len(it.record) + binary.MaxVarintLen32; size > frameTarget {
				return count, frameTarget
			}
			count++
		}
	}
	return count, size
}

// seal closes a frame.
func (s *sequence) seal(g *group) *group {
	s.number++
	copy(g.frame.id[:], s.log.writer[:])
	binary.BigEndian.PutUint64(g.frame.id[8:], s.number)
	g.head, g.last = s.head, s.last
	if len(g.placed) > 0 {
		g.message = s.packer.pack(&g.frame)
	}
	return g
}
