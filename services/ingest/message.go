package ingest

import (
	"strings"
	"time"

	"github.com/c360hq/c360/events"
)

// message is one Segment or RudderStack message: where its fields are in the body.
type message struct {
	kind, id, user, anonymous, previous, group, event, name, category, channel span
	timestamp, original, sent                                                  span
	properties, traits, context, merge                                         span
}

// defaults are the fields of a batch that stand in for what its messages leave out.
type defaults struct {
	context span
	sent    time.Time
}

func (d *doc) message(v span) message {
	var m message
	for c := d.members(v); c.next(); {
		if field := m.field(c.name); field != nil {
			*field = c.at
		}
	}
	return m
}

func (m *message) field(name []byte) *span {
	switch string(name) {
	case "type":
		return &m.kind
	case "messageId":
		return &m.id
	case "userId":
		return &m.user
	case "anonymousId":
		return &m.anonymous
	case "previousId":
		return &m.previous
	case "groupId":
		return &m.group
	case "event":
		return &m.event
	case "name":
		return &m.name
	case "category":
		return &m.category
	case "channel":
		return &m.channel
	case "timestamp":
		return &m.timestamp
	case "originalTimestamp":
		return &m.original
	case "sentAt":
		return &m.sent
	case "properties":
		return &m.properties
	case "traits":
		return &m.traits
	case "context":
		return &m.context
	case "mergeProperties":
		return &m.merge
	}
	return nil
}

// takeMessage turns one message into an event of the batch. route is the kind that the path says; it wins over
// what the message says, because plain HTTP users leave the type out.
func (s *Service) takeMessage(b *batch, v span, index int, route string, def *defaults) {
	at := place{index: index, raw: b.d.bytes(v)}
	if !b.d.isObject(v) {
		b.reject(at, wrong(reasonField, "", "a message is a JSON object"))
		return
	}
	m := b.d.message(v)
	if b.d.absent(m.context) {
		m.context = def.context
	}
	kind := route
	if kind == "" {
		kind = b.d.string(m.kind)
	}
	var e events.Event
	if f := s.readMessage(b, &m, kind, def, &e); f != nil {
		b.reject(at, f)
		return
	}
	s.admit(b, at, &e)
}

func (s *Service) readMessage(b *batch, m *message, kind string, def *defaults, e *events.Event) *fault {
	d := b.d
	if !d.absent(m.id) {
		id, ok := d.scalar(m.id)
		if !ok {
			return wrong(reasonField, "/messageId", "messageId is a string; leave it out and c360 makes one")
		}
		e.ID = id
	}
	var f *fault
	if e.Type, f = s.messageType(d, m, kind); f != nil {
		return f
	}
	around := d.surroundings(m.context)
	if e.Identifiers, f = s.messageIdentifiers(b, m, around, kind, e.Type); f != nil {
		return f
	}
	s.messageTimes(b, m, def, e)
	e.Channel = s.channel(b.source, e.Type, messageChannel(d, m, around))
	if f := d.objects(m); f != nil {
		return f
	}
	data, context := b.messageData(m, kind, e.Type)
	if f := s.validate(e.Type, data, dataPointer(kind)); f != nil {
		return f
	}
	e.Data = b.extend(data, context)
	return nil
}

// objects refuses properties and traits that are no objects: there would be no place to keep them.
func (d *doc) objects(m *message) *fault {
	for _, x := range [...]struct {
		at      span
		pointer string
	}{{m.properties, "/properties"}, {m.traits, "/traits"}} {
		if x.at.there() && !d.isObject(x.at) && d.kind(x.at) != 'n' {
			return wrong(reasonData, x.pointer, "must be a JSON object")
		}
	}
	return nil
}

// dataPointer is where in a message of that kind the event's data comes from.
func dataPointer(kind string) string {
	switch kind {
	case "identify", "group", "alias", "merge":
		return ""
	}
	return "/properties"
}

// messageType names the event: by the track call's event, or by the kind of call.
func (s *Service) messageType(d *doc, m *message, kind string) (string, *fault) {
	switch kind {
	case "page":
		return "page.viewed", nil
	case "screen":
		return "screen.viewed", nil
	case "identify":
		return "customer.identified", nil
	case "group":
		return "customer.grouped", nil
	case "alias", "merge":
		return "customer.aliased", nil
	case "track":
	default:
		if d.absent(m.event) && kind != "" {
			typ, _ := events.FromSegment(kind)
			return typ, nil
		}
	}
	name := d.string(m.event)
	if strings.TrimSpace(name) == "" {
		return "", wrong(reasonField, "/event", "a track message needs the name of what happened in event, as a string")
	}
	typ, _ := events.FromSegment(name)
	return typ, nil
}

// messageTimes applies the skew rule: Segment sends timestamp and sentAt, RudderStack originalTimestamp and
// sentAt, and timestamp beside originalTimestamp when somebody set it by hand.
func (s *Service) messageTimes(b *batch, m *message, def *defaults, e *events.Event) {
	c := clock{received: b.received, sent: def.sent, historical: b.historical}
	if sent := readTime(b.d.string(m.sent)); !sent.IsZero() {
		c.sent = sent
	}
	timestamp, original := readTime(b.d.string(m.timestamp)), readTime(b.d.string(m.original))
	switch {
	case original.IsZero():
		c.original = timestamp
	default:
		c.original, c.stated = original, timestamp
	}
	e.Time, e.Sent, e.Original = c.occurred(), c.sent, c.original
}
