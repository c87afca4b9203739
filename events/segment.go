package events

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	customPrefix = "custom."
	// maxCustom bounds the name of a custom type, in bytes.
	maxCustom = 100
	// wordLetters are what the parts of a type are made of.
	wordLetters = "abcdefghijklmnopqrstuvwxyz0123456789_"
)

// FromSegment returns the type of the event that a Segment or RudderStack track call names. known says that the name is
// one of Segment's own (e-commerce v2, its v1 spelling, mobile life cycle, e-mail); it is found in any case, and with
// spaces, underscores or hyphens between the words ("Order Completed", "order_completed", "Completed Order").
//
// Any other name is nobody's but the sender's: one that already is dotted and lower case ("call.ended") is taken as it is,
// everything else becomes custom.<name>, lower case with underscores ("Song Played" is custom.song_played). Names of
// decisions (identity.…, clock.…) are custom too: a track call cannot decide anything.
func FromSegment(event string) (typ string, known bool) {
	var room [64]byte
	if folded := appendFolded(room[:0], event); folded != nil {
		if typ, known := segmentTypes[string(folded)]; known {
			return typ, true
		}
	}
	if isDotted(event) && !strings.HasPrefix(event, "identity.") && !strings.HasPrefix(event, "clock.") {
		return event, false
	}
	return customPrefix + snake(event), false
}

// appendFolded appends the words of an ASCII name in lower case with single spaces between them; nil if name holds
// anything else, or is too long to be in the table.
func appendFolded(dst []byte, name string) []byte {
	for i := range len(name) {
		c := name[i]
		switch {
		case len(dst) == cap(dst) || c >= utf8.RuneSelf:
			return nil
		case c == ' ' || c == '_' || c == '-':
			if len(dst) > 0 && dst[len(dst)-1] != ' ' {
				dst = append(dst, ' ')
			}
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c|0x20)
		default:
			dst = append(dst, c)
		}
	}
	if n := len(dst); n > 0 && dst[n-1] == ' ' {
		dst = dst[:n-1]
	}
	return dst
}

// isDotted reports whether name already is a type: two or more parts of a-z, 0-9 and _ with dots between them.
func isDotted(name string) bool {
	if len(name) > maxCustom || !strings.Contains(name, ".") {
		return false
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || part[0] < 'a' || part[0] > 'z' || strings.Trim(part, wordLetters) != "" {
			return false
		}
	}
	return true
}

// snake returns the letters and digits of name in lower case, with one underscore for everything between them.
func snake(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range foldText(strings.ToValidUTF8(name[:min(len(name), 4*maxCustom)], "")) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) {
			gap = b.Len() > 0
			continue
		}
		if b.Len()+utf8.RuneLen(r)+1 > maxCustom {
			break
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if b.Len() == 0 {
		return "unnamed"
	}
	return b.String()
}
