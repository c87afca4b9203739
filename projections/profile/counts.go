package profile

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections"
)

// maxCounts bounds the kinds of events counted apart for one fragment; a source may make up any number of types.
const maxCounts = 256

type countKey struct{ source, kind, channel string }

func (k *countKey) compare(o *countKey) int {
	if c := cmp.Compare(k.source, o.source); c != 0 {
		return c
	}
	if c := cmp.Compare(k.kind, o.kind); c != 0 {
		return c
	}
	return cmp.Compare(k.channel, o.channel)
}

type count struct {
	countKey
	n uint64
}

// counts counts events by source, type and channel. Of very many it keeps the least keys; others counts the rest.
type counts struct {
	list   []count // sorted by key
	others uint64
}

func (c *counts) add(k countKey, n uint64) {
	i, found := slices.BinarySearchFunc(c.list, k, func(x count, k countKey) int { return x.compare(&k) })
	switch {
	case found:
		c.list[i].n += n
	case i == maxCounts:
		c.others += n
	default:
		c.list = slices.Insert(c.list, i, count{k, n})
		if len(c.list) > maxCounts {
			c.others += c.list[maxCounts].n
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
		source = encodeSame(e, x.source, source)
		e.Text(x.kind)
		channel = encodeSame(e, x.channel, channel)
		e.Uint(x.n)
	}
}

func decodeCounts(d *projections.Decoder) counts {
	c := counts{others: d.Uint()}
	n := d.Len()
	c.list = make([]count, 0, n+1)
	source, channel := "", ""
	for range n {
		source = decodeSame(d, source)
		kind := d.Text()
		channel = decodeSame(d, channel)
		c.list = append(c.list, count{countKey{source, kind, channel}, d.Uint()})
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
