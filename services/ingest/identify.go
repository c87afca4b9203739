package ingest

import (
	"strings"

	"github.com/c360hq/c360/events"
)

// identifiers collects the identifiers of one event: normalised, graded by the source, each once.
type identifiers struct {
	s    *Service
	b    *batch
	from int
	err  *fault
}

func (n *identifiers) list() []events.Identifier {
	ids := n.b.ids[n.from:len(n.b.ids):len(n.b.ids)]
	if len(ids) == 0 {
		return nil
	}
	return ids
}

// must takes an identifier that the sender meant as one: what is wrong with it is a fault of the event.
func (n *identifiers) must(kind string, value span, pointer string) {
	if n.err != nil || n.b.d.absent(value) {
		return
	}
	text, ok := n.b.d.scalar(value)
	if !ok {
		n.err = wrong(reasonIdentity, pointer, "an identifier is a string or a number")
		return
	}
	n.mustText(kind, text, pointer)
}

func (n *identifiers) mustText(kind, text, pointer string) {
	normal, err := n.s.normaliser.Identifier(kind, text)
	if err != nil {
		n.err = wrong(reasonIdentity, pointer, err.Error())
		return
	}
	n.add(kind, normal, pointer)
}

// may takes a field that often holds an identifier, as an e-mail trait does; if it does not, it stays data only.
func (n *identifiers) may(kind string, value span) {
	text, ok := n.b.d.scalar(value)
	if !ok || text == "" || n.err != nil {
		return
	}
	if normal, err := n.s.normaliser.Identifier(kind, text); err == nil {
		n.add(kind, normal, "")
	}
}

func (n *identifiers) add(kind, value, pointer string) {
	id := events.Identifier{Kind: kind, Value: value, Grade: n.b.source.Grade(kind)}
	for _, have := range n.b.ids[n.from:] {
		if have == id {
			return
		}
		if have.Kind == kind && n.onlyClaims(kind) {
			n.err = wrong(reasonIdentity, pointer, "this write key may name one "+kind+" in an event: a second one would make two people one")
			return
		}
	}
	if len(n.b.ids)-n.from == maxIdentifies {
		n.err = wrongf(reasonIdentity, pointer, "an event names one person with at most %d identifiers", maxIdentifies)
		return
	}
	n.b.ids = append(n.b.ids, id)
}

// ofData takes the identifiers in the data of an event: in its traits if it identifies a customer, among its fields
// if its type speaks of its own customer.
func (n *identifiers) ofData(typ string, data span) {
	switch {
	case typ == "customer.identified":
		n.traits(n.b.d.member(data, "traits"))
	case speaksOfCustomer(typ):
		n.traits(data)
	}
}

// traits takes what a trait object says that identifies: e-mail, phone and loyalty number.
func (n *identifiers) traits(traits span) {
	for c := n.b.d.members(traits); c.next(); {
		if kind := traitKind(c.name); kind != "" {
			n.may(kind, c.at)
		}
	}
}

func traitKind(name []byte) string {
	switch string(name) {
	case "email":
		return events.KindEmail
	case "phone":
		return events.KindPhone
	case "loyalty_id", "loyaltyId":
		return events.KindLoyaltyID
	}
	return ""
}

// external takes Segment's context.externalIds and RudderStack's context.externalId: [{type, id}].
func (n *identifiers) external(list span) {
	d := n.b.d
	for c := d.elements(list); c.next(); {
		var kind string
		var id span
		for m := d.members(c.at); m.next(); {
			switch string(m.name) {
			case "type":
				kind = kindName(d.string(m.at))
			case "id":
				id = m.at
			}
		}
		if events.ValidKind(kind) && !n.onlyClaims(kind) {
			n.may(kind, id)
		}
	}
}

// onlyClaims reports whether kind is one that an SDK mints, which links whatever its grade, and the source may do no
// more than claim. Such a source names itself, in anonymousId; anybody could type somebody else's id in other places.
func (n *identifiers) onlyClaims(kind string) bool {
	minted := kind == events.KindAnonymousID || kind == events.KindDevice
	return minted && n.b.source.Grade(kind) < events.Asserted
}

// kindName is what other systems call an identifier kind, in our words.
func kindName(name string) string {
	switch name {
	case "userId", "userid", "customerid", "customer_id":
		return events.KindUserID
	case "anonymousId", "anonymousid":
		return events.KindAnonymousID
	case "loyaltyid", "loyaltyId":
		return events.KindLoyaltyID
	case "mobile", "phoneNumber":
		return events.KindPhone
	}
	return name
}

// speaksOfCustomer reports whether e-mail and phone in the data of that type are those of the customer: somebody
// ordered, paid, asked or booked with them. Elsewhere (product.shared) they may be a stranger's.
func speaksOfCustomer(typ string) bool {
	family, _, _ := strings.Cut(typ, ".")
	switch family {
	case "order", "checkout", "payment", "inquiry", "lead", "appointment", "loyalty":
		return true
	}
	return false
}
