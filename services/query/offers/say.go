package offers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
)

// say puts names in the place of article numbers in a text, where there are names.
func (c *Counts) say(t events.Text, skus ...string) events.Text {
	skus = slices.DeleteFunc(slices.Clone(skus), func(sku string) bool { return sku == "" || c.names[sku] == "" })
	if len(skus) == 0 {
		return t
	}
	slices.SortFunc(skus, func(a, b string) int { return len(b) - len(a) })
	return events.Text{Ko: c.named(t.Ko, skus), En: c.named(t.En, skus)}
}

// named replaces the article numbers, the longest first, where they stand alone.
func (c *Counts) named(text string, skus []string) string {
	var b strings.Builder
	done := 0
	for at := 0; at < len(text); {
		n := slices.IndexFunc(skus, func(sku string) bool { return text[at] == sku[0] && stands(text, at, sku) })
		if n < 0 {
			at++
			continue
		}
		b.WriteString(text[done:at])
		b.WriteString(c.names[skus[n]])
		at += len(skus[n])
		done = at
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// stands reports whether a word stands at a place of a text, and is no part of a longer one.
func stands(text string, at int, word string) bool {
	if !strings.HasPrefix(text[at:], word) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at+len(word):])
	return !inWord(before) && !inWord(after)
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}
