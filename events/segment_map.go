package events

import (
	"bytes"
	"slices"
	"strings"
)

// MapSegment gives the properties of a Segment message the names of the catalogue, by the table in segment_table.go:
// products become items, product_id becomes sku, revenue or value becomes total, and so on; prices and quantities
// sent as strings ("19.90") become the numbers they are; an e-mail event says that its medium is email. Everything else stays
// byte for byte as it was. A property is never renamed onto one that is there. Data that needs no change, or is no JSON
// object, is returned as it is; data itself is never written to.
func MapSegment(typ string, data []byte) []byte {
	rules, some := segmentRules[typ]
	if !some {
		return data
	}
	var room [24]part
	parts, ok := partsOf(room[:0], data)
	m := segmentMap{rules: rules, message: strings.HasPrefix(typ, "message.")}
	if !ok || !m.concerns(parts) {
		return data
	}
	mapped := m.appendParts(make([]byte, 0, len(data)+len(`"medium":"email",`)), parts)
	if !m.changed {
		return data
	}
	return mapped
}

// concerns reports whether anything in an object may have to change. Most senders use the names of the catalogue, and
// what they sent need not be copied to find that out.
func (m *segmentMap) concerns(parts []part) bool {
	return m.message || slices.ContainsFunc(parts, func(p part) bool {
		number := p.value[0] == '"' && isSegmentNumber(p.name)
		items := p.value[0] == '[' && string(p.name) == "items"
		return number || items || slices.ContainsFunc(m.rules, func(r segmentRule) bool { return r.from == string(p.name) })
	})
}

// segmentMap rewrites one object.
type segmentMap struct {
	rules []segmentRule
	// message says that the object is about a message: Segment's e-mail events do not say that they are.
	message bool
	changed bool
}

// part is one member of an object: its name, its quoted name and its value.
type part struct{ name, quoted, value []byte }

// appendObject appends raw to dst with its members renamed; false if raw is no JSON object.
func (m *segmentMap) appendObject(dst, raw []byte) ([]byte, bool) {
	var room [24]part
	parts, ok := partsOf(room[:0], raw)
	if !ok {
		return nil, false
	}
	return m.appendParts(dst, parts), true
}

func (m *segmentMap) appendParts(dst []byte, parts []part) []byte {
	dst = append(dst, '{')
	for i := range parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.appendPart(dst, parts, &parts[i])
	}
	if m.message && !has(parts, "medium") && (has(parts, "email_id") || has(parts, "email_subject")) {
		m.changed = true
		dst = append(dst, `,"medium":"email"`...)
	}
	return append(dst, '}')
}

func (m *segmentMap) appendPart(dst []byte, parts []part, p *part) []byte {
	name, quoted := p.name, p.quoted
	if to := m.target(parts, p.name); to != "" {
		m.changed = true
		name, quoted = []byte(to), []byte(`"`+to+`"`)
	}
	dst = append(append(dst, quoted...), ':')
	switch {
	case string(name) == "items" && p.value[0] == '[':
		return m.appendItems(dst, p.value)
	case isSegmentNumber(name):
		return m.appendNumber(dst, p.value)
	}
	return append(dst, p.value...)
}

// target returns the new name of a member; "" if no rule is for it, if another rule comes first, or if the new name is
// taken.
func (m *segmentMap) target(parts []part, name []byte) string {
	for i, rule := range m.rules {
		if rule.from != string(name) {
			continue
		}
		earlier := slices.ContainsFunc(m.rules[:i], func(r segmentRule) bool { return r.to == rule.to && has(parts, r.from) })
		if earlier || has(parts, rule.to) {
			return ""
		}
		return rule.to
	}
	return ""
}

// has reports whether there is a member of that name, in whatever case.
func has(parts []part, name string) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		return len(p.name) == len(name) && bytes.EqualFold(p.name, []byte(name))
	})
}

// appendItems appends an array with the members of its objects renamed.
func (m *segmentMap) appendItems(dst, array []byte) []byte {
	lines := segmentMap{rules: productRules}
	c := checker{raw: array, limit: MaxDepth}
	start := len(dst)
	dst = append(dst, '[')
	more, fault := c.enter(false)
	for more && fault == "" {
		from := c.pos
		if fault = c.value(); fault != "" {
			break
		}
		if len(dst) > start+1 {
			dst = append(dst, ',')
		}
		dst = lines.appendLine(dst, array[from:c.pos])
		more, fault = c.next()
	}
	if fault != "" || !lines.changed {
		return append(dst[:start], array...)
	}
	m.changed = true
	return append(dst, ']')
}

// appendLine appends an element of an array, renamed if it is an object.
func (m *segmentMap) appendLine(dst, line []byte) []byte {
	if mapped, ok := m.appendObject(dst, line); ok {
		return mapped
	}
	return append(dst, line...)
}

// appendNumber appends value, without its quotes if it is a string that holds a JSON number.
func (m *segmentMap) appendNumber(dst, value []byte) []byte {
	if len(value) < 3 || value[0] != '"' {
		return append(dst, value...)
	}
	inner := value[1 : len(value)-1]
	c := checker{raw: inner}
	if c.number() != "" || c.pos != len(inner) {
		return append(dst, value...)
	}
	m.changed = true
	return append(dst, inner...)
}

// partsOf appends the members of an object; false if raw is no JSON object.
func partsOf(parts []part, raw []byte) ([]part, bool) {
	c := checker{raw: raw, limit: MaxDepth}
	if c.space(); c.pos >= len(raw) || raw[c.pos] != '{' {
		return nil, false
	}
	more, fault := c.enter(true)
	for more && fault == "" {
		quoted := quotedAt(raw[c.frames[0].from:])
		from := c.pos
		if fault = c.value(); fault != "" {
			break
		}
		parts = append(parts, part{name: unquoted(quoted), quoted: quoted, value: raw[from:c.pos]})
		more, fault = c.next()
	}
	return parts, fault == "" && c.end() == ""
}
