package events

import (
	"bytes"
	"strconv"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// batch finds and judges the messages of one request body.
type batch struct {
	*checker
	messages []Message
	found    bool
}

// body checks the whole body; the messages are in the member named at, or in the body itself.
func (b *batch) body(at string) (fault string) {
	if b.space(); b.pos == len(b.raw) {
		return emptyInput
	}
	b.limit = MaxDepth + wrapping
	if at == "" {
		fault = b.array()
	} else {
		fault = b.members(at)
	}
	if fault != "" {
		return fault
	}
	if fault := b.end(); fault != "" {
		return fault
	}
	if !b.found {
		return wantArray
	}
	return ""
}

// members checks the object that wraps the messages.
func (b *batch) members(at string) (fault string) {
	if b.raw[b.pos] != '{' {
		return wantObject
	}
	more, fault := b.enter(true)
	for more && fault == "" {
		if from := b.frames[b.depth-1].from; string(unquoted(b.raw[from:])) == at {
			fault = b.array()
		} else {
			fault = b.value()
		}
		if fault == "" {
			more, fault = b.next()
		}
	}
	return fault
}

// array takes the messages apart.
func (b *batch) array() (fault string) {
	if b.pos >= len(b.raw) || b.raw[b.pos] != '[' {
		return wantArray
	}
	b.found = true
	more, fault := b.enter(false)
	b.limit = MaxDepth + b.depth
	for more && fault == "" {
		if len(b.messages) == MaxBatch {
			return tooManyMessages
		}
		if fault = b.message(); fault == "" {
			more, fault = b.next()
		}
	}
	return fault
}

// message checks one message. What is wrong with it alone is noted there; a fault comes back only when nobody could
// tell where the message ends.
func (b *batch) message() (fault string) {
	from, depth, keys := b.pos, b.depth, b.open
	fault = b.judge()
	if fault == "" {
		b.messages = append(b.messages, Message{Raw: b.raw[from:b.pos:b.pos]})
		return ""
	}
	length, ok := lenientLength(b.raw[from:])
	if !ok {
		return fault
	}
	pointer := b.pointer()
	b.pos, b.depth, b.open = from+length, depth, keys
	b.messages = append(b.messages, Message{Raw: b.raw[from:b.pos:b.pos], Fault: &JSONError{pointer, fault}})
	return ""
}

func (b *batch) judge() (fault string) {
	from := b.pos
	if from >= len(b.raw) {
		return cutShort
	}
	if b.raw[from] != '{' {
		return wantObject
	}
	if fault := b.value(); fault != "" {
		return fault
	}
	if b.pos-from > MaxEvent {
		return tooLarge
	}
	return ""
}

// lenientLength returns the length of the JSON value at the beginning of raw, forgiving what is only ambiguous.
func lenientLength(raw []byte) (int, bool) {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := d.SkipValue(); err != nil {
		return 0, false
	}
	return int(d.InputOffset()), true
}

// pointer returns the JSON pointer of the value being checked.
func (c *checker) pointer() string {
	var parts []string
	for _, f := range c.frames[:c.depth] {
		switch {
		case !f.object:
			parts = append(parts, strconv.Itoa(f.count))
		case f.from >= 0:
			parts = append(parts, string(unquoted(c.raw[f.from:])))
		}
	}
	if c.missing != "" {
		parts = append(parts, c.missing)
	}
	return pointerTo(parts)
}

// unquoted returns the text of the JSON string that raw begins with. The string has been checked.
func unquoted(raw []byte) []byte {
	for i := 1; i < len(raw); i++ {
		if raw[i] == '"' {
			return raw[1:i]
		}
		if raw[i] == '\\' {
			break
		}
	}
	text, err := jsontext.AppendUnquote(nil, quotedAt(raw))
	if err != nil {
		return nil
	}
	return text
}

// quotedAt returns the JSON string that raw begins with, with its quotes.
func quotedAt(raw []byte) []byte {
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			return raw[:i+1]
		case '\\':
			i++
		}
	}
	return raw
}

// foldRune returns the smallest of the letters that differ from r only in case.
func foldRune(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
