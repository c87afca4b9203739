package history

import (
	"cmp"
	"hash/fnv"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Touchpoint is one event as rules and models see it. It must not be changed.
type Touchpoint struct {
	// At is when it happened, Unix microseconds.
	At int64
	// Key stands for (source, id): it breaks ties of At and finds the event in the timeline. See KeyOf.
	Key uint64
	// Fragment is whose it is.
	Fragment uuid.UUID
	Type     string
	Channel  events.Channel
	// Grade is the best proof of who it is about.
	Grade events.Grade
	// Order is the order number, if it is about one.
	Order string
	// Amount is its total, amount or price, in Currency ("KRW" if nothing else was said); HasAmount says whether it has one.
	Amount    events.Money
	Currency  string
	HasAmount bool
	Items     []Item
	// Fields are what rules may ask about, by name; see Fields.
	Fields []Field
	// Traits are what it says about the person. Value is JSON. Names, addresses and the like are left out.
	Traits []events.Trait
}

// Item is one line of an order, a basket or a product view.
type Item struct {
	SKU, Category string
	// Quantity is in 1/10000, Price is that of one.
	Quantity, Price events.Money
}

// Field is a fact of a touchpoint: a text, a number literal, or "true".
type Field struct{ Name, Value string }

// Field returns the named field, "" if the touchpoint has none.
func (t *Touchpoint) Field(name string) string {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return t.Fields[i].Value
		}
	}
	return ""
}

// KeyOf returns the key of an event: a hash of what it is identified by, the same on every machine.
func KeyOf(source, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(source))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(id))
	return h.Sum64()
}

// compare is the order of a history: by time, then by key.
func compare(a, b *Touchpoint) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key, b.Key))
}

// Ref names a touchpoint as evidence: whose it is, when it happened, and by its key which it is.
type Ref struct {
	Fragment uuid.UUID
	At       int64
	Key      uint64
	Type     string
}

// Ref returns what names the touchpoint.
func (t *Touchpoint) Ref() Ref { return Ref{t.Fragment, t.At, t.Key, t.Type} }
