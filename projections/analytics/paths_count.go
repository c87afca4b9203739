package analytics

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/google/uuid"
)

// pathCount counts one path.
type pathCount struct {
	times     [maxDepth + 1]int64
	customers [maxDepth + 1]int64
}

const maxDepth = 30

// depthOf is how many zero bits an id ends in. Ids are hashes: half have none, a quarter one.
func depthOf(id uuid.UUID) int {
	return min(bits.TrailingZeros64(binary.BigEndian.Uint64(id[8:])), maxDepth)
}

func (p *Paths) count(path string, zeros int, first bool) {
	c := p.counts[path]
	if c == nil {
		c = &pathCount{}
		p.counts[strings.Clone(path)] = c
	}
	c.times[zeros]++
	if first {
		c.customers[zeros]++
	}
}

// thin halves the customers until there is room for their paths.
func (p *Paths) thin() {
	for len(p.counts) > p.o.Room && p.depth < maxDepth {
		p.depth++
		for path, c := range p.counts {
			if times, _ := c.sum(p.depth); times == 0 {
				delete(p.counts, path)
			}
		}
	}
}

// sum adds up the counts of customers whose id ends in so many zero bits at least.
func (c *pathCount) sum(depth int) (times, customers int64) {
	for i := depth; i <= maxDepth; i++ {
		times, customers = times+c.times[i], customers+c.customers[i]
	}
	return times, customers
}

// Merge takes in what another Paths of the same options has seen.
func (p *Paths) Merge(o *Paths) {
	p.depth = max(p.depth, o.depth)
	for path, other := range o.counts {
		c := p.counts[path]
		if c == nil {
			c = &pathCount{}
			p.counts[path] = c
		}
		for i := range c.times {
			c.times[i] += other.times[i]
			c.customers[i] += other.customers[i]
		}
	}
	p.drop()
	p.thin()
}

// drop forgets paths that only customers who no longer count went.
func (p *Paths) drop() {
	for path, c := range p.counts {
		if times, _ := c.sum(p.depth); times == 0 {
			delete(p.counts, path)
		}
	}
}
