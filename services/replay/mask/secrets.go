package mask

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// secrets are the texts that were masked in one event.
type secrets []string

// shortest is how long a secret is at least, in letters of ASCII: a shorter one is in every other word.
const shortest = 4

// longest is up to how many digits a number alone is none: it may be a year.
const longest = 5

func (s *secrets) add(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(text) >= shortest && utf8.RuneCountInString(text) > 1 && (len(text) > longest || strings.Trim(text, "0123456789") != "") {
		*s = append(*s, text)
	}
}

func (s *secrets) in(text string) bool {
	text = strings.ToLower(text)
	for _, x := range *s {
		if strings.Contains(text, x) {
			return true
		}
	}
	return false
}

// scrub masks the texts that hold a secret of the same event.
func (w *walk) scrub(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			v[name] = w.scrub(x)
		}
	case []any:
		for i, x := range v {
			v[i] = w.scrub(x)
		}
	case string:
		if w.secrets.in(v) {
			return masked
		}
	}
	return v
}

// longNumber is from how many digits on a number may reach or name somebody.
const longNumber = 7

// tells reports whether a text holds an e-mail address or a long number, however it is written, and is no time.
func tells(text string) bool {
	if strings.Contains(text, "@") {
		return true
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if _, err := time.Parse(layout, text); err == nil {
			return false
		}
	}
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if digits++; digits >= longNumber {
				return true
			}
		case !strings.ContainsRune(" -.()+/", r):
			digits = 0
		}
	}
	return false
}
