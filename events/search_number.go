package events

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

const (
	minPhoneQuery = 3
	localDigits   = 8
	minRefQuery   = 3
	maxRef        = 64
	// tail marks a reversed term, so that a forward query never meets it.
	tail = "~"
)

// PhoneTerms returns what a read model stores for a phone number in E.164: all its digits, the digits as dialled
// inside its country ("01048217730"), the last eight and the last four. Anything that is no E.164 number has no terms.
func PhoneTerms(e164 string) []string {
	number, _, _ := strings.Cut(e164, ";")
	digits, ok := strings.CutPrefix(number, "+")
	if !ok || len(digits) < minPhoneQuery || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	terms := []string{digits, national(number)}
	for _, n := range []int{localDigits, 4} {
		terms = append(terms, digits[max(0, len(digits)-n):])
	}
	return firstDistinct(terms, len(terms))
}

// national returns the digits somebody dials inside the number's country, "" if that is not known.
func national(e164 string) string {
	if local, korean := strings.CutPrefix(e164, "+82"); korean {
		if len(local) == len("15881234") && local[0] == '1' {
			return local
		}
		return "0" + local
	}
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return ""
	}
	region := phonenumbers.GetRegionCodeForNumber(number)
	return phonenumbers.GetNddPrefixForRegion(region, true) + phonenumbers.GetNationalSignificantNumber(number)
}

// PhoneQuery returns the digits to look for among PhoneTerms, and false if q is not part of a phone number: it holds
// something else than digits and phone punctuation, fewer than 3 digits or more than 15. "010-4821", "+82 10", "7730" and
// "4821-7730" all find +821048217730; so does the 0 that people leave after +82.
func PhoneQuery(q string) (string, bool) {
	if len(q) > maxRawPhone {
		return "", false
	}
	digits, international := "", false
	for i, r := range foldText(q) {
		switch {
		case r >= '0' && r <= '9':
			digits += string(r)
		case r == '+' && i == 0:
			international = true
		case !isPhonePunctuation(r):
			return "", false
		}
	}
	digits = dialled(digits, international)
	return digits, len(digits) >= minPhoneQuery && len(digits) <= maxPhoneDigits
}

// dialled takes off what people write around the country code: the 00 before it, the 0 after it. Up to eight
// digits without a + may be the inner part of a number, so they stay.
func dialled(digits string, international bool) string {
	if rest, ok := strings.CutPrefix(digits, "0082"); ok {
		digits, international = "82"+rest, true
	}
	if rest, ok := strings.CutPrefix(digits, "820"); ok && (international || len(digits) > localDigits) {
		return "82" + rest
	}
	return digits
}

func isPhonePunctuation(r rune) bool {
	return r == '(' || r == ')' || r == '.' || r == '/' || r == 'ー' || unicode.IsSpace(r) || unicode.Is(unicode.Dash, r)
}

// RefTerms returns what a read model stores for an order, case, loyalty or other reference number: its letters and
// digits in upper case, and the same backwards (marked), so that two terms let it be found by its beginning and by
// its end, however long.
func RefTerms(ref string) []string {
	folded := foldRef(ref)
	if folded == "" {
		return nil
	}
	return []string{folded, tail + reversed(folded)}
}

// RefQuery returns the prefixes to look for among RefTerms: a reference matches if either is a prefix of one of
// its terms. "ord-87950", "ORD879" and "7950" all find ORD-87950. There are none if q holds fewer than 3 letters or digits.
func RefQuery(q string) []string {
	folded := foldRef(q)
	if len([]rune(folded)) < minRefQuery {
		return nil
	}
	return []string{folded, tail + reversed(folded)}
}

// foldRef keeps the letters and digits of a reference, in upper case.
func foldRef(ref string) string {
	folded := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, foldText(strings.ToValidUTF8(ref[:min(len(ref), 4*maxRef)], "")))
	runes := []rune(folded)
	return string(runes[:min(len(runes), maxRef)])
}

func reversed(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}
