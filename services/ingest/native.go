package ingest

import (
	"strings"

	"github.com/c360hq/c360/events"
)

// native is the event format of c360's own files, one JSON object per line:
//
//	{"id":"R-1042","source":"pos/store-12","type":"order.completed","time":"2026-11-21T09:30:00+09:00",
//	 "channel":"store","identifiers":{"phone":"010-4821-7730","loyalty_id":"L-77"},"subject":"receipt R-1042",
//	 "data":{"order_id":"R-1042","total":31000}}
//
// Only type is needed. identifiers may also be a list: ["phone:010-4821-7730"]. A line with specversion is a
// CloudEvent. A member that is none of these is refused, because a misspelt name would lose its value in silence.
type native struct {
	id, source, typ, at, channel, identifiers, subject, data, trace span
}

func (x *native) field(name string) *span {
	switch name {
	case "id":
		return &x.id
	case "source":
		return &x.source
	case "type":
		return &x.typ
	case "time":
		return &x.at
	case "channel":
		return &x.channel
	case "identifiers":
		return &x.identifiers
	case "subject":
		return &x.subject
	case "data":
		return &x.data
	case "traceparent":
		return &x.trace
	}
	return nil
}

// takeLine turns one line of an NDJSON file into an event of the batch.
func (s *Service) takeLine(b *batch, line []byte, at place) {
	at.raw = line
	if f := checkOne(line); f != nil {
		b.reject(at, f)
		return
	}
	b.d = newDoc(line)
	v := b.d.whole()
	if !b.d.isObject(v) {
		b.reject(at, wrong(reasonField, "", "a line is one JSON object"))
		return
	}
	var x native
	if f := x.read(b.d, v); f != nil {
		b.reject(at, f)
		return
	}
	if x == (native{}) {
		s.takeCloudEvent(b, v, at)
		return
	}
	s.takeNative(b, &x, at)
}

// read finds the members. For a CloudEvent it leaves x empty.
func (x *native) read(d *doc, v span) *fault {
	if d.member(v, "specversion").there() {
		return nil
	}
	for c := d.members(v); c.next(); {
		field := x.field(string(c.name))
		if field == nil {
			return wrong(reasonField, pointerTo(string(c.name)), "not a field of an event: use id, source, type, time, channel, "+
				"identifiers, subject, data and traceparent, and put everything else into data")
		}
		*field = c.at
	}
	if *x == (native{}) {
		return wrong(reasonField, "", "the line is empty; an event needs a type")
	}
	return nil
}

func (s *Service) takeNative(b *batch, x *native, at place) {
	var e events.Event
	f := x.texts(b.d, &e)
	if f == nil {
		f = s.fileSource(b, &e)
	}
	if f == nil {
		f = b.fileTime(&e, b.d.string(x.at), x.at)
	}
	n := s.identifiers(b)
	n.native(x.identifiers)
	if f = f.and(n.err); f == nil {
		f = x.readData(b.d, &e)
	}
	if f == nil {
		f = s.validate(e.Type, e.Data, "/data")
	}
	if f == nil {
		n.ofData(e.Type, x.data)
		f = n.err
	}
	if f != nil {
		b.reject(at, f)
		return
	}
	e.Identifiers = n.list()
	said, ok := events.ParseChannel(b.d.string(x.channel))
	if !ok && !b.d.absent(x.channel) {
		b.reject(at, wrong(reasonField, "/channel", "channel is none of web app store call inquiry message other"))
		return
	}
	if !ok {
		said = ""
	}
	e.Channel = s.channel(b.source, e.Type, said)
	if e.ID == "" {
		e.ID = contentID(at.raw)
	}
	s.admit(b, at, &e)
}

func (x *native) texts(d *doc, e *events.Event) *fault {
	for _, field := range []struct {
		pointer string
		at      span
		to      *string
	}{
		{"/id", x.id, &e.ID},
		{"/source", x.source, &e.Source},
		{"/type", x.typ, &e.Type},
		{"/subject", x.subject, &e.Subject},
		{"/traceparent", x.trace, &e.TraceParent},
	} {
		text, ok := d.scalar(field.at)
		if !ok && !d.absent(field.at) {
			return wrong(reasonField, field.pointer, "this field is a string")
		}
		*field.to = text
	}
	return nil
}

// fileSource is the rule of sub-sources: a file may only say that it comes from the source its key speaks for.
func (s *Service) fileSource(b *batch, e *events.Event) *fault {
	if e.Source == "" || b.source.Allows(e.Source) {
		return nil
	}
	return wrongf(reasonSource, "/source", "this write key speaks for %s%s; leave source out or use another key",
		b.source.Name, subSources(b.source.Default))
}

func subSources(grade events.Grade) string {
	if grade >= events.Asserted {
		return " and its sub-sources (name/anything)"
	}
	return ""
}

// fileTime reads the time of an imported event. None at all means now; one that cannot be read is a fault, because
// a whole file would pile up on today.
func (b *batch) fileTime(e *events.Event, text string, v span) *fault {
	e.Time = b.received
	if b.d.absent(v) {
		return nil
	}
	if e.Original = readFileTime(text); e.Original.IsZero() {
		return timeFault(text, "RFC 3339 (2026-11-21T09:30:00+09:00) or 2026-11-21 09:30:00 (then it is UTC)")
	}
	e.Time = bounded(e.Original, b.received)
	return nil
}

func (x *native) readData(d *doc, e *events.Event) *fault {
	switch {
	case d.isObject(x.data):
		e.Data = d.bytes(x.data)
	case x.data.there() && d.kind(x.data) != 'n':
		return wrong(reasonData, "/data", "data is a JSON object")
	}
	return nil
}

// native takes {"phone":"010…"}, {"phone":["010…","02…"]} or ["phone:010…"].
func (n *identifiers) native(v span) {
	d := n.b.d
	switch {
	case d.isObject(v):
		for c := d.members(v); c.next(); {
			n.nativeKind(kindName(string(c.name)), c.at)
		}
	case d.isArray(v):
		for c := d.elements(v); c.next(); {
			kind, value, ok := strings.Cut(d.string(c.at), ":")
			if !ok && n.err == nil {
				n.err = wrong(reasonIdentity, "/identifiers", "an element is not a string like phone:010-4821-7730")
			}
			if n.err == nil {
				n.mustText(kindName(kind), value, "/identifiers")
			}
		}
	case v.there() && d.kind(v) != 'n':
		n.err = wrong(reasonIdentity, "/identifiers", "identifiers is an object {kind: value} or a list of kind:value")
	}
}

func (n *identifiers) nativeKind(kind string, v span) {
	if !n.b.d.isArray(v) {
		n.must(kind, v, "/identifiers/"+kind)
		return
	}
	for c := n.b.d.elements(v); c.next(); {
		n.must(kind, c.at, "/identifiers/"+kind)
	}
}
