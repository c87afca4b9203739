package ingest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
)

// cloudEvent is a CloudEvent as it was read, in whichever mode.
type cloudEvent struct {
	id, source, typ, version, subject, at, media string
	extensions                                   []attribute
	// data is one JSON value, nothing, or, if opaque, bytes of the media type.
	data   []byte
	opaque bool
	fault  *fault
}

// attribute is an extension attribute.
type attribute struct{ name, value string }

func (c *cloudEvent) set(name, value string) {
	switch name {
	case "id":
		c.id = value
	case "source":
		c.source = value
	case "type":
		c.typ = value
	case "specversion":
		c.version = value
	case "subject":
		c.subject = value
	case "time":
		c.at = value
	case "datacontenttype":
		c.media = value
	default:
		c.extensions = append(c.extensions, attribute{name, value})
	}
}

// readStructured takes the event out of a JSON object.
func (c *cloudEvent) readStructured(d *doc, v span) {
	for m := d.members(v); m.next(); {
		switch name := string(m.name); name {
		case "data":
			if d.kind(m.at) != 'n' {
				c.data = d.bytes(m.at)
			}
		case "data_base64":
			raw, err := base64.StdEncoding.DecodeString(d.string(m.at))
			if err != nil || !d.isString(m.at) {
				c.fault = c.fault.and(wrong(reasonField, "/data_base64", "data_base64 is not base64"))
			}
			c.data, c.opaque = raw, true
		default:
			c.readAttribute(d, name, m.at)
		}
	}
}

func (c *cloudEvent) readAttribute(d *doc, name string, v span) {
	switch text, ok := d.scalar(v); {
	case ok:
		c.set(name, text)
	case d.kind(v) == 't' || d.kind(v) == 'f':
		c.set(name, string(d.bytes(v)))
	case d.kind(v) != 'n':
		c.fault = c.fault.and(wrong(reasonField, pointerTo(name), "an attribute is a string, a number or a boolean; put anything else into data"))
	}
}

func pointerTo(name string) string { return string(jsontext.Pointer("").AppendToken(name)) }

// readBinary takes the attributes out of ce- headers; the body is the data.
func (c *cloudEvent) readBinary(h http.Header, body []byte) {
	for name, values := range h {
		attribute, ok := strings.CutPrefix(name, "Ce-")
		if !ok || len(values) == 0 {
			continue
		}
		value, err := url.PathUnescape(values[0])
		if err != nil || !utf8.ValidString(value) {
			value = values[0]
		}
		attribute = strings.ToLower(attribute)
		if !utf8.ValidString(value) {
			c.fault = c.fault.and(wrong(reasonField, pointerTo(attribute), "a header is not percent-encoded UTF-8"))
			continue
		}
		c.set(attribute, value)
	}
	c.media, c.data = h.Get("Content-Type"), body
	c.opaque = true
}

func (s *Service) binary(b *batch, r *http.Request, body []byte) (bool, *fault) {
	s.takeBinary(b, r.Header, body, place{raw: body})
	return false, nil
}

func (s *Service) takeBinary(b *batch, h http.Header, body []byte, at place) {
	var c cloudEvent
	c.readBinary(h, body)
	b.d = newDoc(body)
	s.finishCloudEvent(b, &c, at)
}

func (s *Service) takeCloudEvent(b *batch, v span, at place) {
	if !b.d.isObject(v) {
		b.reject(at, wrong(reasonField, "", "an event is a JSON object"))
		return
	}
	var c cloudEvent
	c.readStructured(b.d, v)
	s.finishCloudEvent(b, &c, at)
}

func (s *Service) finishCloudEvent(b *batch, c *cloudEvent, at place) {
	e := events.Event{ID: c.id, Type: c.typ, Subject: c.subject}
	c.require()
	c.name(b.source, &e)
	e.Time, e.Original = b.received, readTime(c.at)
	if c.at != "" && e.Original.IsZero() {
		c.fault = c.fault.and(timeFault(c.at, "RFC 3339, for example 2026-11-21T09:30:00Z"))
	}
	if !e.Original.IsZero() {
		e.Time = bounded(e.Original, b.received)
	}
	b.cloudData(c, &e)
	c.fault = c.fault.and(s.validate(e.Type, e.Data, "/data"))
	n := s.identifiers(b)
	n.cloud(c, &e)
	e.Identifiers = n.list()
	if f := c.fault.and(n.err); f != nil {
		b.reject(at, f)
		return
	}
	e.Channel = s.channel(b.source, e.Type, c.channel())
	s.admit(b, at, &e)
}

// require notes the attributes that the specification wants and that are not there.
func (c *cloudEvent) require() {
	missing := func(pointer, value string) {
		if value == "" {
			c.fault = c.fault.and(wrong(reasonField, pointer, "the attribute "+pointer[1:]+" is missing or empty"))
		}
	}
	missing("/id", c.id)
	missing("/source", c.source)
	missing("/type", c.typ)
	missing("/specversion", c.version)
	if c.version != "" && c.version != "1.0" {
		c.fault = c.fault.and(wrong(reasonField, "/specversion", "only CloudEvents 1.0 is read"))
	}
}

// name decides source and id. A CloudEvents source is free text, and (source, id) is the identity of the event, so
// a source that is not ours becomes a sub-source: pos + /till/3 = pos//till/3. A claimed key may not name sources,
// since anybody could fill the list of them; its foreign source goes into the id, which keeps events apart as well.
func (c *cloudEvent) name(source *auth.Source, e *events.Event) {
	switch {
	case c.source == "" || source.Allows(c.source):
		e.Source = c.source
	case source.Default >= events.Asserted:
		e.Source = source.Name + "/" + c.source
	default:
		e.Source, e.ID = source.Name, c.source+"#"+c.id
	}
}

func (c *cloudEvent) channel() events.Channel {
	for _, x := range c.extensions {
		if channel, ok := events.ParseChannel(x.value); ok && x.name == "channel" {
			return channel
		}
	}
	return ""
}

// cloud takes the identifiers that extension attributes name (userid, anonymousid, email, phone, loyaltyid, card,
// device). If none does, the subject is who it is about: "kind:value" of a kind we know, else a user id.
func (n *identifiers) cloud(c *cloudEvent, e *events.Event) {
	for _, x := range c.extensions {
		switch kind := kindName(x.name); {
		case isKnownKind(kind) && x.value != "":
			n.mustText(kind, x.value, "/"+x.name) // known kinds have plain names
		case x.name == "traceparent" && len(x.value) == 55:
			e.TraceParent = x.value
		}
	}
	if n.err == nil && len(n.list()) == 0 && c.subject != "" {
		kind, value := events.KindUserID, c.subject
		if id, err := events.ParseIdentifier(c.subject); err == nil && isKnownKind(id.Kind) {
			kind, value = id.Kind, id.Value
		}
		n.mustText(kind, value, "/subject")
	}
	if len(e.Data) > 0 && (speaksOfCustomer(e.Type) || e.Type == "customer.identified") {
		outer := n.b.d
		n.b.d = newDoc(e.Data)
		n.ofData(e.Type, n.b.d.whole())
		n.b.d = outer
	}
}

func isKnownKind(kind string) bool {
	switch kind {
	case events.KindUserID, events.KindAnonymousID, events.KindEmail, events.KindPhone, events.KindLoyaltyID, events.KindCard, events.KindDevice:
		return true
	}
	return false
}
