package segment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/events"
)

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
