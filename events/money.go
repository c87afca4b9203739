package events

import (
	"fmt"
	"math"
	"strconv"
)

// Money is an amount in 1/10000 of a currency unit. Sums of Money are exact.
type Money int64

// moneyUnit is one whole currency unit.
const moneyUnit = 10000

// ParseMoney reads a JSON number, or a string that holds one, exactly to four decimal places; what is beyond is cut off.
// It reports false for anything else and for amounts beyond 9e14.
func ParseMoney(text string) (Money, bool) {
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	m, ok := parseDecimal(text)
	if !ok {
		return parseExponent(text, negative)
	}
	if negative {
		m = -m
	}
	return m, true
}

func parseDecimal(text string) (Money, bool) {
	var m Money
	seen, decimals := false, -1 // decimals is -1 before the point
	for _, c := range []byte(text) {
		switch {
		case c == '.' && decimals < 0 && seen:
			decimals = 0
		case c < '0' || c > '9' || m > 9e17:
			return 0, false
		case decimals >= 4: // beyond what we keep
		default:
			m, seen = m*10+Money(c-'0'), true
			if decimals >= 0 {
				decimals++
			}
		}
	}
	for decimals = max(decimals, 0); decimals < 4; decimals++ {
		if m > 9e17 {
			return 0, false
		}
		m *= 10
	}
	return m, seen
}

// parseExponent reads the rare "1e3"; whole units beyond 2^53 are refused as inexact.
func parseExponent(text string, negative bool) (Money, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 9e11 {
		return 0, false
	}
	m := Money(f*moneyUnit + 0.5)
	if negative {
		m = -m
	}
	return m, true
}

// Units returns the whole units, cut off towards zero.
func (m Money) Units() int64 { return int64(m / moneyUnit) }

// String returns the amount as a JSON decimal number without needless zeros: "4812000", "2.55".
func (m Money) String() string { return string(m.Append(nil)) }

// Append appends String to b.
func (m Money) Append(b []byte) []byte {
	if m < 0 {
		b, m = append(b, '-'), -m
	}
	b = strconv.AppendInt(b, int64(m/moneyUnit), 10)
	rest := int64(m % moneyUnit)
	if rest == 0 {
		return b
	}
	digits := strconv.AppendInt(nil, moneyUnit+rest, 10)[1:]
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(append(b, '.'), digits...)
}

// MarshalJSON writes the amount as a JSON number.
func (m Money) MarshalJSON() ([]byte, error) { return m.Append(nil), nil }

// UnmarshalJSON reads a JSON number, or a string that holds one.
func (m *Money) UnmarshalJSON(b []byte) error {
	v, ok := ParseMoney(string(b))
	if !ok {
		return fmt.Errorf("%.40q is not an amount of money; give a decimal number", b)
	}
	*m = v
	return nil
}
