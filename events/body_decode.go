package events

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// bodyDecoder keeps the JSON methods off Body.
type bodyDecoder Body

// UnmarshalJSONFrom reads the object that d is at.
func (b *bodyDecoder) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return eachMember(d, func(name []byte) error { return (*Body)(b).member(d, name) })
}

// eachMember calls member with the quoted name of every member of the object that d is at; member reads the value.
func eachMember(d *jsontext.Decoder, member func(name []byte) error) error {
	if d.PeekKind() != '{' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (b *Body) member(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"items"`:
		return b.items(d)
	case `"traits"`:
		return b.traits(d)
	}
	text, money, flag := b.text(name), (*Money)(nil), (*bool)(nil)
	var given *bool
	if text == nil {
		if money, given = b.money(name); money == nil {
			flag = b.flag(name)
		}
	}
	if text == nil && money == nil && flag == nil {
		return d.SkipValue()
	}
	v, err := d.ReadValue()
	switch {
	case err != nil:
		return err
	case text != nil:
		*text = textOf(v)
	case flag != nil:
		*flag = v.Kind() == 't'
		b.HasResolved = b.HasResolved || flag == &b.Resolved && v.Kind() != 'n'
	default:
		m, ok := ParseMoney(string(v))
		*money = m
		if given != nil {
			*given = ok
		}
	}
	return nil
}

func (b *Body) items(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for k := d.PeekKind(); k != ']' && k != 0; k = d.PeekKind() {
		item := Item{Quantity: moneyUnit}
		if err := eachMember(d, func(name []byte) error { return item.member(d, name) }); err != nil {
			return err
		}
		b.Items = append(b.Items, item)
	}
	_, err := d.ReadToken()
	return err
}

func (i *Item) member(d *jsontext.Decoder, name []byte) error {
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	switch string(name) {
	case `"sku"`:
		i.SKU = textOf(v)
	case `"name"`:
		i.Name = textOf(v)
	case `"category"`:
		i.Category = textOf(v)
	case `"quantity"`:
		i.Quantity, _ = ParseMoney(string(v))
	case `"price"`:
		i.Price, _ = ParseMoney(string(v))
	}
	return nil
}

func (b *Body) traits(d *jsontext.Decoder) error {
	return eachMember(d, func(name []byte) error {
		n := textOf(name)
		v, err := d.ReadValue()
		if err == nil && v.Kind() != 'n' {
			b.Traits = append(b.Traits, Trait{Name: n, Value: string(v)})
		}
		return err
	})
}

// textOf returns the text of a JSON string, the digits of a number, and nothing for the rest.
func textOf(v []byte) string {
	switch {
	case len(v) == 0:
		return ""
	case v[0] == '"':
		s := string(v[1 : len(v)-1])
		if strings.IndexByte(s, '\\') < 0 {
			return s
		}
		u, _ := jsontext.AppendUnquote(nil, v)
		return string(u)
	case v[0] == '-' || v[0] >= '0' && v[0] <= '9':
		return string(v)
	}
	return ""
}
