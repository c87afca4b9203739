package esdblog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// commit is an event of the commit stream. It gives the events it names the next positions, in this order; a body that no
// commit names is not part of the log. The first commit of all names nothing and carries the id of the log.
type commit struct {
	log   uuid.UUID // of the first commit
	first events.Position
	prev  events.Hash // of the event before
	hash  events.Hash // of the last event named here
	refs  []ref
}

// ref names one body and when it was recorded.
type ref struct {
	stream   string // without the prefix
	revision uint64
	at       int64 // unix nanoseconds
}

const (
	commitVersion = 1
	commitKind    = "c360.commit"
)

var errCommit = errors.New("a commit cannot be read: it is damaged, or was written by a newer c360")

// last returns the position of the last event named.
func (c *commit) last() events.Position {
	if len(c.refs) == 0 {
		return 0
	}
	return c.first + events.Position(len(c.refs)) - 1
}

// encode returns the commit as the server keeps it:
//
//	version 1 | log 16 | first uvarint | prev 16 | hash 16 | streams uvarint, each length uvarint + name |
//	events uvarint, each stream uvarint, revision uvarint, nanoseconds since the event before varint
func (c *commit) encode() []byte {
	b := append([]byte{commitVersion}, c.log[:]...)
	b = binary.AppendUvarint(b, uint64(c.first))
	b = append(append(b, c.prev[:]...), c.hash[:]...)
	number := map[string]uint64{}
	var names []byte
	for i := range c.refs {
		name := c.refs[i].stream
		if _, ok := number[name]; !ok {
			number[name] = uint64(len(number))
			names = append(binary.AppendUvarint(names, uint64(len(name))), name...)
		}
	}
	b = append(binary.AppendUvarint(b, uint64(len(number))), names...)
	b = binary.AppendUvarint(b, uint64(len(c.refs)))
	before := int64(0)
	for i := range c.refs {
		r := &c.refs[i]
		b = binary.AppendUvarint(binary.AppendUvarint(b, number[r.stream]), r.revision)
		b = binary.AppendVarint(b, r.at-before)
		before = r.at
	}
	return b
}

// meta is what somebody sees who looks at a commit with the server's own tools.
func (c *commit) meta() []byte { return fmt.Appendf(nil, `{"first":%d,"last":%d}`, c.first, c.last()) }

func decodeCommit(b []byte) (*commit, error) {
	d := decoder{b: b}
	if version := d.take(1); len(version) != 1 || version[0] != commitVersion {
		return nil, errCommit
	}
	c := &commit{}
	copy(c.log[:], d.take(len(c.log)))
	c.first = events.Position(d.uvarint())
	copy(c.prev[:], d.take(len(c.prev)))
	copy(c.hash[:], d.take(len(c.hash)))
	names := make([]string, d.count())
	for i := range names {
		names[i] = string(d.take(d.count()))
	}
	c.refs = make([]ref, d.count())
	before := int64(0)
	for i := range c.refs {
		number := d.uvarint()
		if number >= uint64(len(names)) {
			return nil, errCommit
		}
		c.refs[i] = ref{stream: names[number], revision: d.uvarint(), at: before + d.varint()}
		before = c.refs[i].at
	}
	if d.bad || len(d.b) != 0 {
		return nil, errCommit
	}
	return c, nil
}

// decoder reads numbers and bytes; after the first that is not there everything is zero.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.bad, d.b = true, nil
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

// count reads how many things follow, each of which takes a byte at least.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.b)) || n > math.MaxInt32 {
		d.bad, d.b = true, nil
		return 0
	}
	return int(n)
}

// moment returns a recorded time.
func (r *ref) moment() time.Time { return time.Unix(0, r.at).UTC() }
