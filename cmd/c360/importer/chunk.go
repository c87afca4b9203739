package importer

import (
	"errors"
	"fmt"
	"io"
)

// What one request holds at most. The server answers with the reasons of 100 rejected lines, so smaller is better
// than larger.
const (
	chunkUnits = 800
	chunkBytes = 512 << 10
)

// unit is what becomes one event: a record, or several rows that belong together.
type unit struct {
	node node
	line int
	raw  []byte
	err  error
}

// chunk is what is sent in one request, and where the file goes on after it.
type chunk struct {
	number int
	units  []unit
	spot
	// last says why there is no chunk after this one: nil at the end of the file.
	last error
}

// chunker makes chunks of records.
type chunker struct {
	records *records
	key     *Rule // of groups, or nil
	size    int   // of a chunk, in units
	number  int
	done    bool

	// open are the rows of the group that is being read, bad the records among them that cannot be used.
	open, bad []record
	openKey   string
	// end is where the last record that was taken ends, settled where the last unit does.
	end, settled spot
}

// spot is a place in the file.
type spot struct {
	offset int64
	line   int
}

// mostRows is how many rows one event can be made of.
const mostRows = 50_000

func newChunker(r *records, m *Mapping, size int) *chunker {
	at := spot{r.offset, r.line}
	c := &chunker{records: r, end: at, settled: at, size: size}
	if size <= 0 {
		c.size = chunkUnits
	}
	if m != nil {
		c.key = m.Group
	}
	return c
}

// next returns the next chunk, and false after the last one.
func (c *chunker) next() (chunk, bool) {
	if c.done {
		return chunk{}, false
	}
	k := chunk{number: c.number}
	c.number++
	for size := 0; len(k.units) < c.size && size < chunkBytes; {
		rec, err := c.records.next()
		if err != nil {
			c.done = true
			if errors.Is(err, io.EOF) {
				c.close(&k)
			} else {
				k.last = err // an open group may be half of one
			}
			break
		}
		size += len(rec.raw)
		c.take(&k, rec)
	}
	k.spot = c.settled
	return k, true
}

// take puts a record into the chunk, or into the open group.
func (c *chunker) take(k *chunk, rec record) {
	switch {
	case rec.err != nil && len(c.open) > 0:
		c.bad = append(c.bad, rec)
	case c.key == nil || rec.err != nil:
		k.units = append(k.units, unit{c.records.node(rec), rec.line, rec.raw, rec.err})
		c.settled = spot{c.records.offset, c.records.line}
	default:
		key, err := c.key.text(place{node: c.records.node(rec), line: rec.line})
		if err != nil || key == "" || key != c.openKey {
			c.close(k)
		}
		c.openKey = key
		c.open = append(c.open, rec)
	}
	c.end = spot{c.records.offset, c.records.line}
}

// close makes a unit of the open group.
func (c *chunker) close(k *chunk) {
	if len(c.open) == 0 {
		return
	}
	first := c.open[0]
	u := unit{line: first.line, raw: first.raw}
	g := group{row: row{c.records.header, first.cells}}
	for _, rec := range c.open {
		g.rows = append(g.rows, row{c.records.header, rec.cells})
	}
	if u.node = g; len(c.open) > mostRows {
		u.err = fmt.Errorf("%d rows make one event; %d are the most", len(c.open), mostRows)
	}
	k.units = append(k.units, u)
	for _, rec := range c.bad {
		k.units = append(k.units, unit{nil, rec.line, rec.raw, rec.err})
	}
	c.open, c.bad, c.settled = nil, nil, c.end
}
