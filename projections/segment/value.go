package segment

import (
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
