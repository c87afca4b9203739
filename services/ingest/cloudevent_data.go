package ingest

import (
	"encoding/json"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
)

// cloudData brings the data into the one form events have, a JSON object: an object as it is, another JSON value
// as {"value"}, text as {"text"}, bytes as {"base64"}. Extension attributes we have no field for go along.
func (b *batch) cloudData(c *cloudEvent, e *events.Event) {
	data, f := c.object()
	if f != nil {
		c.fault = c.fault.and(f)
		return
	}
	others := map[string]string{}
	for _, x := range c.extensions {
		if !isKnownKind(kindName(x.name)) && x.name != "channel" && x.name != "traceparent" {
			others[x.name] = x.value
		}
	}
	if len(others) == 0 {
		e.Data = data
		return
	}
	if raw, err := json.Marshal(others); err == nil { // a map of strings always encodes
		e.Data = b.object(data, []extra{{"extensions", raw, "cloudevents_extensions"}})
	}
}

func (c *cloudEvent) object() ([]byte, *fault) {
	if c.opaque && isJSON(c.media) && len(c.data) > 0 {
		f := checkOne(c.data)
		if f != nil && c.media != "" {
			f.pointer = "/data" + f.pointer
			return nil, f
		}
		c.opaque = f != nil
	}
	switch {
	case len(c.data) == 0:
		return nil, nil
	case c.opaque && utf8.Valid(c.data):
		return wrap("text", string(c.data))
	case c.opaque:
		return wrap("base64", c.data)
	}
	d := &doc{raw: c.data}
	if v := d.whole(); d.isObject(v) {
		return d.bytes(v), nil
	}
	return wrap("value", json.RawMessage(c.data))
}

func wrap(name string, value any) ([]byte, *fault) {
	raw, err := json.Marshal(map[string]any{name: value})
	if err != nil || strings.Contains(string(raw), `\u0000`) {
		return nil, wrong(reasonJSON, "/data", "the data holds a NUL character")
	}
	return raw, nil
}

// isJSON reports whether a media type is JSON; CloudEvents says that none given means JSON.
func isJSON(media string) bool {
	if media == "" {
		return true
	}
	name, _, err := mime.ParseMediaType(media)
	return err == nil && (name == "application/json" || name == "text/json" || strings.HasSuffix(name, "+json"))
}
