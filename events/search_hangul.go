package events

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// The Unicode Hangul syllables are laid out as (initial × 21 + vowel) × 28 + final.
const (
	firstSyllable = '가'
	lastSyllable  = '힣'
	vowels        = 21
	finals        = 28
)

// initialJamo are the letters that can begin a syllable, in Unicode order.
var initialJamo = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

// vowelKeys and finalKeys are the keystrokes that write a vowel or a final, in Unicode order. A keyboard writes 과 as
// ㄱㅗㅏ and 값 as ㄱㅏㅂㅅ; spelled like that, each state of a syllable being typed is a prefix of the next.
var (
	vowelKeys = strings.Split("ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ", " ")
	finalKeys = strings.Split(" ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ", " ")
)

// looseKeys are the keystrokes of the compound letters when they stand alone.
var looseKeys = map[rune]string{
	'ㄳ': "ㄱㅅ", 'ㄵ': "ㄴㅈ", 'ㄶ': "ㄴㅎ", 'ㄺ': "ㄹㄱ", 'ㄻ': "ㄹㅁ", 'ㄼ': "ㄹㅂ", 'ㄽ': "ㄹㅅ", 'ㄾ': "ㄹㅌ", 'ㄿ': "ㄹㅍ", 'ㅀ': "ㄹㅎ", 'ㅄ': "ㅂㅅ",
	'ㅘ': "ㅗㅏ", 'ㅙ': "ㅗㅐ", 'ㅚ': "ㅗㅣ", 'ㅝ': "ㅜㅓ", 'ㅞ': "ㅜㅔ", 'ㅟ': "ㅜㅣ", 'ㅢ': "ㅡㅣ",
}

func isSyllable(r rune) bool { return r >= firstSyllable && r <= lastSyllable }

// isLooseConsonant reports whether r is a Hangul consonant that stands alone, as in 초성.
func isLooseConsonant(r rune) bool { return r >= 'ㄱ' && r <= 'ㅎ' }

// initialOf returns the first consonant of a syllable.
func initialOf(syllable rune) rune { return initialJamo[(syllable-firstSyllable)/(vowels*finals)] }

// writeKeys writes r in search letters.
func writeKeys(b *strings.Builder, r rune) {
	switch keys, compound := looseKeys[r]; {
	case isSyllable(r):
		i := r - firstSyllable
		b.WriteRune(initialOf(r))
		b.WriteString(vowelKeys[i/finals%vowels])
		b.WriteString(finalKeys[i%finals])
	case compound:
		b.WriteString(keys)
	default:
		b.WriteRune(r)
	}
}

// searchText brings text into composed, narrow, lower-case, accent-less letters and bounds it.
func searchText(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range norm.NFC.String(width.Fold.String(strings.ToValidUTF8(bounded(text), " "))) {
		if n++; n > maxSearchRunes {
			break
		}
		if r = searchRune(r); r != 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// bounded cuts off what cannot take part in search, with room for decomposed letters.
func bounded(text string) string { return text[:min(len(text), 16*maxSearchRunes)] }

// searchRune folds one letter; 0 leaves it out.
func searchRune(r rune) rune {
	switch {
	case r < 0x80 || isSyllable(r):
		return unicode.ToLower(r)
	case r >= 'ᄀ' && r <= 'ᇿ':
		return looseJamo(r)
	case unicode.Is(unicode.Mn, r) || isInvisible(r):
		return 0
	case unicode.Is(unicode.Latin, r):
		for _, base := range norm.NFD.String(string(r)) {
			return unicode.ToLower(base)
		}
	}
	return unicode.ToLower(r)
}

// looseJamo turns a conjoining letter that found no syllable to join (decomposed input, half-typed) into the same
// letter standing alone.
func looseJamo(r rune) rune {
	switch {
	case r <= 'ᄒ':
		return initialJamo[r-'ᄀ']
	case r >= 'ᅡ' && r <= 'ᅵ':
		return 'ㅏ' + r - 'ᅡ'
	case r >= 'ᆨ' && r <= 'ᇂ':
		return finalJamo[r-'ᆨ']
	}
	return 0
}

// finalJamo are the letters that can end a syllable, in Unicode order.
var finalJamo = []rune("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
