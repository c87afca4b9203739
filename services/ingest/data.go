package ingest

import (
	"bytes"
	"strings"

	"github.com/c360hq/c360/events"
)

// extra is a member that is added to the data a sender gave.
type extra struct {
	name  string
	value []byte // JSON
	// otherwise is the name it gets when the sender has used name for something else; "" is "leave it out then".
	otherwise string
}

// messageData is the data of the event that a message becomes: the properties under the names of the catalogue and
// what the call itself says. The context (page, campaign, device), which is needed to understand it later, comes
// after it with extend: it belongs to no type, so there is nothing in it to validate.
func (b *batch) messageData(m *message, kind, typ string) (data []byte, context extra) {
	var room [6]extra
	more := room[:0]
	add := func(name string, v span, otherwise string) {
		if v.there() && b.d.kind(v) != 'n' {
			more = append(more, extra{name, b.d.bytes(v), otherwise})
		}
	}
	add("context", m.context, "message_context")
	late := len(more)
	switch kind {
	case "identify":
		add("traits", m.allTraits(b.d), "")
	case "group":
		add("group_id", m.group, "")
		add("traits", m.traits, "")
	case "alias":
		add("previous_id", m.previous, "")
	case "merge":
		add("merge_properties", m.merge, "")
	case "page", "screen":
		add("name", m.name, "")
		add("category", m.category, "")
	default:
		if strings.HasPrefix(typ, "custom.") { // the name it had before it became a type
			add("event", m.event, "message_event")
		}
	}
	base := b.properties(m, typ)
	avoid(base, more)
	if late > 0 {
		context = more[0]
	}
	return b.write(base, more[late:]), context
}

// extend adds a member to the object that was written last.
func (b *batch) extend(data []byte, x extra) []byte {
	if x.name == "" {
		return data
	}
	from := len(b.room) - len(data)
	b.room = b.room[:len(b.room)-1]
	b.member(from, x)
	b.room = append(b.room, '}')
	return b.room[from:len(b.room):len(b.room)]
}

func (b *batch) properties(m *message, typ string) []byte {
	if !b.d.isObject(m.properties) {
		return nil
	}
	return events.MapSegment(typ, b.d.bytes(m.properties))
}

// object writes base, which is an object or nil, with more members behind it. Where base has a name already, in
// whatever case, what the sender wrote stays and the other name is used.
func (b *batch) object(base []byte, more []extra) []byte {
	avoid(base, more)
	return b.write(base, more)
}

func (b *batch) write(base []byte, more []extra) []byte {
	from := len(b.room)
	b.room = append(b.room, '{')
	if inner := bytes.TrimSpace(base); len(inner) > 2 {
		b.room = append(b.room, bytes.TrimSpace(inner[1:len(inner)-1])...)
	}
	for _, x := range more {
		b.member(from, x)
	}
	b.room = append(b.room, '}')
	return b.room[from:len(b.room):len(b.room)]
}

// member adds a member to the object that begins at from and is not closed yet.
func (b *batch) member(from int, x extra) {
	if x.name == "" {
		return
	}
	if len(b.room) > from+1 {
		b.room = append(b.room, ',')
	}
	b.room = append(append(append(b.room, '"'), x.name...), '"', ':')
	b.room = append(b.room, x.value...)
}

// avoid takes the names away that base has already. An extra whose other name is taken too goes without.
func avoid(base []byte, more []extra) {
	d := &doc{raw: base}
	for c := d.members(d.whole()); c.next(); {
		for i := range more {
			switch x := &more[i]; {
			case sameName(c.name, x.name):
				x.name, x.otherwise = x.otherwise, ""
			case x.otherwise != "" && sameName(c.name, x.otherwise):
				x.otherwise = ""
			}
		}
	}
}

func sameName(a []byte, b string) bool {
	return len(a) == len(b) && len(b) > 0 && bytes.EqualFold(a, []byte(b))
}
