package history

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections"
)

// maxCounts bounds the kinds of touchpoints counted apart for one fragment; a source may make up any number of types.
const maxCounts = 256

// Count is how many touchpoints of a type came from a source through a channel.
type Count struct {
	Source, Type, Channel string
	N                     uint64
}

func (c *Count) compare(o *Count) int {
	if c := cmp.Compare(c.Source, o.Source); c != 0 {
		return c
	}
	if c := cmp.Compare(c.Type, o.Type); c != 0 {
		return c
	}
	return cmp.Compare(c.Channel, o.Channel)
}

// counts counts touchpoints by source, type and channel. Of very many it keeps the least keys; others counts the rest.
type counts struct {
	list   []Count // sorted by source, type and channel
	others uint64
}

func (c *counts) add(k Count) {
	i, found := slices.BinarySearchFunc(c.list, k, func(x, k Count) int { return x.compare(&k) })
	switch {
	case found:
		c.list[i].N += k.N
	case i == maxCounts:
		c.others += k.N
	default:
		c.list = slices.Insert(c.list, i, k)
		if len(c.list) > maxCounts {
			c.others += c.list[maxCounts].N
			c.list = c.list[:maxCounts]
		}
	}
}

func (c *counts) encode(e *projections.Encoder) {
	e.Uint(c.others)
	e.Uint(uint64(len(c.list)))
	source, channel := "", ""
	for i := range c.list {
		x := &c.list[i]
		source = encodeSame(e, x.Source, source)
		e.Text(x.Type)
		channel = encodeSame(e, x.Channel, channel)
		e.Uint(x.N)
	}
}

func decodeCounts(d *projections.Decoder) counts {
	c := counts{others: d.Uint()}
	n := d.Len()
	c.list = make([]Count, 0, n+1)
	source, channel := "", ""
	for range n {
		source = decodeSame(d, source)
		kind := d.Text()
		channel = decodeSame(d, channel)
		c.list = append(c.list, Count{source, kind, channel, d.Uint()})
	}
	return c
}

// encodeSame writes a text in one byte if it is the same as the last one.
func encodeSame(e *projections.Encoder, s, last string) string {
	e.Bool(s != last)
	if s != last {
		e.Text(s)
	}
	return s
}

func decodeSame(d *projections.Decoder, last string) string {
	if d.Bool() {
		return d.Text()
	}
	return last
}
