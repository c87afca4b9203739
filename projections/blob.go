package projections

import (
	"encoding/binary"
	"errors"

	"github.com/google/uuid"
)

// Encoder writes the compact blobs that hold fold states: varints, texts and fragment ids, one after the other.
// A room puts a format number first, so that it can read what an earlier version wrote.
type Encoder struct{ b []byte }

// NewEncoder returns an encoder with room for size bytes.
func NewEncoder(size int) *Encoder { return &Encoder{b: make([]byte, 0, size)} }

// Bytes returns what was written.
func (e *Encoder) Bytes() []byte { return e.b }

// Uint writes a number that is seldom large.
func (e *Encoder) Uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }

// Int writes a number that may be negative.
func (e *Encoder) Int(v int64) { e.b = binary.AppendVarint(e.b, v) }

// Text writes a string.
func (e *Encoder) Text(s string) {
	e.Uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

// Fixed writes a number that may be anything, in eight bytes.
func (e *Encoder) Fixed(v uint64) { e.b = binary.LittleEndian.AppendUint64(e.b, v) }

// Short writes a number that may be anything, in four bytes.
func (e *Encoder) Short(v uint32) { e.b = binary.LittleEndian.AppendUint32(e.b, v) }

// Bool writes a flag.
func (e *Encoder) Bool(v bool) {
	if v {
		e.b = append(e.b, 1)
	} else {
		e.b = append(e.b, 0)
	}
}

// ID writes a fragment id.
func (e *Encoder) ID(id uuid.UUID) { e.b = append(e.b, id[:]...) }

// ErrBlob: a blob is cut short or holds what no encoder wrote.
var ErrBlob = errors.New("a stored state is damaged; run `c360 rebuild` to make the read store anew from the log")

// Decoder reads what an Encoder wrote. After the first fault every read returns zero and Err says so, so a room
// checks once, at the end. Texts share one copy of the blob.
type Decoder struct {
	s   string
	bad bool
}

// NewDecoder returns a decoder of b, which it copies.
func NewDecoder(b []byte) *Decoder { return &Decoder{s: string(b)} }

// DecodeText returns a decoder of a blob that is part of another one, read with Text.
func DecodeText(s string) *Decoder { return &Decoder{s: s} }

// Err returns ErrBlob if anything read so far was not there.
func (d *Decoder) Err() error {
	if d.bad {
		return ErrBlob
	}
	return nil
}

// More reports whether anything is left to read.
func (d *Decoder) More() bool { return !d.bad && d.s != "" }

// Uint reads a number written by Encoder.Uint.
func (d *Decoder) Uint() uint64 {
	var v uint64
	for i := range min(len(d.s), binary.MaxVarintLen64) {
		c := d.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.Fail()
	return 0
}

// Int reads a number written by Encoder.Int.
func (d *Decoder) Int() int64 {
	v := d.Uint()
	return int64(v>>1) ^ -int64(v&1) // #nosec G115 -- zigzag, the inverse of binary.AppendVarint
}

// Len reads a count of things that take at least a byte each, so that a damaged blob cannot ask for all memory.
func (d *Decoder) Len() int {
	n := d.Uint()
	if n > uint64(len(d.s)) {
		d.Fail()
		return 0
	}
	return int(n) // #nosec G115 -- not more than len(d.s)
}

// Text reads a string.
func (d *Decoder) Text() string { return d.take(d.Len()) }

// Fixed reads a number written by Encoder.Fixed.
func (d *Decoder) Fixed() uint64 {
	if len(d.s) < 8 {
		d.Fail()
		return 0
	}
	s := d.s[:8]
	d.s = d.s[8:]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Short reads a number written by Encoder.Short.
func (d *Decoder) Short() uint32 {
	if len(d.s) < 4 {
		d.Fail()
		return 0
	}
	s := d.s[:4]
	d.s = d.s[4:]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// Byte reads one byte.
func (d *Decoder) Byte() byte {
	if d.s == "" {
		d.Fail()
		return 0
	}
	b := d.s[0]
	d.s = d.s[1:]
	return b
}

// Bool reads a flag.
func (d *Decoder) Bool() bool { return d.take(1) == "\x01" }

// ID reads a fragment id.
func (d *Decoder) ID() uuid.UUID {
	var id uuid.UUID
	copy(id[:], d.take(len(id)))
	return id
}

func (d *Decoder) take(n int) string {
	if n > len(d.s) {
		d.Fail()
		return ""
	}
	t := d.s[:n]
	d.s = d.s[n:]
	return t
}

// Fail marks what is being read as damaged, for faults that only its reader can see.
func (d *Decoder) Fail() { d.s, d.bad = "", true }
