package demo

import (
	"bytes"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// stamp is how the wire writes a moment.
const stamp = "2006-01-02T15:04:05.000Z"

func appendTime(out []byte, at time.Time) []byte {
	out = append(out, '"')
	return append(at.UTC().AppendFormat(out, stamp), '"')
}

// onSegment reports whether a source speaks Segment's protocol; the others send native NDJSON.
func onSegment(source string) bool { return source == SourceWeb || source == SourceApp }

// segmentNames are the names that Segment's e-commerce spec has for what browsers and phones report.
var segmentNames = map[string]string{
	"product.viewed": "Product Viewed", "products.searched": "Products Searched", "product.added": "Product Added",
	"wishlist.product_added": "Product Added to Wishlist", "checkout.started": "Checkout Started",
	"app.opened": "Application Opened", "app.installed": "Application Installed",
}

// appendSegment renders a touchpoint as a Segment message.
func appendSegment(out []byte, t *Touchpoint) []byte {
	switch t.Type {
	case "page.viewed":
		out = append(out, `{"type":"page","properties":`...)
		out = append(out, t.Data...)
	case "customer.identified":
		out = append(out, `{"type":"identify","traits":`...)
		out = append(out, traitsOf(t.Data)...)
	default:
		out = append(out, `{"type":"track","event":`...)
		out = appendString(out, segmentNames[t.Type])
		out = append(out, `,"properties":`...)
		out = append(out, t.Data...)
	}
	out = append(out, `,"messageId":`...)
	out = appendString(out, t.ID)
	out = appendMember(out, "anonymousId", t.Who.Anonymous)
	out = appendMember(out, "userId", t.Who.User)
	out = append(out, `,"timestamp":`...)
	out = appendTime(out, t.At)
	out = append(out, `,"context":`...)
	return append(appendContext(out, t), '}')
}

// appendContext is the part of a browser's or a phone's context that says where the message comes from.
func appendContext(out []byte, t *Touchpoint) []byte {
	if t.Source == SourceWeb {
		return append(out, `{"library":{"name":"analytics.js","version":"next-1.84.3"},"page":{"url":"https://shop.example.com/"},"locale":"ko-KR"}`...)
	}
	out = append(out, `{"library":{"name":"analytics-kotlin","version":"1.19.1"},"app":{"name":"LUMEN","version":"3.14.0"},"device":{"type":"android"},"locale":"ko-KR","externalIds":[{"type":"device","collection":"users","encoding":"none","id":`...)
	out = appendString(out, t.Who.Device)
	return append(out, `}]}`...)
}

// traitsOf is the object inside {"traits":…}.
func traitsOf(data []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimPrefix(data, []byte(`{"traits":`)), []byte("}"))
}

func appendMember(out []byte, name, value string) []byte {
	if value == "" {
		return out
	}
	out = append(append(append(out, ',', '"'), name...), '"', ':')
	return appendString(out, value)
}

// appendNative renders a touchpoint as a line of c360's own NDJSON.
func appendNative(out []byte, t *Touchpoint) []byte {
	out = append(out, `{"id":`...)
	out = appendString(out, t.ID)
	out = appendMember(out, "type", t.Type)
	out = append(out, `,"time":`...)
	out = appendTime(out, t.At)
	out = appendMember(out, "channel", string(t.Channel))
	out = appendIdentifiers(out, t.Who)
	out = append(out, `,"data":`...)
	out = append(out, t.Data...)
	return append(out, '}', '\n')
}

func appendIdentifiers(out []byte, who Who) []byte {
	if who == (Who{}) {
		return out
	}
	from := len(out)
	out = append(out, `,"identifiers":{`...)
	open := len(out)
	for _, pair := range who.pairs() {
		out = appendMember(out, pair[0], pair[1])
	}
	if len(out) == open {
		return out[:from]
	}
	// appendMember writes a comma before each member; the first has none.
	copy(out[open:], out[open+1:])
	return append(out[:len(out)-1], '}')
}

// body is a request on its way to a source's route.
type body struct {
	source string
	raw    []byte
	count  int
}

func (b *body) add(t *Touchpoint) {
	b.count++
	if !onSegment(t.Source) {
		b.raw = appendNative(b.raw, t)
		return
	}
	if b.count == 1 {
		b.raw = append(b.raw, `{"batch":[`...)
	} else {
		b.raw = append(b.raw, ',')
	}
	b.raw = appendSegment(b.raw, t)
}

// finish returns what is sent. sent is the sender's clock for a live message; the past is sent without, because
// the receiver would take the delay for a clock that is wrong.
func (b *body) finish(sent time.Time) []byte {
	if !onSegment(b.source) {
		return b.raw
	}
	b.raw = append(b.raw, ']')
	if !sent.IsZero() {
		b.raw = append(b.raw, `,"sentAt":`...)
		b.raw = appendTime(b.raw, sent)
	}
	return append(b.raw, '}')
}

// path is the route of a source.
func (b *body) path() string {
	if onSegment(b.source) {
		return "/v1/batch"
	}
	return "/v1/import?format=ndjson"
}

// SourcesSpec is what C360_SOURCES has to hold for these write keys.
func SourcesSpec(keys map[string]string) string {
	var out []byte
	for i, s := range Sources {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, s.Name+":"+keys[s.Name]+":"+s.Grade.String()+":channel="+string(channelOf[s.Name])...)
	}
	return string(out)
}

var channelOf = map[string]events.Channel{
	SourceWeb: events.ChannelWeb, SourceApp: events.ChannelApp, SourceShop: events.ChannelWeb,
	SourcePOS: events.ChannelStore, SourceCall: events.ChannelCall,
}

func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
