package history

import (
	"encoding/binary"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// packed are touchpoints as they are stored: texts in the order of their first use, then the touchpoints, each with
// its texts as places in that list. Packing the same touchpoints one by one or all at once gives the same bytes.
type packed struct {
	texts []string
	raw   string // as read; once something was written behind it, bytes is all of it
	bytes []byte
	count int
	// How many fields, items and traits the touchpoints have in all, so that unpacking makes room once.
	fields, items, traits int
	// end is the time of the last, from which the next is counted.
	end int64
}

// The parts that a touchpoint may have.
const (
	hasOrder = 1 << iota
	hasAmount
	hasFields
	hasItems
	hasTraits
	isWon // its currency is KRW
)

func (p *packed) append(t *Touchpoint) {
	b := p.bytes
	if b == nil {
		b = append(make([]byte, 0, len(p.raw)+64), p.raw...)
	}
	b = binary.AppendVarint(b, t.At-p.end)
	b = binary.LittleEndian.AppendUint64(b, t.Key)
	b = p.text(b, t.Type)
	b = p.text(b, string(t.Channel))
	parts := partsOf(t)
	b = append(b, byte(t.Grade), parts)
	if parts&hasOrder != 0 {
		b = p.text(b, t.Order)
	}
	if parts&hasAmount != 0 {
		b = binary.AppendVarint(b, int64(t.Amount))
		if parts&isWon == 0 {
			b = p.text(b, t.Currency)
		}
	}
	b = p.appendLists(b, t)
	p.bytes, p.count, p.end = b, p.count+1, t.At
	p.fields, p.items, p.traits = p.fields+len(t.Fields), p.items+len(t.Items), p.traits+len(t.Traits)
}

func partsOf(t *Touchpoint) byte {
	var parts byte
	if t.Order != "" {
		parts |= hasOrder
	}
	if t.HasAmount {
		parts |= hasAmount
	}
	if t.Currency == "KRW" {
		parts |= isWon
	}
	if len(t.Fields) > 0 {
		parts |= hasFields
	}
	if len(t.Items) > 0 {
		parts |= hasItems
	}
	if len(t.Traits) > 0 {
		parts |= hasTraits
	}
	return parts
}

func (p *packed) appendLists(b []byte, t *Touchpoint) []byte {
	if n := len(t.Fields); n > 0 {
		b = binary.AppendUvarint(b, uint64(n))
		for i := range t.Fields {
			b = p.text(p.text(b, t.Fields[i].Name), t.Fields[i].Value)
		}
	}
	if n := len(t.Items); n > 0 {
		b = binary.AppendUvarint(b, uint64(n))
		for i := range t.Items {
			b = p.text(p.text(b, t.Items[i].SKU), t.Items[i].Category)
			b = binary.AppendVarint(binary.AppendVarint(b, int64(t.Items[i].Quantity)), int64(t.Items[i].Price))
		}
	}
	if n := len(t.Traits); n > 0 {
		b = binary.AppendUvarint(b, uint64(n))
		for i := range t.Traits {
			b = p.text(p.text(b, t.Traits[i].Name), t.Traits[i].Value)
		}
	}
	return b
}

// text writes a text as its place among the texts. What was used lately is looked at first.
func (p *packed) text(b []byte, s string) []byte {
	for i := len(p.texts) - 1; i >= 0; i-- {
		if p.texts[i] == s {
			return binary.AppendUvarint(b, uint64(i)) // #nosec G115 -- a place
		}
	}
	p.texts = append(p.texts, s)
	return binary.AppendUvarint(b, uint64(len(p.texts)-1)) // #nosec G115 -- at least 0
}

// pack packs touchpoints anew.
func pack(list []Touchpoint) packed {
	var p packed
	for i := range list {
		p.append(&list[i])
	}
	return p
}

// all are the touchpoints as they are stored.
func (p *packed) all() string {
	if p.bytes != nil {
		return string(p.bytes)
	}
	return p.raw
}

// equal reports whether the same touchpoints are packed in both.
func (p *packed) equal(o *packed) bool { return p.all() == o.all() && slices.Equal(p.texts, o.texts) }

// unpack appends the touchpoints of fragment f, decoded, to a list.
func (p *packed) unpack(f uuid.UUID, onto []Touchpoint) ([]Touchpoint, error) {
	u := unpacker{d: projections.DecodeText(p.all()), texts: p.texts}
	u.fields, u.items, u.traits = make([]Field, 0, p.fields), make([]Item, 0, p.items), make([]events.Trait, 0, p.traits)
	all := slices.Grow(onto, p.count)[:len(onto)+p.count]
	list := all[len(onto):]
	at := int64(0)
	for i := range list {
		t := &list[i]
		t.Fragment = f
		at += u.d.Int()
		t.At = at
		u.touchpoint(t)
	}
	return all, u.d.Err()
}

type unpacker struct {
	d      *projections.Decoder
	texts  []string
	fields []Field
	items  []Item
	traits []events.Trait
}

func (u *unpacker) text() string {
	i := u.d.Uint()
	if i >= uint64(len(u.texts)) {
		u.d.Fail()
		return ""
	}
	return u.texts[i]
}

func (u *unpacker) touchpoint(t *Touchpoint) {
	t.Key = u.d.Fixed()
	t.Type, t.Channel = u.text(), events.Channel(u.text())
	t.Grade = events.Grade(u.d.Byte())
	parts := u.d.Byte()
	if parts&hasOrder != 0 {
		t.Order = u.text()
	}
	if t.HasAmount = parts&hasAmount != 0; t.HasAmount {
		t.Amount, t.Currency = events.Money(u.d.Int()), "KRW"
		if parts&isWon == 0 {
			t.Currency = u.text()
		}
	}
	if parts&hasFields != 0 {
		t.Fields = u.fieldList()
	}
	if parts&hasItems != 0 {
		t.Items = u.itemList()
	}
	if parts&hasTraits != 0 {
		t.Traits = u.traitList()
	}
}

func (u *unpacker) fieldList() []Field {
	from := len(u.fields)
	for range u.d.Len() {
		u.fields = append(u.fields, Field{u.text(), u.text()})
	}
	return slices.Clip(u.fields[from:])
}

func (u *unpacker) itemList() []Item {
	from := len(u.items)
	for range u.d.Len() {
		u.items = append(u.items, Item{u.text(), u.text(), events.Money(u.d.Int()), events.Money(u.d.Int())})
	}
	return slices.Clip(u.items[from:])
}

func (u *unpacker) traitList() []events.Trait {
	from := len(u.traits)
	for range u.d.Len() {
		u.traits = append(u.traits, events.Trait{Name: u.text(), Value: u.text()})
	}
	return slices.Clip(u.traits[from:])
}
