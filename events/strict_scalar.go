package events

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

func (c *checker) literal(word string) (fault string) {
	if len(c.raw)-c.pos < len(word) {
		return c.shortLiteral(word)
	}
	if string(c.raw[c.pos:c.pos+len(word)]) != word {
		return badLiteral
	}
	c.pos += len(word)
	return ""
}

func (c *checker) shortLiteral(word string) string {
	if rest := string(c.raw[c.pos:]); rest == word[:len(rest)] {
		return cutShort
	}
	return badLiteral
}

// number checks a number by the grammar of RFC 8259.
func (c *checker) number() (fault string) {
	i, raw := c.pos, c.raw
	if raw[i] == '-' {
		i++
	}
	whole := digitsAt(raw, i)
	if whole == 0 || whole > 1 && raw[i] == '0' {
		if i == c.pos && whole == 0 {
			return badLiteral
		}
		return badNumber
	}
	i += whole
	if i < len(raw) && raw[i] == '.' {
		n := digitsAt(raw, i+1)
		if n == 0 {
			return badNumber
		}
		i += 1 + n
	}
	if i < len(raw) && raw[i]|0x20 == 'e' {
		i++
		if i < len(raw) && (raw[i] == '+' || raw[i] == '-') {
			i++
		}
		n := digitsAt(raw, i)
		if n == 0 {
			return badNumber
		}
		i += n
	}
	c.pos = i
	return ""
}

// digitsAt counts the digits at i.
func digitsAt(raw []byte, i int) int {
	n := 0
	for i+n < len(raw) && raw[i+n]-'0' <= 9 {
		n++
	}
	return n
}

// name checks the key at pos and returns a hash of it that ignores case.
func (c *checker) name() (hash uint64, fault string) {
	from := c.pos + 1
	hash = hashStart
	for i := from; i < len(c.raw); i++ {
		b := c.raw[i]
		if b == '"' {
			c.pos = i + 1
			return hash, ""
		}
		if b < ' ' || b == '\\' || b >= utf8.RuneSelf {
			break
		}
		hash = (hash ^ uint64(b|0x20)) * hashPrime
	}
	if fault := c.text(); fault != "" {
		return 0, fault
	}
	return foldedHash(unquoted(c.raw[from-1:])), ""
}

// FNV-1a.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

// foldedHash is equal for names that differ only in case. (It is equal for some others too; unique looks closer.)
func foldedHash(name []byte) uint64 {
	hash := uint64(hashStart)
	for _, r := range string(name) {
		hash = (hash ^ uint64(foldRune(r)|0x20)) * hashPrime //nolint:gosec // runes are not negative
	}
	return hash
}

// text checks the string at pos and moves behind it.
func (c *checker) text() (fault string) {
	raw := c.raw
	for i := c.pos + 1; ; {
		i += plainPrefix(raw[i:])
		if i >= len(raw) {
			return cutShort
		}
		switch b := raw[i]; {
		case b == '"':
			c.pos = i + 1
			return ""
		case b == '\\':
			n, fault := escapeAt(raw[i:])
			if fault != "" {
				return fault
			}
			i += n
		case b >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 {
				return badUTF8
			}
			i += n
		case b == 0:
			return hasNUL
		case b < ' ':
			return badControl
		default:
			i++
		}
	}
}

const (
	eachByte = 0x0101010101010101
	topBits  = 0x8080808080808080
)

// plainPrefix counts the bytes at the beginning of s, in steps of eight, that are ASCII and neither control
// characters, quotes nor backslashes.
func plainPrefix(s []byte) int {
	n := 0
	for ; n+8 <= len(s); n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		quote, slash := w^(eachByte*'"'), w^(eachByte*'\\')
		special := (w | (w - eachByte*' ') | (quote - eachByte) | (slash - eachByte)) & topBits
		if special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

// escapeAt checks the escape at the beginning of s and returns its length.
func escapeAt(s []byte) (n int, fault string) {
	if len(s) < 2 {
		return 0, cutShort
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
		return unicodeEscapeAt(s)
	}
	return 0, badEscape
}

func unicodeEscapeAt(s []byte) (n int, fault string) {
	if len(s) < 6 {
		return 0, cutShort
	}
	switch r, ok := hex4(s[2:6]); {
	case !ok:
		return 0, badEscape
	case r == 0:
		return 0, hasNUL
	case r < 0xd800 || r > 0xdfff:
		return 6, ""
	case r > 0xdbff || len(s) < 12 || s[6] != '\\' || s[7] != 'u':
		return 0, loneSurrogate
	}
	if low, ok := hex4(s[8:12]); !ok || low < 0xdc00 || low > 0xdfff {
		return 0, loneSurrogate
	}
	return 12, ""
}

func hex4(s []byte) (rune, bool) {
	v, err := strconv.ParseUint(string(s), 16, 16)
	return rune(v), err == nil
}
