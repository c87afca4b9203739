package importer

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// text applies a rule whose result is a text: an id, a type, an identifier. No value and no default: "".
func (r *Rule) text(from place) (string, error) {
	text, err := r.plain(from)
	if err != nil || text == "" || !slices.Contains([]string{"number", "integer", "date"}, r.spec.As) {
		return text, err
	}
	out, err := r.convert(text)
	if err != nil && r.spec.Lenient {
		return "", nil
	}
	return strings.Trim(string(out), `"`), err
}

// plain is the text before it is converted.
func (r *Rule) plain(from place) (string, error) {
	text, ok := r.from.text(from)
	if text = strings.TrimSpace(text); !ok || text == "" {
		return r.fallback(""), nil
	}
	if runes := []rune(text); r.spec.First > 0 && len(runes) > r.spec.First {
		text = string(runes[:r.spec.First])
	}
	return r.mapped(text)
}

func (r *Rule) fallback(text string) string {
	if r.spec.Default != nil {
		return *r.spec.Default
	}
	return text
}

func (r *Rule) mapped(text string) (string, error) {
	if r.spec.Map == nil {
		return text, nil
	}
	if to, ok := r.spec.Map[text]; ok {
		return to, nil
	}
	if r.spec.Default == nil {
		return "", fmt.Errorf("%.60q is not in the map; add it, or give a default", text)
	}
	return *r.spec.Default, nil
}

// append writes the rule's value as JSON. It reports false if there is none.
func (r *Rule) append(to []byte, from place) ([]byte, bool, error) {
	switch {
	case r.each != nil:
		return r.appendEach(to, from)
	case r.sum != nil:
		return r.appendSum(to, from)
	}
	if r.spec.Map == nil && r.spec.As == "" && r.spec.Default == nil && !r.spec.Abs && r.spec.First == 0 {
		n, ok := r.from.node(from)
		if !ok {
			return to, false, nil
		}
		to, err := n.appendJSON(to)
		return to, err == nil, err
	}
	if n, ok := r.from.node(from); ok && r.spec.As == "auto" {
		to, err := appendAuto(to, n)
		return to, err == nil, err
	}
	return r.appendConverted(to, from)
}

func (r *Rule) appendConverted(to []byte, from place) ([]byte, bool, error) {
	text, err := r.plain(from)
	if err != nil || text == "" {
		return to, false, err
	}
	out, err := r.convert(text)
	if err != nil && r.spec.Lenient {
		return to, false, nil
	}
	return append(to, out...), err == nil, err
}

// convert turns a text into JSON.
func (r *Rule) convert(text string) ([]byte, error) {
	switch r.spec.As {
	case "number", "integer":
		return r.number(text)
	case "boolean":
		return boolean(text)
	case "date":
		at, err := parseTime(text, r.spec.Layouts, r.zone)
		if err != nil {
			return nil, err
		}
		return at.AppendFormat(nil, `"`+time.DateOnly+`"`), nil
	}
	if r.spec.Abs {
		return r.number(text)
	}
	return jsontext.AppendQuote(nil, text) //nolint:wrapcheck // the caller names the line
}

// number reads what spreadsheets write: "1,234.50", "₩ 12000", " -3 ".
func (r *Rule) number(text string) ([]byte, error) {
	n, err := decimal(text)
	if err != nil {
		return nil, err
	}
	if r.spec.Abs {
		n.Abs(n)
	}
	if r.spec.As == "integer" && !n.IsInt() {
		return nil, fmt.Errorf("%.40q is not a whole number", text)
	}
	return appendDecimal(nil, n), nil
}

func decimal(text string) (*big.Rat, error) {
	plain := strings.TrimSpace(strings.TrimLeft(text, "₩$€£ "))
	plain = strings.ReplaceAll(plain, ",", "")
	if strings.ContainsAny(plain, "/xXpPoObB_") || len(plain) > 40 || big10(plain) {
		return nil, fmt.Errorf("%.40q is not a number", text)
	}
	n, ok := new(big.Rat).SetString(plain)
	if !ok {
		return nil, fmt.Errorf("%.40q is not a number", text)
	}
	return n, nil
}

// big10 reports an exponent that would make a number of thousands of digits.
func big10(text string) bool {
	_, exponent, found := strings.Cut(strings.ToLower(text), "e")
	n, err := strconv.Atoi(exponent)
	return found && (err != nil || n > 30 || n < -30)
}

// appendDecimal writes a decimal number exactly, without trailing zeros.
func appendDecimal(to []byte, n *big.Rat) []byte {
	if n.IsInt() {
		return append(to, n.Num().String()...)
	}
	text := n.FloatString(40)
	return append(to, strings.TrimRight(text, "0")...)
}

func boolean(text string) ([]byte, error) {
	switch strings.ToLower(text) {
	case "true", "1", "y", "yes", "t", "o", "예":
		return []byte("true"), nil
	case "false", "0", "n", "no", "f", "x", "아니오", "아니요":
		return []byte("false"), nil
	}
	return nil, fmt.Errorf("%.40q is neither yes nor no", text)
}

// appendEach makes an array of objects out of an array.
func (r *Rule) appendEach(to []byte, from place) ([]byte, bool, error) {
	n, ok := r.from.node(from)
	if !ok {
		return to, false, nil
	}
	to = append(to, '[')
	for i, element := range n.elements() {
		if i > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = appendObject(to, r.each, place{element, from.line, from.file}, ""); err != nil {
			return nil, false, err
		}
	}
	return append(to, ']'), true, nil
}

// appendSum adds up products exactly.
func (r *Rule) appendSum(to []byte, from place) ([]byte, bool, error) {
	n, ok := r.from.node(from)
	if !ok {
		return to, false, nil
	}
	sum := new(big.Rat)
	for _, element := range n.elements() {
		product := big.NewRat(1, 1)
		for _, t := range r.sum {
			text, ok := t.text(place{element, from.line, from.file})
			if !ok {
				text = "0"
			}
			factor, err := decimal(text)
			if err != nil {
				return nil, false, err
			}
			product.Mul(product, factor)
		}
		sum.Add(sum, product)
	}
	if r.spec.Abs {
		sum.Abs(sum)
	}
	return appendDecimal(to, sum), true, nil
}

// appendAuto writes numbers and truth values of texts as such, in rows also one level down.
func appendAuto(to []byte, n node) ([]byte, error) {
	r, ok := n.(row)
	if g, grouped := n.(group); grouped {
		r, ok = g.row, true
	}
	if !ok {
		return appendGuess(to, n)
	}
	to = append(to, '{')
	open := len(to)
	var err error
	for i, name := range r.header.names {
		if i >= len(r.cells) || r.cells[i] == "" {
			continue
		}
		if len(to) > open {
			to = append(to, ',')
		}
		if to, err = jsontext.AppendQuote(to, name); err != nil {
			return nil, err //nolint:wrapcheck // the caller names the line
		}
		if to, err = appendGuess(append(to, ':'), cell(r.cells[i])); err != nil {
			return nil, err
		}
	}
	return append(to, '}'), nil
}

func appendGuess(to []byte, n node) ([]byte, error) {
	text, ok := n.text()
	if c, plain := n.(cell); plain && ok && literal(string(c)) {
		return append(to, text...), nil
	}
	return n.appendJSON(to)
}

// literal reports whether a text can stand in JSON as it is. A number with a leading zero or plus is a text: a
// post code, a phone number.
func literal(text string) bool {
	v := jsontext.Value(text)
	switch {
	case text == "true" || text == "false":
		return true
	case strings.IndexByte("-0123456789[{", text[0]) < 0:
		return false
	}
	return v.IsValid() && strings.TrimSpace(text) == text
}

// unixLayouts read times that are numbers.
var unixLayouts = []string{"unix", "unixms"}

// parseTime reads a time by the first layout that fits; without layouts, RFC 3339 and the usual forms.
func parseTime(text string, layouts []string, zone *time.Location) (time.Time, error) {
	if len(layouts) == 0 {
		layouts = usualLayouts
	}
	for _, layout := range layouts {
		if slices.Contains(unixLayouts, layout) {
			if at, ok := unix(text, layout); ok {
				return at, nil
			}
			continue
		}
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is not a time like %q", text, layouts[0])
}

var usualLayouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "2006.01.02 15:04:05", "2006.01.02", "2006. 1. 2.",
}

func unix(text, layout string) (time.Time, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	if layout == "unix" {
		return time.Unix(n, 0).UTC(), true
	}
	return time.UnixMilli(n).UTC(), true
}
