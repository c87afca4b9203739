package segment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// valueKind says how a value can be compared.
type valueKind uint8

// The kinds. A trait that nobody knows can be compared in any way, and holds when it fits.
const (
	kindAny valueKind = iota
	kindText
	kindNumber
	kindFlag
	kindDay
)

// literal is a value in a rule.
type literal struct {
	// text is what it is compared as.
	text string
	// number is set for a JSON number, which is compared by its amount: 5 and 5.0 are one.
	number bool
	amount events.Money
	// flag is set for true and false.
	flag bool
}

func (l *literal) is(text string) bool {
	if !l.number {
		return l.text == text
	}
	m, ok := number(text)
	return ok && m == int64(l.amount)
}

func (l *literal) write(b []byte) []byte {
	switch {
	case l.number:
		return l.amount.Append(b)
	case l.flag:
		return append(b, l.text...)
	}
	return quote(b, l.text)
}

// quote appends a text as JSON. It came from checked JSON, so it can be written as such.
func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}

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

// write writes the test as members of a JSON object, without braces.
func (t *test) write(b []byte) []byte {
	switch t.op {
	case opNumber:
		return t.span.write(b, numbers)
	case opDay:
		for i, e := range t.days {
			if i > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendQuote(append(strconv.AppendQuote(b, e.op), ':'), e.day)
		}
		return b
	case opExists:
		return strconv.AppendBool(append(b, `"exists":`...), t.exists)
	default:
		return t.writeValues(b)
	}
}

// writeValues writes a test that compares with values.
func (t *test) writeValues(b []byte) []byte {
	b = append(strconv.AppendQuote(b, opNames[t.op]), ':')
	if t.op != opIn && t.op != opNotIn {
		return t.values[0].write(b)
	}
	for i := range t.values {
		b = t.values[i].write(append(b, "[,"[min(i, 1)]))
	}
	return append(b, ']')
}

// words says the test, without what is tested.
func (t *test) words() events.Text {
	all := make([]string, len(t.values))
	for i := range t.values {
		all[i] = t.values[i].text
	}
	list := strings.Join(all, ", ")
	switch t.op {
	case opIs, opIn:
		if len(all) > 1 {
			return events.Text{Ko: list + " 중 하나", En: "is one of " + list}
		}
		return events.Text{Ko: list, En: "is " + list}
	case opIsNot, opNotIn:
		if len(all) > 1 {
			return events.Text{Ko: list + " 모두 아님", En: "is none of " + list}
		}
		return events.Text{Ko: list + " 아님", En: "is not " + list}
	case opContains:
		return events.Text{Ko: "'" + list + "' 포함", En: "contains '" + list + "'"}
	case opExists:
		if t.exists {
			return events.Text{Ko: "있음", En: "is known"}
		}
		return events.Text{Ko: "없음", En: "is not known"}
	case opDay:
		return both(t.dayWords())
	default:
		return both(t.span.words(numbers.unit, numberWords))
	}
}

func (t *test) dayWords() string {
	var all []string
	for _, e := range t.days {
		all = append(all, signs[e.op]+e.day)
	}
	slices.Reverse(all) // the lower end first
	return strings.Join(all, ", ")
}

func numberWords(v int64) string { return events.Money(v).String() }

// both is a text that is the same in all languages.
func both(s string) events.Text { return events.Text{Ko: s, En: s} }
