package events

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Search works by terms and prefixes: a read model stores the terms of a value, a reader turns what somebody
// typed into a query, and the value matches when the query is a prefix of one of its terms. Both sides are pure
// functions, so an index range scan is all a store has to offer.

const (
	// maxSearchRunes is how much of a name or query takes part in search.
	maxSearchRunes = 40
	// maxNameTerms bounds what one name costs a read model.
	maxNameTerms = 24
	minInitials  = 2
)

// NameTerms returns what a read model stores for a name, without repeats, at most 24.
//
// A term is the name in search letters: Hangul as the keystrokes that write it (김 = ㄱㅣㅁ), so that a half-typed
// syllable is a prefix of the finished one; Latin in lower case without accents; no spaces or punctuation. There is a
// term from each place where somebody may begin to type: every word (the words before it follow at the end, so
// that "kim seoyeon" finds Seo-yeon Kim), and every syllable of a Hangul or Han word ("서연" finds 김서연). The 초성 follow,
// from every syllable but the last ("ㄱㅅㅇ", "ㅅㅇ").
func NameTerms(name string) []string {
	words := searchWords(name)
	var terms []string
	for i := range words {
		rotated := join(words[i:]) + join(words[:i])
		terms = append(terms, rotated)
		for _, at := range words[i].starts {
			terms = append(terms, rotated[at:])
		}
	}
	initials := initialsOf(words)
	for utf8.RuneCountInString(initials) >= minInitials {
		terms = append(terms, initials)
		_, size := utf8.DecodeRuneInString(initials)
		initials = initials[size:]
	}
	return firstDistinct(terms, maxNameTerms)
}

// NameQuery returns the prefix to look for among NameTerms, "" if q holds nothing to search by. It takes half-typed
// syllables ("김서여", "김서ㅇ", and "김성" on the way to 김서연), 초성 ("ㄱㅅㅇ", also as the "ㄳㅇ" that keyboards make of it), decomposed
// input (NFD) and Latin in any case. Of several loose consonants after a syllable ("김ㅅㅇ") only the first counts.
func NameQuery(q string) string { return join(searchWords(cutLoose(q))) }

// cutLoose cuts q after the first of two loose consonants that follow a whole syllable.
func cutLoose(q string) string {
	runes := []rune(splitLoose(searchText(q)))
	syllable, loose := false, 0
	for i, r := range runes {
		switch {
		case isSyllable(r):
			syllable, loose = true, 0
		case isLooseConsonant(r) && syllable:
			if loose++; loose > 1 {
				return string(runes[:i])
			}
		default:
			syllable = false
		}
	}
	return string(runes)
}

// splitLoose takes loose compound letters apart.
func splitLoose(text string) string {
	var b strings.Builder
	for _, r := range text {
		if keys, compound := looseKeys[r]; compound {
			b.WriteString(keys)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// firstDistinct returns the first n different strings of s, leaving out empty ones.
func firstDistinct(s []string, n int) []string {
	var out []string
	for _, term := range s {
		if term != "" && !slices.Contains(out, term) && len(out) < n {
			out = append(out, term)
		}
	}
	return out
}

// searchWord is one word in search letters.
type searchWord struct {
	letters string
	// starts are the places inside letters, after the first, where a syllable begins.
	starts []int
	// initials are the first consonants of its Hangul syllables.
	initials string
}

func join(words []searchWord) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.letters)
	}
	return b.String()
}

func initialsOf(words []searchWord) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.initials)
	}
	return b.String()
}

// searchWords splits text at everything that is neither a letter nor a digit.
func searchWords(text string) []searchWord {
	fields := strings.FieldsFunc(searchText(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	words := make([]searchWord, len(fields))
	for i, field := range fields {
		words[i] = spell(field)
	}
	return words
}

// spell writes a word in search letters.
func spell(field string) searchWord {
	var b, initials strings.Builder
	w := searchWord{}
	for _, r := range field {
		if b.Len() > 0 && (isSyllable(r) || unicode.Is(unicode.Han, r)) {
			w.starts = append(w.starts, b.Len())
		}
		if isSyllable(r) {
			initials.WriteRune(initialOf(r))
		}
		writeKeys(&b, r)
	}
	w.letters, w.initials = b.String(), initials.String()
	return w
}
