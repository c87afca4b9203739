package pgstore

import (
	"strings"
	"unicode/utf8"
)

// PostgreSQL's text takes neither NUL nor broken UTF-8. So a NUL is kept as \x01\x01, a \x01 as \x01\x02, and a byte that
// is no UTF-8 as \x01\x03 with its two halves as letters, which is how to read such a text in SQL. The order of bytes
// stays for all texts that are UTF-8; what is not sorts after \x01.
const (
	mark      = '\x01'
	isNul     = '\x01'
	isMark    = '\x02'
	isBroken  = '\x03'
	firstHalf = 'a' // halves are a to p
)

// escape returns a text that PostgreSQL takes.
func escape(s string) string {
	if strings.IndexByte(s, 0) < 0 && strings.IndexByte(s, mark) < 0 && utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == 0:
			b = append(b, mark, isNul)
		case r == mark:
			b = append(b, mark, isMark)
		case r == utf8.RuneError && n == 1:
			b = append(b, mark, isBroken, firstHalf+(s[0]>>4), firstHalf+(s[0]&15))
		default:
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return string(b)
}

// unescape returns what escape was given.
func unescape(b []byte) string {
	s := string(b)
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != mark || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		switch {
		case s[i] == isNul:
			out = append(out, 0)
		case s[i] == isBroken && i+2 < len(s):
			out = append(out, (s[i+1]-firstHalf)<<4|(s[i+2]-firstHalf))
			i += 2
		default:
			out = append(out, mark)
		}
	}
	return string(out)
}
