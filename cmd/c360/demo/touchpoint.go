package demo

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// The sources of the company. Web and app are driven by browsers and phones (grade claimed), the others by
// machines of the company (asserted).
const (
	SourceWeb  = "web"
	SourceApp  = "app"
	SourceShop = "shop"
	SourcePOS  = "pos"
	SourceCall = "call"
)

// Sources lists them, with the grade each has to be configured with.
var Sources = []struct {
	Name  string
	Grade events.Grade
}{
	{SourceWeb, events.Claimed},
	{SourceApp, events.Claimed},
	{SourceShop, events.Asserted},
	{SourcePOS, events.Asserted},
	{SourceCall, events.Asserted},
}

// Who is what a source knew about the person at that moment, as it wrote it. Empty fields: it did not know.
type Who struct {
	User, Anonymous, Device, Loyalty, Phone, Email string
}

// pairs lists what is known in a fixed order.
func (w Who) pairs() [6][2]string {
	return [6][2]string{
		{events.KindUserID, w.User},
		{events.KindAnonymousID, w.Anonymous},
		{events.KindDevice, w.Device},
		{events.KindLoyaltyID, w.Loyalty},
		{events.KindPhone, w.Phone},
		{events.KindEmail, w.Email},
	}
}

// Touchpoint is one thing that happened, before it is put into a source's own wire format.
type Touchpoint struct {
	ID, Source, Type string
	Channel          events.Channel
	At               time.Time
	Who              Who
	// Data is one JSON object.
	Data []byte
	// Person is the index of the person in the truth, -1 for somebody nobody knows.
	Person int
}

// data renders key, value pairs as one JSON object. Values are strings, whole numbers, truth values, or JSON.
func data(pairs ...any) []byte {
	out := make([]byte, 1, 256)
	out[0] = '{'
	for i := 0; i+1 < len(pairs); i += 2 {
		if s, ok := pairs[i+1].(string); ok && s == "" {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		key, _ := pairs[i].(string)
		out = append(out, '"')
		out = append(out, key...)
		out = append(out, '"', ':')
		out = appendValue(out, pairs[i+1])
	}
	return append(out, '}')
}

func appendValue(out []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendString(out, v)
	case int:
		return strconv.AppendInt(out, int64(v), 10)
	case bool:
		return strconv.AppendBool(out, v)
	case json.RawMessage:
		return append(out, v...)
	case []byte:
		return append(out, v...)
	default:
		return append(out, "null"...)
	}
}

// appendString quotes s as JSON. The company's texts hold no control characters but the line feed.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < ' ':
			out = append(out, `\u00`...)
			out = append(out, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// items renders a basket.
func items(basket []line) []byte {
	out := []byte{'['}
	for i, l := range basket {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, data("sku", l.sku, "name", l.name, "category", l.category, "brand", l.brand,
			"quantity", l.quantity, "price", l.price)...)
	}
	return append(out, ']')
}
