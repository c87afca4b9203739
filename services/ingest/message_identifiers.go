package ingest

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// messageIdentifiers collects who the message is about. context.traits ride on every RudderStack message, so they
// count on identify only, and there only in place of traits.
func (s *Service) messageIdentifiers(b *batch, m *message, around surroundings, kind, typ string) ([]events.Identifier, *fault) {
	n := s.identifiers(b)
	n.must(events.KindUserID, m.user, "/userId")
	n.must(events.KindAnonymousID, m.anonymous, "/anonymousId")
	switch kind {
	case "alias":
		n.previous(m)
	case "merge":
		n.mergeProperties(m.merge)
	case "identify":
		n.traits(m.allTraits(b.d))
	default:
		n.ofData(typ, m.properties)
	}
	n.external(around.ids)
	if n.err == nil && len(n.list()) == 0 {
		n.err = wrong(reasonIdentity, "", "the message has neither userId nor anonymousId; send one of them")
	}
	return n.list(), n.err
}

// previous takes the id that alias ties to userId. It may be a user id or an anonymous id; the wire does not say.
// A browser may only claim it as a user id: were it believed as an anonymous id, which links, anybody could type
// somebody's user id there. From a server it is also taken as the anonymous id it is if it looks like one that an
// SDK minted. An alias of somebody to himself says nothing.
func (n *identifiers) previous(m *message) {
	d := n.b.d
	previous, ok := d.scalar(m.previous)
	user, _ := d.scalar(m.user)
	if !ok || previous == "" || previous == user {
		return
	}
	n.mustText(events.KindUserID, previous, "/previousId")
	if n.err == nil && !n.onlyClaims(events.KindAnonymousID) && uuid.Validate(previous) == nil {
		n.mustText(events.KindAnonymousID, previous, "/previousId")
	}
}

// mergeProperties takes RudderStack's merge call: [{type, value}, {type, value}].
func (n *identifiers) mergeProperties(list span) {
	d := n.b.d
	for c := d.elements(list); c.next(); {
		var kind string
		var value span
		for m := d.members(c.at); m.next(); {
			switch string(m.name) {
			case "type":
				kind = kindName(d.string(m.at))
			case "value":
				value = m.at
			}
		}
		if !n.onlyClaims(kind) {
			n.must(kind, value, "/mergeProperties")
		}
	}
}

// allTraits is where the traits of an identify call are: RudderStack's browser SDK has them in context only.
func (m *message) allTraits(d *doc) span {
	if d.isObject(m.traits) {
		return m.traits
	}
	return d.member(m.context, "traits")
}

// member returns one member of an object, the zero span if it has none of that name.
func (d *doc) member(object span, name string) span {
	for c := d.members(object); c.next(); {
		if string(c.name) == name {
			return c.at
		}
	}
	return span{}
}
