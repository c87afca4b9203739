package esdblog

import (
	"sync"

	"github.com/c360hq/c360/events"
)

// cache keeps the records of the last events, whole, so that who follows the log closely asks the server for nothing.
type cache struct {
	room int // bytes

	mu      sync.RWMutex
	first   events.Position // of records[0]
	records [][]byte
	bytes   int
}

func newCache(room int) *cache { return &cache{room: room} }

// add keeps records that follow each other from a position on. The cache only reads them from then on.
func (c *cache) add(first events.Position, records [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first+events.Position(len(c.records)) != first {
		c.first, c.records, c.bytes = first, nil, 0
	}
	for _, r := range records {
		c.bytes += len(r)
	}
	c.records = append(c.records, records...)
	if c.bytes > c.room {
		c.drop()
	}
}

// drop makes a good deal of room at once, so that it is not made each time.
func (c *cache) drop() {
	n := 0
	for ; c.bytes > c.room/4*3 && n < len(c.records); n++ {
		c.bytes -= len(c.records[n])
	}
	c.first += events.Position(n)
	c.records = append([][]byte{}, c.records[n:]...)
}

// get returns the record at a position, nil if it is not here.
func (c *cache) get(p events.Position) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if p < c.first || p-c.first >= events.Position(len(c.records)) {
		return nil
	}
	return c.records[p-c.first]
}
