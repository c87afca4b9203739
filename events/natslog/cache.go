package natslog

import (
	"container/list"
	"sync"
)

const defaultCache = 32 << 20

// cache keeps the frames that were last written or read, by the sequence numbers of their messages: a projection reads what
// was just written, and a page of a stream often finds several of its events in one frame.
type cache struct {
	mu     sync.Mutex
	room   int // bytes that are left
	frames map[uint64]*list.Element
	order  *list.List // of cached, the last used in front
}

type cached struct {
	seq   uint64
	frame *frame
}

func newCache(size int64) *cache {
	if size == 0 {
		size = defaultCache
	}
	return &cache{room: int(size), frames: map[uint64]*list.Element{}, order: list.New()}
}

func (c *cache) get(seq uint64) *frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.frames[seq]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).frame //nolint:forcetypeassert // nothing else is in it
}

func (c *cache) put(seq uint64, f *frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.frames[seq]; ok {
		return
	}
	c.frames[seq] = c.order.PushFront(&cached{seq: seq, frame: f})
	c.room -= f.size()
	for c.room < 0 && c.order.Len() > 1 {
		last := c.order.Back()
		old := last.Value.(*cached) //nolint:forcetypeassert // nothing else is in it
		c.order.Remove(last)
		delete(c.frames, old.seq)
		c.room += old.frame.size()
	}
}

// size is about what a frame takes in memory.
func (f *frame) size() int { return cap(f.raw) + 8*cap(f.bounds) + 16*cap(f.hashes) + 256 }
