package natslog

import (
	"context"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// sequence gives events their positions. One goroutine runs it; nobody else touches it. It runs ahead of the stream: what
// it decides holds if the frames before land where it thinks they will, and is decided again if one does not.
type sequence struct {
	log    *Log
	queue  []part // what waits to be judged
	head   events.Head
	last   time.Time // recorded time of the event at head
	recent *recent
	ahead  []*group // frames that may not be in the index yet
	number uint64   // of the last frame
	packer packer
}

// run builds one frame after another. While one is being published the next is judged, hashed and compressed; then it waits
// its turn, so that a third gathers what comes meanwhile.
func (s *sequence) run(ctx context.Context) {
	l := s.log
	for ctx.Err() == nil {
		if len(s.queue) == 0 {
			select {
			case req := <-l.requests:
				s.enqueue(req)
			case g := <-l.lost:
				s.again(ctx, g)
			case <-ctx.Done():
			}
			continue
		}
		g := s.build(ctx)
		select {
		case l.groups <- g:
			s.ahead = append(s.ahead, g)
		case old := <-l.lost:
			s.again(ctx, old, g)
		case <-ctx.Done():
		}
	}
}

func (s *sequence) enqueue(req *request) {
	s.queue = append(s.queue, part{req: req, to: len(req.items)})
}

// take judges the part at the head of the queue, as far as the frame has room, and reports whether that was all of it.
func (s *sequence) take(ctx context.Context, g *group) bool {
	p := &s.queue[0]
	if p.req.over {
		s.queue = s.queue[1:]
		return true
	}
	now, stale := s.log.Now(), !s.recent.covers(p.req.seen)
	if err := s.admit(ctx, p, stale); err != nil {
		p.req.finish(err)
		return true
	}
	i := p.from
	for ; i < p.to && g.frame.fits(len(p.req.items[i].record)); i++ {
		if err := s.judge(ctx, g, p.req, i, now, stale); err != nil {
			p.req.finish(err)
			return true
		}
	}
	g.parts = append(g.parts, part{req: p.req, from: p.from, to: i})
	if i < p.to {
		p.from = i
		return false
	}
	s.queue = s.queue[1:]
	return true
}

// judge decides whether an entry is new. A duplicate is one even if its expectation no longer holds: it is the answer
// a writer needs who repeats what already went through.
func (s *sequence) judge(ctx context.Context, g *group, req *request, i int, now time.Time, stale bool) error {
	it := &req.items[i]
	if req.restored != nil {
		s.add(g, it, req.restored[i].RecordedAt)
		return nil
	}
	p, err := s.earlier(ctx, it, stale)
	if err != nil {
		return err
	}
	if p != 0 {
		req.results[i] = events.Result{Outcome: events.Duplicate, Position: p}
		return nil
	}
	if it.expected.IsSet() {
		version, err := s.version(g, &it.stream)
		if err != nil {
			return s.log.indexError(ctx, err)
		}
		if !it.expected.Check(version) {
			g.conflicts = true
			req.results[i] = events.Result{Outcome: events.Conflict, Position: version}
			return nil
		}
	}
	s.add(g, it, now)
	req.results[i] = events.Result{Outcome: events.Appended, Position: s.head.Position}
	return nil
}

// earlier returns the position of the event with the identity of an entry, 0 if there is none.
func (s *sequence) earlier(ctx context.Context, it *item, stale bool) (events.Position, error) {
	p := it.known
	if p == 0 {
		p = s.recent.find(it.id)
	}
	if p != 0 || !stale {
		return p, nil
	}
	p, err := s.log.index.Find(it.id)
	if err != nil {
		return 0, s.log.indexError(ctx, err)
	}
	return p, nil
}

// add gives an entry the next position.
func (s *sequence) add(g *group, it *item, now time.Time) {
	if now.After(s.last) {
		s.last = now
	}
	p := s.head.Position + 1
	events.StampRecord(it.record, p, s.last)
	record := g.frame.add(it.record)
	s.head = events.Head{Position: p, Hash: s.head.Hash.Next(record)}
	g.frame.hashes = append(g.frame.hashes, s.head.Hash)
	s.recent.add(it.id, p)
	g.placed = append(g.placed, logindex.Placed{ID: it.id, Stream: it.stream, Entry: logindex.Entry{
		Position: p, Place: logindex.Place{Minor: uint64(len(g.placed))}, Hash: s.head.Hash, RecordedAt: s.last,
	}})
}

// version returns the position of the last event of a stream, with what is on its way.
func (s *sequence) version(g *group, stream *keys.Stream) (events.Position, error) {
	if p := g.lastOf(stream); p != 0 {
		return p, nil
	}
	for i := len(s.ahead) - 1; i >= 0; i-- {
		if p := s.ahead[i].lastOf(stream); p != 0 {
			return p, nil
		}
	}
	p, _, err := s.log.index.StreamEnd(*stream)
	return p, err
}

// prune forgets the frames that the index has.
func (s *sequence) prune() {
	end := s.log.index.End().Position
	for len(s.ahead) > 0 && s.ahead[0].head.Position <= end {
		s.ahead = s.ahead[1:]
	}
}

// again puts what did not land back to the head of the queue, in its order, and begins anew where the log ends.
func (s *sequence) again(ctx context.Context, old *group, built ...*group) {
	var queue []part
	for _, p := range old.parts {
		if old.err != nil {
			p.req.finish(old.err)
		}
		queue = append(queue, p)
	}
	for _, g := range built {
		queue = append(queue, g.parts...)
	}
	s.queue = append(queue, s.queue...)
	s.ahead = nil
	s.head, s.last = old.tip.head, old.tip.last
	s.recent = newRecent(s.head.Position)
	if s.head.Position > 0 {
		_ = s.log.index.Wait(ctx, s.head.Position-1) // an error means that the log is closing
	}
}
