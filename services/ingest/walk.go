package ingest

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// doc is one JSON body that has passed the strict check. text is the same bytes as a string: every string that an
// event takes from the body is a piece of it, so a body of a hundred messages costs one copy and not a thousand.
type doc struct {
	raw  []byte
	text string
}

func newDoc(raw []byte) *doc { return &doc{raw: raw, text: string(raw)} }

// span is the place of one JSON value in a doc. The zero span is a value that is not there.
type span struct{ lo, hi int }

func (v span) there() bool { return v.hi > v.lo }

// whole is the span of everything, without the white space around it.
func (d *doc) whole() span {
	lo := skipSpace(d.raw, 0)
	hi := len(d.raw)
	for hi > lo && isSpace(d.raw[hi-1]) {
		hi--
	}
	return span{lo, hi}
}

func (d *doc) bytes(v span) []byte { return d.raw[v.lo:v.hi:v.hi] }

func (d *doc) kind(v span) byte {
	if !v.there() {
		return 0
	}
	return d.raw[v.lo]
}

func (d *doc) isObject(v span) bool { return d.kind(v) == '{' }
func (d *doc) isArray(v span) bool  { return d.kind(v) == '[' }
func (d *doc) isString(v span) bool { return d.kind(v) == '"' }

// absent reports whether a member was left out, is null, or is "": clients send all three for "nothing".
func (d *doc) absent(v span) bool {
	return v.hi-v.lo == 2 && d.raw[v.lo] == '"' || d.kind(v) == 'n' || !v.there()
}

// string returns a string value, and "" for every other kind.
func (d *doc) string(v span) string {
	if !d.isString(v) {
		return ""
	}
	inner := d.raw[v.lo+1 : v.hi-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return d.text[v.lo+1 : v.hi-1]
	}
	return unquote(d.raw[v.lo:v.hi])
}

// scalar is string, with numbers as they are written: an id that is a number in the sender's database.
func (d *doc) scalar(v span) (string, bool) {
	switch k := d.kind(v); {
	case k == '"':
		return d.string(v), true
	case k == '-' || k >= '0' && k <= '9':
		return d.text[v.lo:v.hi], true
	}
	return "", false
}

func unquote(quoted []byte) string {
	out, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		return "" // not reached: the strict check has read the same string
	}
	return string(out)
}

// cursor walks the members of an object or the elements of an array, one level deep. It checks nothing: the strict
// check has, and a cursor only finds where values begin and end. On bytes that were not checked it ends early.
type cursor struct {
	d    *doc
	i    int
	end  byte
	name []byte
	at   span
}

// members walks an object; of anything else it finds nothing.
func (d *doc) members(v span) cursor { return d.enter(v, '{', '}') }

// elements walks an array; of anything else it finds nothing.
func (d *doc) elements(v span) cursor { return d.enter(v, '[', ']') }

func (d *doc) enter(v span, open, end byte) cursor {
	if d.kind(v) != open {
		return cursor{d: d, i: len(d.raw), end: end}
	}
	return cursor{d: d, i: v.lo + 1, end: end}
}

// next moves to the next member or element; its value is then at c.at, its name, if it has one, in c.name.
func (c *cursor) next() bool {
	if !c.begin() {
		return false
	}
	c.at.hi = skipValue(c.d.raw, c.at.lo)
	c.i = c.at.hi
	return true
}

// begin is next without looking for the end of the value; the caller says with step how long it is.
func (c *cursor) begin() bool {
	b := c.d.raw
	i := skipSpace(b, c.i)
	if i < len(b) && b[i] == ',' {
		i = skipSpace(b, i+1)
	}
	if i >= len(b) || b[i] == c.end {
		c.i = i
		return false
	}
	if c.end == '}' {
		i = c.readName(i)
	}
	c.i, c.at = i, span{i, i}
	return i < len(b)
}

// step passes over a value that begin has found and that is so long.
func (c *cursor) step(length int) span {
	c.i = min(c.i+length, len(c.d.raw))
	c.at.hi = c.i
	return c.at
}

// readName takes the name at i and returns where its value begins.
func (c *cursor) readName(i int) int {
	b := c.d.raw
	if b[i] != '"' {
		return len(b)
	}
	end := i + 1
	for end < len(b) && b[end] != '"' && b[end] != '\\' {
		end++
	}
	c.name = b[i+1 : end]
	if end < len(b) && b[end] == '\\' {
		end = skipString(b, i) - 1
		c.name = []byte(unquote(b[i : end+1]))
	}
	if end++; end < len(b) && b[end] != ':' {
		end = skipSpace(b, end)
	}
	if end >= len(b) || b[end] != ':' {
		return len(b)
	}
	return skipSpace(b, end+1)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// skipString returns the index after the string that begins at i.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return len(b)
		}
		if i += n; b[i-1] != '\\' {
			return i + 1
		}
		back := i
		for b[back-1] == '\\' {
			back--
		}
		if (i-back)%2 == 0 {
			return i + 1
		}
	}
	return len(b)
}

// skipValue returns the index after the value that begins at i.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && !isSpace(b[i]) {
		i++
	}
	return i
}

func skipNested(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return i
}
