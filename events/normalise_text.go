package events

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// isPlainASCII reports whether s is non-empty printable ASCII without a space at either end: already normal.
func isPlainASCII(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func hasDoubleSpace(s string) bool { return strings.Contains(s, "  ") }

// foldText trims s, folds full-width ASCII to ASCII and composes it (NFC).
func foldText(s string) string {
	return trim(norm.NFC.String(strings.Map(foldWidth, trim(s))))
}

// foldWidth maps the full-width forms of ASCII, which East Asian keyboards and exports produce, to ASCII. NFKC
// would do more than that: it also folds ligatures, circled digits and mathematical letters.
func foldWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	}
	return r
}

// trim cuts white space, control and invisible characters (a BOM, a zero-width space) off both ends.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) })
}

// isInvisible reports whether r has no glyph of its own: control and format characters, line and paragraph
// separators, and the Hangul fillers.
func isInvisible(r rune) bool {
	switch r {
	case '\u2028', '\u2029', '\u115f', '\u1160', '\u3164', '\uffa0', '\u034f':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func hasInvisible(s string) bool { return strings.IndexFunc(s, isInvisible) >= 0 }

// cleanName is Name without its fast path.
func cleanName(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, string(utf8.RuneError))) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			gap = true
		case isInvisible(r) && !isJoiner(r):
		default:
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// isJoiner reports whether r is the zero-width joiner or non-joiner, which Persian and Indic spelling needs.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }
