package events

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// DecodeRecord reads a record into r, whose Hash it leaves alone. r shares no memory with b. Whatever b holds,
// DecodeRecord does not panic and takes no more memory than a few times len(b).
func DecodeRecord(b []byte, r *Recorded) error {
	if len(b) < stampEnd {
		return errRecordShort
	}
	if b[0] != recordVersion {
		return errRecordVersion
	}
	*r = Recorded{Hash: r.Hash}
	d := recordReader{b: b, at: stampEnd, r: r}
	d.r.Position = Position(binary.BigEndian.Uint64(b[1:]))
	if n := int64(binary.BigEndian.Uint64(b[9:])); n != noTime { //nolint:gosec // the sign bit travels along
		d.r.RecordedAt = time.Unix(0, n).UTC()
	}
	d.header()
	d.strings()
	if d.err != nil {
		*r = Recorded{Hash: r.Hash}
		return d.err
	}
	if data := b[d.at:]; len(data) > 0 {
		r.Data = bytes.Clone(data)
	}
	return nil
}

// recordReader reads one record. After the first error every read returns zero and err stays.
type recordReader struct {
	b        []byte
	at       int
	err      error
	r        *Recorded
	flags    uint64
	lengths  [7]int
	texts    int      // how many of them there are
	cuts     int      // how many are cut
	idents   [][2]int // lengths of kind (-1: has a code) and value
	fragment [16]byte
	rest     string    // the strings not yet cut
	small    [8][2]int // where idents lives for the usual few
}

func (d *recordReader) header() {
	d.flags = d.uvarint()
	if d.flags&^flagsKnown != 0 {
		d.fail(errRecordVersion)
	}
	d.times()
	if d.has(flagSchema) {
		d.r.Schema = d.schema()
	}
	d.channel()
	d.texts = 3
	for _, flag := range [...]uint64{flagSubject, flagTraceParent, flagChannelName, flagStream} {
		if d.has(flag) {
			d.texts++
		}
	}
	for i := range d.texts {
		d.lengths[i] = d.length()
	}
	d.identifiers()
	if d.has(flagFragment) {
		copy(d.fragment[:], d.take(len(d.fragment)))
	}
}

func (d *recordReader) times() {
	for i, t := range [...]*time.Time{&d.r.Time, &d.r.Received, &d.r.Sent, &d.r.Original} {
		if d.has(flagTime << i) {
			sec, nsec := d.varint(), d.uvarint()
			if nsec > 999_999_999 {
				d.fail(errRecordRange)
				return
			}
			*t = time.Unix(sec, int64(nsec)).UTC()
		}
	}
}

func (d *recordReader) schema() int {
	n := d.varint()
	if n > math.MaxInt32 || n < math.MinInt32 {
		d.fail(errRecordRange)
	}
	return int(n)
}

func (d *recordReader) channel() {
	c := int(d.byte())
	if c >= len(channelCodes) || (c == 0) != d.has(flagChannelName) {
		d.fail(errRecordRange)
		return
	}
	d.r.Channel = channelCodes[c]
}

func (d *recordReader) identifiers() {
	n := d.length()
	if n > (len(d.b)-d.at)/3 { // each takes a kind, a grade and a length
		d.fail(errRecordShort)
	}
	if d.err != nil || n == 0 {
		return
	}
	d.r.Identifiers = make([]Identifier, n)
	d.idents = d.small[:0]
	for i := range d.r.Identifiers {
		d.identifier(&d.r.Identifiers[i])
		if d.err != nil {
			return
		}
	}
}

func (d *recordReader) identifier(id *Identifier) {
	c, kind := int(d.byte()), -1
	id.Grade = Grade(d.byte())
	switch {
	case c >= len(kindCodes):
		d.fail(errRecordRange)
		return
	case c == 0:
		kind = d.length()
	default:
		id.Kind = kindCodes[c]
	}
	d.idents = append(d.idents, [2]int{kind, d.length()})
}

// strings turns all the strings of the record into one allocation and cuts it.
func (d *recordReader) strings() {
	total := 0
	for _, n := range d.lengths[:d.texts] {
		total += n
	}
	for _, n := range d.idents {
		total += max(n[0], 0) + n[1]
	}
	d.rest = string(d.take(total))
	if d.err != nil {
		return
	}
	d.assign()
	for i, n := range d.idents {
		if n[0] >= 0 {
			d.r.Identifiers[i].Kind = d.cut(n[0])
		}
		d.r.Identifiers[i].Value = d.cut(n[1])
	}
}

func (d *recordReader) assign() {
	r := d.r
	r.ID, r.Source, r.Type = d.text(), d.text(), d.text()
	if d.has(flagSubject) {
		r.Subject = d.text()
	}
	if d.has(flagTraceParent) {
		r.TraceParent = d.text()
	}
	if d.has(flagChannelName) {
		r.Channel = Channel(d.text())
	}
	switch {
	case d.has(flagStream):
		r.Stream = d.text()
	case d.has(flagFragment):
		r.Stream = fragmentStream(d.fragment)
	case d.has(flagSource):
		r.Stream = sourcePrefix + r.Source
	}
}

// text returns the next string of the record itself.
func (d *recordReader) text() string {
	n := d.lengths[d.cuts]
	d.cuts++
	return d.cut(n)
}

func (d *recordReader) cut(n int) (s string) {
	s, d.rest = d.rest[:n], d.rest[n:]
	return s
}

func (d *recordReader) has(flag uint64) bool { return d.flags&flag != 0 }

func (d *recordReader) fail(err error) {
	if d.err == nil {
		d.err, d.at = err, len(d.b)
	}
}

func (d *recordReader) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *recordReader) take(n int) []byte {
	if d.err != nil || n > len(d.b)-d.at {
		d.fail(errRecordShort)
		return nil
	}
	b := d.b[d.at : d.at+n]
	d.at += n
	return b
}

func (d *recordReader) uvarint() uint64 {
	n, size := binary.Uvarint(d.b[d.at:])
	if size <= 0 {
		d.fail(errRecordShort)
		return 0
	}
	d.at += size
	return n
}

func (d *recordReader) varint() int64 {
	n, size := binary.Varint(d.b[d.at:])
	if size <= 0 {
		d.fail(errRecordShort)
		return 0
	}
	d.at += size
	return n
}

// length reads a length or count; what it counts must fit into the rest of the record.
func (d *recordReader) length() int {
	n := d.uvarint()
	if n > uint64(len(d.b)-d.at) { //nolint:gosec // at never passes len
		d.fail(errRecordShort)
		return 0
	}
	return int(n) //nolint:gosec // checked above
}
