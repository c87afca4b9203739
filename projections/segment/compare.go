package segment

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// testOp is what a test does.
type testOp uint8

const (
	opIs testOp = 1 + iota
	opIsNot
	opIn
	opNotIn
	opContains
	opExists
	opNumber // compares a number with span
	opDay    // compares a day, written YYYY-MM-DD, with days
)

var opNames = [...]string{opIs: "is", opIsNot: "is_not", opIn: "in", opNotIn: "not_in", opContains: "contains", opExists: "exists"}

// test compares one value with what a rule wants. Nothing at all passes is_not, not_in and exists false, and no other.
type test struct {
	op     testOp
	values []literal
	exists bool
	span   span
	days   []dayEnd
}

// dayEnd is one comparison with a day.
type dayEnd struct{ op, day string }

// passes judges a text; "" stands for nothing.
func (t *test) passes(text string) bool {
	switch t.op {
	case opExists:
		return (text != "") == t.exists
	case opIs, opIn:
		return text != "" && t.any(text)
	case opIsNot, opNotIn:
		return text == "" || !t.any(text)
	case opContains:
		return text != "" && strings.Contains(text, t.values[0].text)
	case opNumber:
		m, ok := number(text)
		return ok && t.span.has(m)
	case opDay:
		return t.passesDay(text)
	}
	return false
}

func (t *test) any(text string) bool {
	for i := range t.values {
		if t.values[i].is(text) {
			return true
		}
	}
	return false
}

// passesDay compares days as texts: written YYYY-MM-DD they are in the order of time. What follows the day is cut off.
func (t *test) passesDay(text string) bool {
	if len(text) > 10 {
		text = text[:10]
	}
	if !isDay(text) {
		return false
	}
	for _, e := range t.days {
		c := strings.Compare(text, e.day)
		if e.op == "<" && c >= 0 || e.op == "<=" && c > 0 || e.op == ">" && c <= 0 || e.op == ">=" && c < 0 {
			return false
		}
	}
	return true
}

// passesJSON judges a JSON value; "" stands for nothing.
func (t *test) passesJSON(value string) bool {
	if value == "" || value[0] != '[' && value[0] != '{' {
		return t.passes(plain(value))
	}
	switch t.op {
	case opExists:
		return t.exists
	case opContains:
		return value[0] == '[' && t.holds(value)
	case opIsNot, opNotIn:
		return true
	default:
		return false
	}
}

// number reads a number, in 1/10000. What does not begin like one is none, which is found out without taking memory.
func number(text string) (int64, bool) {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return 0, false
	}
	m, ok := events.ParseMoney(text)
	return int64(m), ok
}

// holds reports whether a JSON array has the value as an element.
func (t *test) holds(value string) bool {
	d := jsontext.NewDecoder(strings.NewReader(value))
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	for d.PeekKind() != ']' {
		v, err := d.ReadValue()
		if err != nil {
			return false
		}
		if t.any(plain(string(v))) {
			return true
		}
	}
	return false
}

// plain returns the text of a JSON string, and other values as they are written.
func plain(value string) string {
	if len(value) < 2 || value[0] != '"' {
		return value
	}
	inner := value[1 : len(value)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	u, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return inner
	}
	return string(u)
}
